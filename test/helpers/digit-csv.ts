import { type DigitTable, digitColumns } from "../../src/mnist/digit-csv.js";

/** The header of train.csv, or of test.csv. */
export function digitHeader(table: DigitTable): string {
  return digitColumns(table).join(",");
}

/** A line of such a table: zeros, but for the cells given by the numbers of their columns, from 0. */
export function digitLine(table: DigitTable, cells: Readonly<Record<number, number | string>> = {}): string {
  return digitColumns(table)
    .map((_, column) => cells[column] ?? 0)
    .join(",");
}

/** The text in UTF-8, in chunks that end at the given offsets. */
export async function* inChunks(
  text: string | Uint8Array,
  ends: readonly number[] = [],
): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  let start = 0;
  for (const end of [...new Set(ends)].sort((a, b) => a - b)) {
    if (end <= start || end >= bytes.length) continue;
    yield bytes.slice(start, end);
    start = end;
  }
  if (start < bytes.length) yield bytes.slice(start);
}
