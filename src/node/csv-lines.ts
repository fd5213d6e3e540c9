/** No longer line is read: nine times as many characters as the longest one of a table of digits. */
const LONGEST_LINE = 65_536;

/** One line of a table, whose first line is the header. */
export interface CsvLine {
  /** Without the end of the line. */
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** False for a last line that is not ended, as when the file is cut short. */
  readonly isEnded: boolean;
}

/** A place in a table, as error messages begin: `train.csv, row 12 (line 13), column pixel17`. */
export function placeInCsv(where: string, line: number, column?: string): string {
  const row = line === 1 ? "header (line 1)" : `row ${line - 1} (line ${line})`;
  return `${where}, ${row}${column === undefined ? "" : `, column ${column}`}`;
}

/** Something that has read the lines before, and knows how many. */
export interface LinesBefore {
  readonly lines: number;
}

/**
 * The lines of UTF-8 text, which end in LF, CR LF or CR. It is the guard before a CSV reader that takes anything for
 * text, and keeps a line in memory however long it is.
 *
 * @param where The name of the file in error messages.
 * @param before Who has read the lines before these; asked when the first chunk has come.
 * @throws Error for a line of more than 65,536 characters, as soon as so many have come; for a NUL character, which
 * UTF-16 is full of; and for a ZIP archive.
 */
export async function* csvLines(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
  before: LinesBefore = { lines: 0 },
): AsyncGenerator<CsvLine, void, void> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true }); // a BOM is the CSV reader's to take off
  let lines = 0;
  let rest = "";
  for await (const chunk of chunks) {
    // a CR at the very end waits for the LF that may follow it
    const texts = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = texts.pop()!; // split gives at least one
    for (const text of texts) {
      const number = before.lines + ++lines;
      expectLine(text, where, number);
      yield { text, number, isEnded: true };
    }
    if (rest.length > LONGEST_LINE + 1) expectLine(rest, where, before.lines + lines + 1);
  }
  rest += decoder.decode();
  if (rest === "") return;
  const text = rest.replace(/\r$/, "");
  const number = before.lines + lines + 1;
  expectLine(text, where, number);
  yield { text, number, isEnded: text !== rest };
}

function expectLine(text: string, where: string, number: number): void {
  // not beyond the longest line, so that it does not depend on the chunks which fault is found
  const start = text.slice(0, LONGEST_LINE);
  if (number === 1 && start.startsWith("PK\u0003\u0004")) {
    throw new Error(`${where}: expected CSV, got a ZIP archive. Unzip it first.`);
  }
  if (start.includes("\0")) {
    throw new Error(
      `${placeInCsv(where, number)}: expected text in UTF-8, got a NUL character, as UTF-16 has. Save it as UTF-8.`,
    );
  }
  if (text.length > LONGEST_LINE) {
    throw new Error(
      `${placeInCsv(where, number)}: expected a line of at most ${LONGEST_LINE} characters, got a longer one.`,
    );
  }
}
