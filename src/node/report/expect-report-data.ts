import { ConfusionMatrix } from "../../model/metrics.js";
import { expectSequential, type Sequential } from "../../model/sequential.js";
import type { TestResult } from "../../model/test-model.js";
import { ShapeError } from "../../tensor/errors.js";
import { expectInteger, refuse } from "../../tensor/expect.js";
import { formatShape } from "../../tensor/shape.js";
import { expectByteDataset } from "../expect-dataset.js";
import { countOf, formatCount } from "../numbers.js";
import { expectMetrics } from "../run-metrics.js";
import type { ReportData } from "./report-data.js";

/**
 * Checks what a report is to tell of, and that its parts belong together.
 *
 * @throws TypeError, RangeError, ShapeError or Error that names the part.
 */
export function expectReportData(where: string, data: ReportData): void {
  if (typeof data !== "object" || data === null) {
    refuse(where, "data", "{ model, metrics, test, result }", data);
  }
  const { model, metrics, test, result } = data;
  expectSequential(where, model);
  expectMetrics(
    { where: `${where} (metrics)`, remedy: "readRunMetrics gives those of a training." },
    metrics,
  );
  const classes = expectClassifier(where, model);
  const n = expectByteDataset(`${where} (test)`, test, model);
  expectResult(`${where} (result)`, result);
  if (result.images !== n) {
    throw new ShapeError(
      `${where}: expected the result of ${countOf(n, "test image")}, got that of ${formatCount(result.images)}. Give the images that testModel was given.`,
    );
  }
  expectClasses(`${where} (result)`, result, classes);
  expectMistakes(`${where} (result)`, result, { n, classes });
}

/** Checks that a model takes grey images, and returns how many classes it tells apart. */
function expectClassifier(where: string, { inputShape, outputShape }: Sequential): number {
  const [, , channels] = inputShape;
  if (inputShape.length !== 3 || channels !== 1) {
    throw new ShapeError(
      `${where}: expected a model of grey images [H, W, 1], got one of ${formatShape(inputShape)}.`,
    );
  }
  const [classes] = outputShape;
  if (outputShape.length !== 1) {
    throw new ShapeError(
      `${where}: expected a model that gives a row of classes [K], got one that gives ${formatShape(outputShape)}.`,
    );
  }
  return classes!;
}

/** Checks that something looks like what `testModel` returns. */
function expectResult(where: string, result: TestResult): void {
  if (typeof result !== "object" || result === null) refuse(where, "result", "that of testModel", result);
  for (const figure of ["images", "loss", "accuracy", "calibrationError"] as const) {
    // a model that has learnt NaN has a loss of NaN
    if (typeof result[figure] !== "number") refuse(where, figure, "a number", result[figure]);
  }
}

function expectClasses(where: string, { confusion }: TestResult, classes: number): void {
  if (!(confusion instanceof ConfusionMatrix)) refuse(where, "confusion", "a ConfusionMatrix", confusion);
  const { length } = confusion.counts;
  if (length !== classes) {
    throw new ShapeError(
      `${where}: expected confusion to have a row for each of ${countOf(classes, "output")} of the model, got ${length}.`,
    );
  }
}

function expectMistakes(
  where: string,
  { mistakes }: TestResult,
  { n, classes }: { readonly n: number; readonly classes: number },
): void {
  if (!Array.isArray(mistakes)) refuse(where, "mistakes", "a list", mistakes);
  if (mistakes.length > n) {
    throw new ShapeError(
      `${where}: expected at most ${n} mistakes, as there are images, got ${mistakes.length}.`,
    );
  }
  for (const [i, mistake] of mistakes.entries()) {
    const name = `mistakes[${i}]`;
    if (typeof mistake !== "object" || mistake === null) {
      refuse(where, name, "{ index, label, predicted }", mistake);
    }
    expectInteger(where, `${name}.index`, mistake.index, { min: 0, below: n });
    expectInteger(where, `${name}.label`, mistake.label, { min: 0, below: classes });
    expectInteger(where, `${name}.predicted`, mistake.predicted, { min: 0, below: classes });
  }
}
