import { describe, expect, test } from "vitest";
import { type CsvFormat, csvRows, numberInCell } from "../../src/node/csv-rows.js";
import { inChunks } from "../helpers/digit-csv.js";

const format: CsvFormat = {
  columns: ["id", "x", "y"],
  lookalike: { columns: ["x", "y"], remedy: "Give the other file." },
};

async function rowsOf(text: string, before?: { lines: number }) {
  const rows: { cells: readonly string[]; place: string }[] = [];
  for await (const { cells, place } of csvRows(inChunks(text), "a.csv", format, before)) {
    rows.push({ cells, place: place(1) });
  }
  return rows;
}

describe("csvRows", () => {
  test("gives the rows below the header, and the place of a cell", async () => {
    expect(await rowsOf("id,x,y\n1,2,3\n,,\n")).toEqual([
      { cells: ["1", "2", "3"], place: "a.csv, row 1 (line 2), column x" },
      { cells: ["", "", ""], place: "a.csv, row 2 (line 3), column x" },
    ]);
  });

  test("takes off quotation marks and a byte order mark", async () => {
    const rows = await rowsOf('\uFEFF"id","x",y\n"1", "2" ,"a,""b"""\n1"2,3," 4 "\n');
    expect(rows.map(({ cells }) => cells)).toEqual([
      ["1", "2", 'a,"b"'],
      ['1"2', "3", " 4 "],
    ]);
  });

  test("has no header to check where it goes on after another reader", async () => {
    expect(await rowsOf("1,2,3", { lines: 12 })).toEqual([
      { cells: ["1", "2", "3"], place: "a.csv, row 12 (line 13), column x" },
    ]);
    expect(await rowsOf("", { lines: 2 })).toEqual([]);
  });

  test.each([
    ["an empty file", "", "a.csv: expected the columns id, x, y, got an empty file."],
    ["a header alone", "id,x,y\n", "a.csv: expected rows below the header, got none."],
    [
      "a blank line for the header",
      "\nid,x,y\n1,2,3\n",
      "a.csv, header (line 1): expected 3 columns, got a blank line. Remove it.",
    ],
    [
      "a file that it may be taken for",
      "x,y\n",
      "a.csv, header (line 1): expected the columns id, x, y, got x, y. Give the other file.",
    ],
    [
      "numbers for the header",
      "1,2.5,-3\n",
      "a.csv, header (line 1): expected the columns id, x, y, got numbers. Put the header before them.",
    ],
    [
      "semicolons",
      "id;x;y\n",
      'a.csv, header (line 1): expected commas between the columns, got ";". Save it as comma-separated values.',
    ],
    [
      "tabs",
      "id\tx\ty\n",
      'a.csv, header (line 1): expected commas between the columns, got "\\t". Save it as comma-separated values.',
    ],
    ["another name", "id,X,y\n", 'a.csv, header (line 1), column 2: expected "x", got "X".'],
    ["no name", "id,,y\n", 'a.csv, header (line 1), column 2: expected "x", got "".'],
    [
      "another order",
      "id,y,x\n",
      'a.csv, header (line 1), column 2: expected "x", got "y". The columns are id, x, y, in this order.',
    ],
    [
      "a name twice",
      "id,x,x,y\n",
      'a.csv, header (line 1), column 3: expected "y", got "x" a second time. The columns are id, x, y, in this order.',
    ],
    ["a column too many", "id,x,y,z\n", "a.csv, header (line 1): expected 3 columns, got 4."],
    ["a column too few", "id,x\n1,2\n", "a.csv, header (line 1): expected 3 columns, got 2."],
    [
      "a header cut short",
      "id,x",
      "a.csv, header (line 1): expected 3 columns, got 2 and no end of the line. The file is cut short: download it again.",
    ],
    ["a short row", "id,x,y\n1,2,3\n4,5\n", "a.csv, row 2 (line 3): expected 3 columns, got 2."],
    ["a long row", "id,x,y\n1,2,3,\n", "a.csv, row 1 (line 2): expected 3 columns, got 4."],
    [
      "a blank line",
      "id,x,y\n1,2,3\n\n",
      "a.csv, row 2 (line 3): expected 3 columns, got a blank line. Remove it.",
    ],
    [
      "a line of spaces",
      "id,x,y\n1,2,3\n  ",
      "a.csv, row 2 (line 3): expected 3 columns, got a blank line. Remove it.",
    ],
    [
      "a row cut short",
      "id,x,y\n1,2",
      "a.csv, row 1 (line 2): expected 3 columns, got 2 and no end of the line. The file is cut short: download it again.",
    ],
    [
      "an open quotation mark",
      'id,x,y\n1,"2,3\n4,5,6\n7,"8,9\n',
      'a.csv, row 1 (line 2), column x: expected a cell that ends with its closing quotation mark, got "\\"2,3".',
    ],
    [
      "an open quotation mark in the last column",
      'id,x,y\n"1",2,"""',
      'a.csv, row 1 (line 2), column y: expected a cell that ends with its closing quotation mark, got "\\"\\"\\"".',
    ],
    [
      "text after a closing quotation mark",
      'id,x,y\n1,"2,"",",3\n1, "2"3,4\n',
      'a.csv, row 2 (line 3), column x: expected a cell that ends with its closing quotation mark, got " \\"2\\"3,4".',
    ],
    [
      "an open quotation mark in the header",
      'id,"x,y\n1,2,3\n',
      'a.csv, header (line 1), column 2: expected a cell that ends with its closing quotation mark, got "\\"x,y".',
    ],
    [
      "an open quotation mark beyond the last column",
      'id,x,y\n1,2,3,"4\n',
      'a.csv, row 1 (line 2), column 4: expected a cell that ends with its closing quotation mark, got "\\"4".',
    ],
  ])("refuses %s", async (_, text, message) => {
    await expect(rowsOf(text)).rejects.toThrow(new Error(message));
  });

  test("keeps the error of fast-csv as the cause", async () => {
    await expect(rowsOf('id,x,y\n1,"2"3,4\n')).rejects.toMatchObject({
      cause: { message: expect.stringContaining("Parse Error") },
    });
    await expect(rowsOf('id,x,y\n1,"2,3\n')).rejects.toMatchObject({
      cause: { message: "Missing closing quotation mark." },
    });
  });
});

describe("numberInCell", () => {
  const row = (cell: string) => ({ cells: ["", cell], place: (column: number) => `column ${column}` });

  test("takes whole numbers up to the greatest", () => {
    expect(["0", "9", "10", "010", "255"].map((cell) => numberInCell(row(cell), 1, 255))).toEqual([
      0, 9, 10, 10, 255,
    ]);
    expect(numberInCell(row("9"), 1, 9)).toBe(9);
  });

  test.each(["256", "-1", "1.0", "1e2", "NaN", "", " ", " 1", "1 ", "0x1", "+1", "0001", "١", "x"])(
    "refuses %j",
    (cell) => {
      expect(() => numberInCell(row(cell), 1, 255)).toThrow(
        new Error(`column 1: expected a whole number from 0 to 255, got ${JSON.stringify(cell)}.`),
      );
    },
  );

  test("refuses a number just above the greatest", () => {
    expect(() => numberInCell(row("10"), 1, 9)).toThrow(
      new Error('column 1: expected a whole number from 0 to 9, got "10".'),
    );
  });
});
