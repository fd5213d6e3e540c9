import { join } from "node:path";
import { DIGIT_PIXELS, DIGIT_SIZE } from "../mnist/digit-csv.js";
import { type DigitRow, formatDigitCsv } from "../mnist/digit-csv-write.js";
import type { IdxDataset } from "../mnist/idx-dataset.js";
import { expectSignal } from "../model/signal.js";
import { ShapeError } from "../tensor/errors.js";
import { expectInteger, expectOptions, refuse } from "../tensor/expect.js";
import { Random } from "../tensor/random.js";
import { expectValidShape } from "../tensor/shape.js";
import { expectByteDataset } from "./expect-dataset.js";
import { expectFolder } from "./expect-path.js";
import type { MnistData } from "./mnist-folder.js";
import { prepareOutputFolder } from "./output-folder.js";
import { writeSubmission } from "./submission.js";
import { writeFileAtomically } from "./write-file.js";

/** Options of `exportKaggleCsv`. */
export interface ExportOptions {
  /** Seed of the order of the images. @default 0 */
  readonly seed?: number;
  /** Ends writing with the signal's reason; the file begun last is not left behind. @default none */
  readonly signal?: AbortSignal | undefined;
}

/** What `exportKaggleCsv` has written. */
export interface KaggleCsv {
  /** The path of train.csv. */
  readonly train: string;
  /** The path of test.csv. */
  readonly test: string;
  /** The path of answers.csv. */
  readonly answers: string;
  /** How many images are in train.csv. */
  readonly trainImages: number;
  /** How many images are in test.csv. */
  readonly testImages: number;
}

/**
 * Makes of MNIST the files of a competition such as Kaggle's Digit Recognizer. All images, those for training and
 * those for testing, are shuffled together; the first 60 % of them (42,000 of 70,000) go into train.csv and the
 * others into test.csv, without their labels, which go into answers.csv.
 *
 * @param folder It is created if it is not there; the files in it are replaced.
 * @throws ShapeError if the images are not 28 x 28, or there is not a label for each; RangeError if a label is not 0 to 9,
 * or the seed is no whole number; TypeError if images or labels are tensors; Error if a file cannot be written.
 */
export async function exportKaggleCsv(
  folder: string,
  data: MnistData,
  options: ExportOptions = {},
): Promise<KaggleCsv> {
  const where = "exportKaggleCsv";
  expectFolder(where, folder);
  const { seed = 0, signal } = expectOptions(where, options);
  expectInteger(where, "seed", seed, { min: 0 });
  expectSignal(where, signal);
  if (typeof data !== "object" || data === null) refuse(where, "data", "{ train, test }", data);
  const { train, test } = data;
  expectDigits("train", train);
  expectDigits("test", test);
  const total = train.labels.length + test.labels.length;
  const order = new Random(seed).permutation(total);
  const trainImages = Math.floor((3 * total) / 5); // in whole numbers, so that 60 % is not rounded

  const indices = {
    train: order.subarray(0, trainImages),
    test: order.subarray(trainImages),
  };
  function* rows(part: keyof typeof indices): Generator<DigitRow> {
    for (const index of indices[part]) {
      signal?.throwIfAborted();
      yield index < train.labels.length ? rowOf(train, index) : rowOf(test, index - train.labels.length);
    }
  }

  await prepareOutputFolder(folder, ["train.csv", "test.csv", "answers.csv"]);
  const paths = {
    train: join(folder, "train.csv"),
    test: join(folder, "test.csv"),
    answers: join(folder, "answers.csv"),
  };
  await writeFileAtomically(paths.train, formatDigitCsv(rows("train"), "train"));
  await writeFileAtomically(paths.test, formatDigitCsv(rows("test"), "test"));
  await writeSubmission(
    paths.answers,
    Array.from(rows("test"), ({ label }) => label),
  );
  return { ...paths, trainImages, testImages: total - trainImages };
}

/** Checks that a dataset is images of digits, each with its label. */
function expectDigits(part: string, data: IdxDataset): void {
  const where = `exportKaggleCsv (${part})`;
  const shape = data?.images?.shape;
  if (Array.isArray(shape)) {
    expectValidShape(where, shape);
    const [, height, width] = shape;
    if (height !== DIGIT_SIZE || width !== DIGIT_SIZE) {
      throw new ShapeError(
        `${where}: expected images of ${DIGIT_SIZE} x ${DIGIT_SIZE}, got ${height} x ${width}.`,
      );
    }
  }
  expectByteDataset(where, data, { inputShape: [DIGIT_SIZE, DIGIT_SIZE, 1], outputShape: [10] });
}

function rowOf({ images, labels }: IdxDataset, index: number): DigitRow {
  const start = index * DIGIT_PIXELS;
  return { label: labels[index]!, pixels: images.data.subarray(start, start + DIGIT_PIXELS) };
}
