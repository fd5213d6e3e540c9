import { DIGIT_PIXELS, type DigitTable, digitColumns } from "./digit-csv.js";

/** One row of a table of digits. */
export interface DigitRow {
  /** The digit that the image shows, 0 to 9; only a train.csv has it. */
  readonly label: number;
  /** [784], 0 to 255. */
  readonly pixels: Uint8Array;
}

const COMMA = 0x2c;
const ZERO = 0x30;
const LF = 0x0a;

/** Four bytes for each number and its comma, or the end of the line. */
const LONGEST_ROW = 4 * (1 + DIGIT_PIXELS);
const BLOCK_BYTES = 1 << 18;

/**
 * The bytes of a table of digits, in blocks of many rows: the header of `digitColumns`, then a line for each row.
 */
export function* formatDigitCsv(rows: Iterable<DigitRow>, table: DigitTable): Generator<Uint8Array> {
  yield new TextEncoder().encode(`${digitColumns(table).join(",")}\n`);
  let block = new Uint8Array(BLOCK_BYTES);
  let used = 0;
  for (const { label, pixels } of rows) {
    if (used + LONGEST_ROW > BLOCK_BYTES) {
      yield block.subarray(0, used);
      block = new Uint8Array(BLOCK_BYTES); // whoever got the last one may still hold it
      used = 0;
    }
    if (table === "train") {
      block[used] = ZERO + label;
      block[used + 1] = COMMA;
      used += 2;
    }
    used = writeNumbers(block, used, pixels);
  }
  if (used > 0) yield block.subarray(0, used);
}

/** Writes a line of numbers, 0 to 255, from offset `at` on, and gives the offset after it. */
function writeNumbers(block: Uint8Array, at: number, numbers: Uint8Array): number {
  for (const number of numbers) {
    if (number >= 100) block[at++] = ZERO + Math.floor(number / 100);
    if (number >= 10) block[at++] = ZERO + (Math.floor(number / 10) % 10);
    block[at++] = ZERO + (number % 10);
    block[at++] = COMMA;
  }
  block[at - 1] = LF; // in place of the last comma
  return at;
}
