import { DIGIT_PIXELS, type DigitRows, type DigitTable, digitColumns } from "./digit-csv.js";

const COMMA = 0x2c;
const ZERO = 0x30;
const LF = 0x0a;
const CR = 0x0d;

/** What a line that is not plain gives in place of the offset of the next one. */
const NOT_PLAIN = -1;

/**
 * Reads a table of digits straight from its bytes, as long as it is plain: the header to the letter, then lines of
 * as many numbers as there are columns, each of one to three ASCII digits and at most 255 (the label: one digit),
 * with a comma between them and LF or CR LF after them, which the last line may lack.
 *
 * That is how these tables are nearly always written, and it takes a twentieth of the time of a reader of any CSV.
 * It explains nothing: at the first line that it does not know it stops, and the bytes from there on are for a
 * reader that does. A table may come in chunks of any length:
 *
 * ```ts
 * const rows = new DigitRows("train.csv");
 * const reader = new PlainDigitReader(rows, "train");
 * for await (const chunk of chunks) {
 *   const rest = reader.push(chunk); // undefined as long as all is plain
 *   ...
 * }
 * ```
 */
export class PlainDigitReader {
  /** Where the images are put. */
  readonly rows: DigitRows;
  readonly #labelled: boolean;
  readonly #header: Uint8Array;
  #lines = 0;
  // the beginning of a line whose end has not come yet
  #carry = new Uint8Array(0);

  constructor(rows: DigitRows, table: DigitTable) {
    this.rows = rows;
    this.#labelled = table === "train";
    this.#header = new TextEncoder().encode(digitColumns(table).join(","));
  }

  /** How many lines were plain so far, with the header. */
  get lines(): number {
    return this.#lines;
  }

  /**
   * Takes the next chunk, which it does not keep.
   *
   * @returns Nothing if all is plain so far; otherwise the bytes, of this chunk and those before it, from the
   * beginning of the first line that is not. The reader is done then.
   * @throws Error if there are more images than the rows may hold.
   */
  push(chunk: Uint8Array): Uint8Array | undefined {
    const bytes = concatenate(this.#carry, chunk);
    const end = bytes.lastIndexOf(LF) + 1;
    let start = 0;
    while (start < end) {
      const next = this.#readLine(bytes, start);
      if (next === NOT_PLAIN) return bytes.subarray(start);
      start = next;
    }
    // a copy: what subarray gives would change if the caller used the chunk again
    this.#carry = new Uint8Array(bytes.subarray(end));
    // no plain line is longer than the header and a CR
    return this.#carry.length > this.#header.length + 1 ? this.#carry : undefined;
  }

  /**
   * Takes the last line, if it has no end.
   *
   * @returns As `push`.
   */
  end(): Uint8Array | undefined {
    const line = this.#carry;
    if (line.length === 0) return undefined;
    return this.#readLine(concatenate(line, Uint8Array.of(LF)), 0) === NOT_PLAIN ? line : undefined;
  }

  /** Reads one line of `bytes`, which end in LF, and gives the offset of the next, or NOT_PLAIN. */
  #readLine(bytes: Uint8Array, start: number): number {
    const next = this.#lines === 0 ? this.#readHeader(bytes, start) : this.#readRow(bytes, start);
    if (next !== NOT_PLAIN) this.#lines++;
    return next;
  }

  #readHeader(bytes: Uint8Array, start: number): number {
    const isHeader = this.#header.every((byte, i) => bytes[start + i] === byte);
    return isHeader ? skipLineEnd(bytes, start + this.#header.length) : NOT_PLAIN;
  }

  #readRow(bytes: Uint8Array, start: number): number {
    const pixels = this.rows.next();
    let at = start;
    let label = 0;
    if (this.#labelled) {
      label = bytes[at]! - ZERO;
      if (label < 0 || label > 9 || bytes[at + 1] !== COMMA) return NOT_PLAIN;
      at += 2;
    }
    // nothing is read beyond the bytes: every number ends at the LF at the latest
    for (let i = 0; i < DIGIT_PIXELS; i++) {
      if (i > 0 && bytes[at++] !== COMMA) return NOT_PLAIN;
      const first = at;
      let value = 0;
      for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[at]! - ZERO) {
        value = 10 * value + digit;
        at++;
      }
      const digits = at - first;
      if (digits === 0 || digits > 3 || value > 255) return NOT_PLAIN;
      pixels[i] = value;
    }
    const next = skipLineEnd(bytes, at);
    if (next !== NOT_PLAIN) this.rows.keep(label);
    return next;
  }
}

/** The offset after the LF or CR LF at `at`, or NOT_PLAIN if something else is there. */
function skipLineEnd(bytes: Uint8Array, at: number): number {
  const last = bytes[at] === CR ? at + 1 : at;
  return bytes[last] === LF ? last + 1 : NOT_PLAIN;
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
