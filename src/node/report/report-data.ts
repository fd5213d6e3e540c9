import type { IdxDataset } from "../../mnist/idx-dataset.js";
import type { Sequential } from "../../model/sequential.js";
import type { TestResult } from "../../model/test-model.js";
import type { RunMetrics } from "../run-metrics.js";

/** What a report tells of. */
export interface ReportData {
  /** The network, trained. */
  readonly model: Sequential;
  /** How it was trained. */
  readonly metrics: RunMetrics;
  /** The images it was tested on. */
  readonly test: IdxDataset;
  /** How it did on them; see `testModel`. */
  readonly result: TestResult;
}
