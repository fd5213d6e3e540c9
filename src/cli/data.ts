import { stat } from "node:fs/promises";
import type { IdxDataset } from "../mnist/idx-dataset.js";
import { splitDataset } from "../mnist/split-dataset.js";
import { readTrainCsv } from "../node/digit-csv.js";
import { readMnistFolder } from "../node/mnist-folder.js";
import { findMnistData } from "../node/mnist-package.js";
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
  const limited = firstImages(all, limit);
  if (validationSplit === undefined) return { train: limited, validation: undefined, test, holdout };
  const { rest: train, taken: validation } = splitDataset(limited, validationSplit);
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
    const { rest: train, taken: test } = splitDataset(whole, share, { random: new Random(seed) });
    return { train, test, holdout: share };
  }
  const folder = data ?? findMnistData();
  if (holdout !== undefined) {
    throw new UsageError(
      `--holdout: expected a train.csv to hold images out of, got ${folder}, which has test images.`,
    );
  }
  const { train, test } = await readMnistFolder(folder, { official: data === undefined });
  const [, height, width] = train.images.shape;
  if (height !== 28 || width !== 28) {
    throw new ShapeError(
      `${folder}: expected images of 28 x 28 pixels, as the networks take them, got ${height} x ${width}.`,
    );
  }
  return { train, test, holdout: undefined };
}

/**
 * Images to test with that a run has not chosen itself: the test images of a folder of IDX files, or all of a train.csv.
 *
 * @throws as `readTrainingData`.
 */
export async function readTestData(data: string, signal?: AbortSignal): Promise<IdxDataset> {
  if (await isTable(data)) return readTrainCsv(data, { signal });
  return (await readMnistFolder(data)).test;
}

/** True for a file, which is taken for a table; what is not there at all is left to those who look for a folder. */
async function isTable(data: string): Promise<boolean> {
  if (/\.csv(\.gz)?$/i.test(data)) return true;
  return stat(data).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** The first images of a dataset, all if there are not so many. */
function firstImages({ images, labels }: IdxDataset, limit: number): IdxDataset {
  const [n, height, width, channels] = images.shape;
  const kept = Math.min(n, limit);
  const data = images.data.subarray(0, kept * height * width * channels);
  return { images: { data, shape: [kept, height, width, channels] }, labels: labels.subarray(0, kept) };
}
