import { writeToString } from "fast-csv";
import { isLabels } from "../layers/loss.js";
import { expectSignal } from "../model/signal.js";
import { describe, expectInteger, expectOptions, quote } from "../tensor/expect.js";
import { csvRows, numberInCell, type ReadOptions } from "./csv-rows.js";
import { expectFilePath } from "./expect-path.js";
import { fileChunks } from "./file-chunks.js";
import { writeFileAtomically } from "./write-file.js";

const COLUMNS = ["ImageId", "Label"];

/**
 * Writes digits as Kaggle's Digit Recognizer takes them: the columns `ImageId`, from 1 in the order of test.csv, and
 * `Label`.
 *
 * @param digits One for each image, 0 to 9.
 * @throws RangeError if there is no digit, or one of them is not a digit; Error if the file cannot be written.
 */
export async function writeSubmission(path: string, digits: ArrayLike<number>): Promise<void> {
  expectFilePath("writeSubmission", path);
  if (!isLabels(digits)) {
    throw new TypeError(`writeSubmission: expected digits to be a list of numbers, got ${describe(digits)}.`);
  }
  if (digits.length === 0) throw new RangeError("writeSubmission: expected at least one digit, got none.");
  const rows = Array.from(digits, (digit, i) => {
    expectInteger("writeSubmission", `digits[${i}]`, digit, { min: 0, max: 9 });
    return [String(i + 1), String(digit)];
  });
  const table = await writeToString(rows, { headers: COLUMNS, includeEndRowDelimiter: true });
  await writeFileAtomically(path, table);
}

/**
 * Reads the digits of a table such as `writeSubmission` writes: the right answers to a test.csv, or a submission.
 *
 * @throws Error if the file cannot be read or is not such a table, with every image in order. It names the row and
 * the column: `answers.csv, row 3 (line 4), column Label: expected a whole number from 0 to 9, got "".`
 */
export async function readAnswers(path: string, options: ReadOptions = {}): Promise<Uint8Array> {
  expectFilePath("readAnswers", path);
  const { signal } = expectOptions("readAnswers", options);
  expectSignal("readAnswers", signal);
  const digits: number[] = [];
  for await (const row of csvRows(fileChunks(path, signal), path, { columns: COLUMNS })) {
    const id = digits.length + 1;
    if (row.cells[0] !== String(id)) {
      throw new Error(
        `${row.place(0)}: expected ${id}, got ${quote(row.cells[0]!)}. Every image has one row, in order.`,
      );
    }
    digits.push(numberInCell(row, 1, 9));
  }
  return Uint8Array.from(digits);
}
