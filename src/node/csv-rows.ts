import { parse } from "fast-csv";
import { quote } from "../tensor/expect.js";
import { type CsvLine, csvLines, type LinesBefore, placeInCsv } from "./csv-lines.js";

/** Options of what reads a table from a file. */
export interface ReadOptions {
  /** Ends reading with the signal's reason, between two chunks of the file. @default none */
  readonly signal?: AbortSignal | undefined;
}

/** What a table must look like. */
export interface CsvFormat {
  /** The names of the columns, which the header must give in this order. */
  readonly columns: readonly string[];
  /** Another table that people take for this one, and what to tell them. */
  readonly lookalike?: { readonly columns: readonly string[]; readonly remedy: string };
}

/** One row of a table, below the header. */
export interface CsvRow {
  /** As many as the table has columns. */
  readonly cells: readonly string[];
  /** A cell's place, as error messages begin: `train.csv, row 12 (line 13), column pixel17`. */
  readonly place: (column: number) => string;
}

/**
 * The rows of a table, taken apart by fast-csv: a cell may be in quotation marks, and the file may begin with a byte
 * order mark. Every row has all columns and no more; the header is checked and not among the rows.
 *
 * @param where The name of the file in error messages.
 * @param before Who has read the lines before these.
 * @throws Error for another header, no row at all, a row with more or fewer cells, and quotation marks that do not
 * pair up in their line; and as `csvLines`.
 */
export async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
  format: CsvFormat,
  before: LinesBefore = { lines: 0 },
): AsyncGenerator<CsvRow, void, void> {
  const split = createSplitter();
  let lines = 0;
  for await (const line of csvLines(chunks, where, before)) {
    lines++;
    const cells = await split(line.text).catch((cause: unknown) => {
      throw new Error(describeQuotes(line, where, format.columns), { cause });
    });
    if (line.number === 1) {
      expectHeader(cells, line, where, format);
    } else {
      expectCount(cells, line, where, format.columns.length);
      yield { cells, place: (column) => placeInCsv(where, line.number, format.columns[column]) };
    }
  }
  lines += before.lines;
  if (lines === 0) {
    throw new Error(`${where}: expected the columns ${list(format.columns)}, got an empty file.`);
  }
  if (lines === 1) throw new Error(`${where}: expected rows below the header, got none.`);
}

/**
 * The whole number in a cell, 0 to `max` (which has three digits at most).
 *
 * @throws Error if anything else is in it, be it a space.
 */
export function numberInCell({ cells, place }: CsvRow, column: number, max: number): number {
  const cell = cells[column]!;
  const value = /^\d{1,3}$/.test(cell) ? Number(cell) : Infinity;
  if (value <= max) return value;
  throw new Error(`${place(column)}: expected a whole number from 0 to ${max}, got ${quote(cell)}.`);
}

/**
 * A function that takes a line apart with fast-csv, and fails where quotation marks do not pair up. A blank line has
 * no cells.
 */
function createSplitter(): (text: string) => Promise<readonly string[]> {
  const parser = parse({ headers: false });
  parser.on("error", () => {}); // the callback below gets it too
  return (text) =>
    new Promise((resolve, reject) => {
      parser.write(`${text}\n`, (error) => {
        const cells: string[] | null = error ? null : parser.read();
        // after a whole line, only an open quotation mark makes it wait for more
        if (cells) resolve(cells);
        else reject(error ?? new Error("Missing closing quotation mark."));
      });
    });
}

/** Cells that fast-csv can read, each with its comma: in quotation marks, where two stand for one, or without. */
const WHOLE_CELLS = /\s*"(?:[^"]|"")*"\s*,|(?!\s*")[^,]*,/gy;

function describeQuotes({ text, number }: CsvLine, where: string, columns: readonly string[]): string {
  const whole = text.match(WHOLE_CELLS) ?? [];
  const cell = text.slice(whole.join("").length);
  const column = number === 1 ? undefined : columns[whole.length];
  const place = placeInCsv(where, number, column ?? String(whole.length + 1));
  return `${place}: expected a cell that ends with its closing quotation mark, got ${quote(cell)}.`;
}

/** @throws Error if the cells are not the names of the columns, saying as precisely as can be why. */
function expectHeader(cells: readonly string[], line: CsvLine, where: string, format: CsvFormat): void {
  const { columns, lookalike } = format;
  const place = placeInCsv(where, 1);
  if (lookalike && sameCells(cells, lookalike.columns)) {
    throw new Error(
      `${place}: expected the columns ${list(columns)}, got ${list(cells)}. ${lookalike.remedy}`,
    );
  }
  const separator = cells.length === 1 ? /[;\t|]/.exec(cells[0]!)?.[0] : undefined;
  if (separator) {
    throw new Error(
      `${place}: expected commas between the columns, got ${quote(separator)}. Save it as comma-separated values.`,
    );
  }
  if (cells.length > 0 && cells.every(isNumber)) {
    throw new Error(
      `${place}: expected the columns ${list(columns)}, got numbers. Put the header before them.`,
    );
  }
  const wrong = cells.findIndex((cell, i) => i < columns.length && cell !== columns[i]);
  if (wrong !== -1) {
    const name = cells[wrong]!;
    const twice = cells.indexOf(name) < wrong ? " a second time" : "";
    const remedy = columns.includes(name) ? ` The columns are ${list(columns)}, in this order.` : "";
    throw new Error(
      `${placeInCsv(where, 1, String(wrong + 1))}: expected ${quote(columns[wrong]!)}, got ${quote(name)}${twice}.${remedy}`,
    );
  }
  expectCount(cells, line, where, columns.length);
}

function expectCount(cells: readonly string[], line: CsvLine, where: string, columns: number): void {
  if (cells.length === columns) return;
  const expected = `${placeInCsv(where, line.number)}: expected ${columns} columns, got`;
  if (cells.length === 0) throw new Error(`${expected} a blank line. Remove it.`);
  if (cells.length < columns && !line.isEnded) {
    throw new Error(
      `${expected} ${cells.length} and no end of the line. The file is cut short: download it again.`,
    );
  }
  throw new Error(`${expected} ${cells.length}.`);
}

function sameCells(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((cell, i) => cell === b[i]);
}

function isNumber(cell: string): boolean {
  return cell.trim() !== "" && Number.isFinite(Number(cell));
}

/** `label, pixel0, ..., pixel783`. */
function list(columns: readonly string[]): string {
  const names = columns.length > 4 ? [...columns.slice(0, 2), "...", ...columns.slice(-1)] : columns;
  return names.join(", ");
}
