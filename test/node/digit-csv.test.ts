import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DIGIT_PIXELS, type DigitRows, type DigitTable } from "../../src/mnist/digit-csv.js";
import { readAnyDigits, readDigits, readTestCsv, readTrainCsv } from "../../src/node/digit-csv.js";
import { digitHeader, digitLine, inChunks } from "../helpers/digit-csv.js";

const header = digitHeader("train");
const line = (cells?: Readonly<Record<number, number | string>>): string => digitLine("train", cells);
const zeros = line();

/** A table as it should be: two images, a 5 with a pixel of 255 and a 9. */
const table = `${header}\n${line({ 0: 5, 18: 255 })}\n${line({ 0: 9 })}\n`;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tinyconv-"));
  path = join(folder, "train.csv");
});

afterEach(() => rm(folder, { recursive: true }));

async function readTrain(content: string | Uint8Array) {
  await writeFile(path, content);
  return readTrainCsv(path);
}

/** Reads the content as a train.csv, and expects this message after the file's name. */
async function expectRefused(content: string | Uint8Array, message: string): Promise<void> {
  await expect(readTrain(content)).rejects.toThrow(new Error(`${path}${message}`));
}

describe("readTrainCsv", () => {
  test("reads images and labels", async () => {
    const { images, labels } = await readTrain(table);
    expect(images.shape).toEqual([2, 28, 28, 1]);
    expect(images.data.length).toBe(2 * DIGIT_PIXELS);
    expect(images.data.indexOf(255)).toBe(17);
    expect(images.data.filter((pixel) => pixel !== 0).length).toBe(1);
    expect([...labels]).toEqual([5, 9]);
  });

  test("reads a table of several chunks of the file", async () => {
    const rows = Array.from({ length: 400 }, (_, i) => line({ 0: i % 10, [1 + (i % 784)]: i % 256 }));
    const { images, labels } = await readTrain([header, ...rows].join("\n"));
    expect(images.shape).toEqual([400, 28, 28, 1]);
    expect([...labels]).toEqual(rows.map((_, i) => i % 10));
    const marks = rows.map((_, i) => images.data[i * DIGIT_PIXELS + (i % 784)]);
    expect(marks).toEqual(rows.map((_, i) => i % 256));
  });

  // what a spreadsheet or another program makes of a table, and where it is still the same table
  test.each<[string, (plain: string) => string | Uint8Array]>([
    ["a byte order mark", (plain) => `\uFEFF${plain}`],
    ["CR LF", (plain) => plain.replaceAll("\n", "\r\n")],
    ["lone CR", (plain) => plain.replaceAll("\n", "\r")],
    ["no end of the last line", (plain) => plain.slice(0, -1)],
    ["quotation marks in the header", (plain) => plain.replace(header, header.replace(/\w+/g, '"$&"'))],
    ["quotation marks everywhere", (plain) => plain.replace(/\w+/g, '"$&"')],
    ["a quotation mark in the last row alone", (plain) => plain.replace("\n9,", '\n"9",')],
    ["gzip data under the name of a table", (plain) => gzipSync(plain)],
    ["gzip data with a byte order mark", (plain) => gzipSync(`\uFEFF${plain}`)],
  ])("reads the same from a table with %s", async (_, change) => {
    const plain = await readTrain(table);
    expect(await readTrain(change(table))).toEqual(plain);
  });

  test("refuses an empty file", () =>
    expectRefused("", ": expected the columns label, pixel0, ..., pixel783, got an empty file."));

  test.each([
    ["", header],
    [" with its end", `${header}\n`],
    [" in quotation marks", header.replace(/\w+/g, '"$&"')],
  ])("refuses a header alone%s", (_, content) =>
    expectRefused(content, ": expected rows below the header, got none."),
  );

  test("refuses a table without a header", () =>
    expectRefused(
      table.slice(header.length + 1),
      ", header (line 1): expected the columns label, pixel0, ..., pixel783, got numbers. Put the header before them.",
    ));

  test("refuses a test.csv, and says that it is one", () =>
    expectRefused(
      `${digitHeader("test")}\n${digitLine("test")}\n`,
      ", header (line 1): expected the columns label, pixel0, ..., pixel783, got pixel0, pixel1, ..., pixel783. This is a test.csv, which has no labels: give a train.csv.",
    ));

  test("refuses a short row", () =>
    expectRefused(
      `${header}\n${zeros}\n${zeros.slice(2)}\n${zeros}\n`,
      ", row 2 (line 3): expected 785 columns, got 784.",
    ));

  test("refuses a long row", () =>
    expectRefused(
      `${header}\n${zeros}\n${zeros},\n${zeros}\n`,
      ", row 2 (line 3): expected 785 columns, got 786.",
    ));

  test.each([
    ["between rows", `${header}\n${zeros}\n\n${zeros}\n`],
    ["at the end", `${table}\n`.replace(/\n.*\n\n$/, "\n\n")],
    ["of spaces", `${header}\n${zeros}\n   `],
  ])("refuses a blank line %s", (_, content) =>
    expectRefused(content, ", row 2 (line 3): expected 785 columns, got a blank line. Remove it."),
  );

  test.each(["10", "-1", "3.5", "", "x"])("refuses the label %j", (label) =>
    expectRefused(
      `${header}\n${zeros}\n${line({ 0: label })}\n`,
      `, row 2 (line 3), column label: expected a whole number from 0 to 9, got ${JSON.stringify(label)}.`,
    ),
  );

  test.each(["256", "-1", "1e2", "NaN", " 12 ", "0xff", "1.5", "", "1000"])("refuses the pixel %j", (pixel) =>
    expectRefused(
      `${header}\n${zeros}\n${line({ 18: pixel })}\n`,
      `, row 2 (line 3), column pixel17: expected a whole number from 0 to 255, got ${JSON.stringify(pixel)}.`,
    ),
  );

  test("names the first cell of a row that is wrong", () =>
    expectRefused(
      `${header}\n${line({ 0: 10, 1: 256, 784: "x" })}\n`,
      ', row 1 (line 2), column label: expected a whole number from 0 to 9, got "10".',
    ));

  test.each([
    ["semicolons", ";", '";"'],
    ["tabs", "\t", '"\\t"'],
  ])("refuses %s for commas", (_, separator, shown) =>
    expectRefused(
      table.replaceAll(",", separator),
      `, header (line 1): expected commas between the columns, got ${shown}. Save it as comma-separated values.`,
    ),
  );

  test("refuses semicolons below a header with commas", () =>
    expectRefused(
      `${header}\n${zeros.replaceAll(",", ";")}\n`,
      ", row 1 (line 2): expected 785 columns, got 1.",
    ));

  test("refuses a quotation mark that is not closed", () =>
    expectRefused(
      `${header}\n${line({ 0: 5, 784: '"12' })}\n${zeros}\n`,
      ', row 1 (line 2), column pixel783: expected a cell that ends with its closing quotation mark, got "\\"12".',
    ));

  test("refuses a stray quotation mark", async () => {
    await expectRefused(
      `${header}\n${line({ 18: '1"2' })}\n`,
      ', row 1 (line 2), column pixel17: expected a whole number from 0 to 255, got "1\\"2".',
    );
    await expectRefused(
      `${header}\n${line({ 784: '"1"2' })}\n`,
      ', row 1 (line 2), column pixel783: expected a cell that ends with its closing quotation mark, got "\\"1\\"2".',
    );
  });

  test("refuses NUL bytes", () =>
    expectRefused(
      `${header}\n${zeros}\n${line({ 18: "\0" })}\n`,
      ", row 2 (line 3): expected text in UTF-8, got a NUL character, as UTF-16 has. Save it as UTF-8.",
    ));

  test.each(["", "\uFEFF"])("refuses UTF-16, with the byte order mark %j", (mark) =>
    expectRefused(
      Buffer.from(mark + table, "utf16le"),
      ", header (line 1): expected text in UTF-8, got a NUL character, as UTF-16 has. Save it as UTF-8.",
    ),
  );

  test("refuses a file that is cut short in a row", () =>
    expectRefused(
      table.slice(0, -1201),
      ", row 2 (line 3): expected 785 columns, got 185 and no end of the line. The file is cut short: download it again.",
    ));

  test("refuses a line without end, in little memory", async () => {
    const message = ", header (line 1): expected a line of at most 65536 characters, got a longer one.";
    // 100 MB of ones, in a file of 100 kB
    await expectRefused(gzipSync(new Uint8Array(100_000_000).fill(0x31), { level: 1 }), message);
    let chunksRead = 0;
    async function* gigabyte() {
      const chunk = new Uint8Array(1 << 20).fill(0x31);
      for (; chunksRead < 1024; chunksRead++) yield chunk;
    }
    await expect(readDigits(gigabyte(), path, "train")).rejects.toThrow(new Error(`${path}${message}`));
    expect(chunksRead).toBe(0); // the first is more than enough
  });

  test("refuses another order of the columns", () =>
    expectRefused(
      table.replace("pixel0,pixel1,", "pixel1,pixel0,"),
      ', header (line 1), column 2: expected "pixel0", got "pixel1". The columns are label, pixel0, ..., pixel783, in this order.',
    ));

  test("refuses a column that is there twice", () =>
    expectRefused(
      table.replace("pixel1,", "pixel0,"),
      ', header (line 1), column 3: expected "pixel1", got "pixel0" a second time. The columns are label, pixel0, ..., pixel783, in this order.',
    ));

  test("refuses a header with a column too few or too many", async () => {
    await expectRefused(table.replace(",pixel783", ""), ", header (line 1): expected 785 columns, got 784.");
    await expectRefused(
      table.replace("pixel783", "pixel783,pixel784"),
      ", header (line 1): expected 785 columns, got 786.",
    );
  });

  test("refuses gzip data that is cut short or damaged", async () => {
    const packed = gzipSync(table);
    const damaged = Buffer.from(packed);
    damaged[packed.length - 8]! ^= 1;
    const message = (reason: string) =>
      `: expected gzip data, got data that is cut short, damaged or followed by other bytes (${reason}). Download the file again.`;
    await expectRefused(packed.subarray(0, -1), message("unexpected end of file"));
    await expectRefused(damaged, message("incorrect data check"));
  });

  test("refuses a folder and a missing file", async () => {
    await expect(readTrainCsv(folder)).rejects.toThrow(
      new Error(`Cannot read ${folder}: it is a folder, not a file.`),
    );
    await expect(readTrainCsv(path)).rejects.toThrow(
      new Error(`Cannot read ${path}: no such file or folder.`),
    );
  });

  // root may read anything, and Windows knows no such mode
  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "refuses a file that may not be read",
    async () => {
      await writeFile(path, table);
      await chmod(path, 0);
      await expect(readTrainCsv(path)).rejects.toThrow(new Error(`Cannot read ${path}: permission denied.`));
    },
  );

  test("ends with the signal's reason", async () => {
    await writeFile(path, table);
    await expect(readTrainCsv(path, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
    const controller = new AbortController();
    const reading = readTrainCsv(path, { signal: controller.signal });
    controller.abort("enough");
    await expect(reading).rejects.toBe("enough");
  });

  test("refuses a signal that is none", async () => {
    const signal: unknown = new AbortController();
    await expect(readTrainCsv(path, { signal: signal as AbortSignal })).rejects.toThrow(
      new TypeError(
        "readTrainCsv: expected signal to be an AbortSignal, got a value of type AbortController. An AbortController has it as `signal`.",
      ),
    );
  });
});

describe("readTestCsv", () => {
  const testTable = `${digitHeader("test")}\n${digitLine("test", { 0: 7 })}\n${digitLine("test", { 783: 8 })}\n`;

  test.each([
    ["a plain table", testTable],
    ["a table with quotation marks", testTable.replace(/\w+/g, '"$&"')],
    ["gzip data", gzipSync(testTable)],
  ])("reads the images of %s", async (_, content) => {
    await writeFile(path, content);
    const { data, shape } = await readTestCsv(path);
    expect(shape).toEqual([2, 28, 28, 1]);
    expect([data[0], data.at(-1)]).toEqual([7, 8]);
    expect(data.filter((pixel) => pixel !== 0).length).toBe(2);
  });

  test("refuses a train.csv, and says that it is one", async () => {
    await writeFile(path, table);
    await expect(readTestCsv(path)).rejects.toThrow(
      new Error(
        `${path}, header (line 1): expected the columns pixel0, pixel1, ..., pixel783, got label, pixel0, ..., pixel783. This is a train.csv, which has labels: give a test.csv.`,
      ),
    );
  });

  test("names the column of a wrong pixel", async () => {
    await writeFile(path, `${digitHeader("test")}\n${digitLine("test", { 17: 256 })}`);
    await expect(readTestCsv(path)).rejects.toThrow(
      new Error(`${path}, row 1 (line 2), column pixel17: expected a whole number from 0 to 255, got "256".`),
    );
  });

  test("refuses a signal that is none", async () => {
    const signal: unknown = "stop";
    await expect(readTestCsv(path, { signal: signal as AbortSignal })).rejects.toThrow(
      new TypeError(
        'readTestCsv: expected signal to be an AbortSignal, got "stop" (string). An AbortController has it as `signal`.',
      ),
    );
  });
});

describe("readDigits", () => {
  /** The images, or the error. */
  async function outcome(reading: Promise<DigitRows>) {
    try {
      const rows = await reading;
      return { count: rows.count, pixels: rows.images().data, labels: rows.labels() };
    } catch (error) {
      return error;
    }
  }

  const byFastCsvAlone = (text: string, kind: DigitTable): Promise<DigitRows> =>
    readAnyDigits(inChunks(text), "a.csv", kind);

  const rows = fc.array(
    fc.record({
      label: fc.nat(9),
      cells: fc.dictionary(fc.nat(784).map(String), fc.nat(255).map(String), { maxKeys: 9 }),
    }),
    { maxLength: 3 },
  );
  const tables = fc.record({
    kind: fc.constantFrom<DigitTable>("train", "test"),
    rows,
    end: fc.constantFrom("\n", "\r\n", "\r"),
    isEnded: fc.boolean(),
    mark: fc.constantFrom("", "", "", "\uFEFF"),
  });
  const often = <T>(usual: T, other: T) => fc.constantFrom(usual, usual, usual, usual, other);
  const pieces = [
    "",
    "\n",
    "\r",
    "\r\n",
    ",",
    ",,",
    '"',
    '""',
    ";",
    " ",
    "0",
    "256",
    "0007",
    "-",
    "\0",
    "\uFEFF",
    "é",
  ];
  const edits = fc.array(
    fc.record({
      // mostly below the header, since a fault in the header hides all others
      part: often("rows", "header"),
      // where, in ten-thousandths of the part; how many characters go there; what comes in their place
      at: fc.noBias(fc.nat(9_999)),
      remove: fc.constantFrom(0, 0, 1, 1, 2, 3, 1000),
      insert: fc.oneof(
        fc.constantFrom(...pieces),
        fc.string({ unit: fc.constantFrom("1", ",", '"', " "), maxLength: 6 }),
      ),
    }),
    { minLength: 1, maxLength: 2 },
  );
  const cuts = fc.array(fc.nat(20_000), { maxLength: 12 });

  type Table = typeof tables extends fc.Arbitrary<infer T> ? T : never;
  function format({ kind, rows, end, isEnded, mark }: Table): string {
    const lines = rows.map(({ label, cells }) =>
      digitLine(kind, kind === "train" ? { ...cells, 0: label } : cells),
    );
    return mark + [digitHeader(kind), ...lines].join(end) + (isEnded ? end : "");
  }

  test("reads any table as fast-csv alone does, in chunks of any lengths", async () => {
    await fc.assert(
      fc.asyncProperty(tables, cuts, async (table, ends) => {
        const text = format(table);
        const alone = await outcome(byFastCsvAlone(text, table.kind));
        expect(await outcome(readDigits(inChunks(text, ends), "a.csv", table.kind))).toEqual(alone);
        if (table.rows.length > 0) expect(alone).toMatchObject({ count: table.rows.length });
      }),
      { numRuns: 100 },
    );
  });

  test("finds the same fault in a broken table as fast-csv alone does", async () => {
    await fc.assert(
      fc.asyncProperty(tables, edits, often(true, false), cuts, async (table, edits, isRight, ends) => {
        let text = format(table);
        for (const { part, at, remove, insert } of edits) {
          const rowsAt = text.search(/[\r\n]/) + 1;
          const [from, to] = part === "rows" ? [rowsAt, text.length] : [0, rowsAt];
          const start = from + Math.floor(((to - from) * at) / 10_000);
          text = text.slice(0, start) + insert + text.slice(start + remove);
        }
        const other = table.kind === "train" ? "test" : "train";
        const asKind = isRight ? table.kind : other;
        const alone = await outcome(byFastCsvAlone(text, asKind));
        expect(await outcome(readDigits(inChunks(text, ends), "a.csv", asKind))).toEqual(alone);
      }),
      { numRuns: 300 },
    );
  });
});
