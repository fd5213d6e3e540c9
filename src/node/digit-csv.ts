import { DIGIT_PIXELS, DigitRows, type DigitTable, digitColumns } from "../mnist/digit-csv.js";
import { PlainDigitReader } from "../mnist/digit-csv-plain.js";
import type { IdxImages } from "../mnist/idx.js";
import type { IdxDataset } from "../mnist/idx-dataset.js";
import { expectSignal } from "../model/signal.js";
import { expectOptions } from "../tensor/expect.js";
import type { LinesBefore } from "./csv-lines.js";
import { type CsvFormat, csvRows, numberInCell, type ReadOptions } from "./csv-rows.js";
import { expectFilePath } from "./expect-path.js";
import { fileChunks } from "./file-chunks.js";

/**
 * Reads a table of digits with their labels, as the train.csv of Kaggle's Digit Recognizer: the columns `label` and
 * `pixel0` to `pixel783`, then an image of 28 x 28 a row. The file may be plain or gzipped.
 *
 * @returns The images, [N, 28, 28, 1] with values 0 to 255, and the N labels 0 to 9.
 * @throws Error if the file cannot be read, or is not such a table. It names the row, counted from 1 below the
 * header, and the column: `train.csv, row 12 (line 13), column pixel17: expected a whole number from 0 to 255, got "256".`
 */
export async function readTrainCsv(path: string, options: ReadOptions = {}): Promise<IdxDataset> {
  expectFilePath("readTrainCsv", path);
  const { signal } = expectOptions("readTrainCsv", options);
  expectSignal("readTrainCsv", signal);
  const rows = await readDigits(fileChunks(path, signal), path, "train");
  return { images: rows.images(), labels: rows.labels() };
}

/**
 * Reads a table of digits without labels, as the test.csv of Kaggle's Digit Recognizer: the columns `pixel0` to
 * `pixel783`, and otherwise as `readTrainCsv`.
 *
 * @returns The images, [N, 28, 28, 1] with values 0 to 255.
 */
export async function readTestCsv(path: string, options: ReadOptions = {}): Promise<IdxImages> {
  expectFilePath("readTestCsv", path);
  const { signal } = expectOptions("readTestCsv", options);
  expectSignal("readTestCsv", signal);
  const rows = await readDigits(fileChunks(path, signal), path, "test");
  return rows.images();
}

/**
 * Reads a table of digits from its bytes: what is plain by `PlainDigitReader`, and from the first other line on by
 * `readAnyDigits`. The result, or the error, is that of `readAnyDigits` alone; it comes sooner.
 *
 * @param where The name of the file in error messages.
 */
export async function readDigits(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
  table: DigitTable,
): Promise<DigitRows> {
  const reader = new PlainDigitReader(new DigitRows(where), table);
  return readAnyDigits(withoutPlainLines(chunks, reader), where, table, reader);
}

/** Gives the plain lines to the reader, and passes on the bytes from the first other line. */
async function* withoutPlainLines(
  chunks: AsyncIterable<Uint8Array>,
  reader: PlainDigitReader,
): AsyncGenerator<Uint8Array, void, void> {
  let isPlain = true;
  for await (const chunk of chunks) {
    const rest = isPlain ? reader.push(chunk) : chunk;
    if (!rest) continue;
    isPlain = false;
    yield rest;
  }
  const rest = isPlain ? reader.end() : undefined;
  if (rest) yield rest;
}

/** Something that has read the lines before, and holds the images of them. */
interface DigitsBefore extends LinesBefore {
  readonly rows: DigitRows;
}

/**
 * Reads a table of digits with fast-csv: slowly, and with a precise error for whatever is wrong.
 *
 * @param before Who has read the lines before these. Its rows get the other images too, and are returned.
 */
export async function readAnyDigits(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
  table: DigitTable,
  before: DigitsBefore = { lines: 0, rows: new DigitRows(where) },
): Promise<DigitRows> {
  const { rows } = before;
  const firstPixel = table === "train" ? 1 : 0;
  for await (const row of csvRows(chunks, where, FORMATS[table], before)) {
    const label = table === "train" ? numberInCell(row, 0, 9) : 0;
    const pixels = rows.next();
    for (let i = 0; i < DIGIT_PIXELS; i++) pixels[i] = numberInCell(row, firstPixel + i, 255);
    rows.keep(label);
  }
  return rows;
}

const FORMATS: Readonly<Record<DigitTable, CsvFormat>> = {
  train: {
    columns: digitColumns("train"),
    lookalike: {
      columns: digitColumns("test"),
      remedy: "This is a test.csv, which has no labels: give a train.csv.",
    },
  },
  test: {
    columns: digitColumns("test"),
    lookalike: {
      columns: digitColumns("train"),
      remedy: "This is a train.csv, which has labels: give a test.csv.",
    },
  },
};
