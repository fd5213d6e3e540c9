import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readAnswers, writeSubmission } from "../../src/node/submission.js";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tinyconv-"));
  path = join(folder, "answers.csv");
});

afterEach(() => rm(folder, { recursive: true }));

describe("writeSubmission", () => {
  test("refuses what is no list", async () => {
    await expect(writeSubmission(path, { length: -1 })).rejects.toThrow(
      new TypeError("writeSubmission: expected digits to be a list of numbers, got an object."),
    );
  });

  test("writes a row for each image, with ids from 1", async () => {
    await writeSubmission(path, [7, 0, 9]);
    expect(await readFile(path, "utf8")).toBe("ImageId,Label\n1,7\n2,0\n3,9\n");
    expect(await readdir(folder)).toEqual(["answers.csv"]);
  });

  test("takes a typed array, and replaces what is there", async () => {
    await writeSubmission(path, [1, 2, 3]);
    await writeSubmission(path, Uint8Array.of(4));
    expect(await readFile(path, "utf8")).toBe("ImageId,Label\n1,4\n");
  });

  test.each([
    [[1, 10], "writeSubmission: expected digits[1] to be a whole number >= 0 and <= 9, got 10 (number)."],
    [[0.5], "writeSubmission: expected digits[0] to be a whole number >= 0 and <= 9, got 0.5 (number)."],
    [[1, NaN], "writeSubmission: expected digits[1] to be a whole number >= 0 and <= 9, got NaN (number)."],
    [[], "writeSubmission: expected at least one digit, got none."],
  ])("refuses %j, and writes nothing", async (digits, message) => {
    await expect(writeSubmission(path, digits)).rejects.toThrow(new RangeError(message));
    expect(await readdir(folder)).toEqual([]);
  });

  test("says which file it could not write", async () => {
    const missing = join(folder, "missing", "submission.csv");
    await expect(writeSubmission(missing, [1])).rejects.toThrow(
      new Error(`Cannot write ${missing}: no such file or folder.`),
    );
  });
});

describe("readAnswers", () => {
  test("reads the digits", async () => {
    await writeFile(path, "ImageId,Label\n1,7\n2,0\n");
    expect(await readAnswers(path)).toEqual(Uint8Array.of(7, 0));
  });

  test("reads what was written", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 30, max: 9 }), async (digits) => {
        await writeSubmission(path, digits);
        expect(await readAnswers(path)).toEqual(digits);
      }),
      { numRuns: 20 },
    );
  });

  test("reads a table as a spreadsheet saves it", async () => {
    await writeFile(path, '\uFEFF"ImageId","Label"\r\n"1","7"\r\n2,0');
    expect(await readAnswers(path)).toEqual(Uint8Array.of(7, 0));
  });

  test.each([
    ["an empty file", "", ": expected the columns ImageId, Label, got an empty file."],
    ["a header alone", "ImageId,Label\n", ": expected rows below the header, got none."],
    ["another header", "Id,Label\n1,7\n", ', header (line 1), column 1: expected "ImageId", got "Id".'],
    [
      "the columns in another order",
      "Label,ImageId\n7,1\n",
      ', header (line 1), column 1: expected "ImageId", got "Label". The columns are ImageId, Label, in this order.',
    ],
    [
      "no header",
      "1,7\n",
      ", header (line 1): expected the columns ImageId, Label, got numbers. Put the header before them.",
    ],
    [
      "an id that is missing",
      "ImageId,Label\n1,7\n3,8\n",
      ', row 2 (line 3), column ImageId: expected 2, got "3". Every image has one row, in order.',
    ],
    [
      "ids from 0",
      "ImageId,Label\n0,7\n",
      ', row 1 (line 2), column ImageId: expected 1, got "0". Every image has one row, in order.',
    ],
    [
      "a label that is no digit",
      "ImageId,Label\n1,7\n2,\n",
      ', row 2 (line 3), column Label: expected a whole number from 0 to 9, got "".',
    ],
    [
      "a label out of range",
      "ImageId,Label\n1,10\n",
      ', row 1 (line 2), column Label: expected a whole number from 0 to 9, got "10".',
    ],
    ["a row too long", "ImageId,Label\n1,7,1\n", ", row 1 (line 2): expected 2 columns, got 3."],
    [
      "a file cut short",
      "ImageId,Label\n1,7\n2",
      ", row 2 (line 3): expected 2 columns, got 1 and no end of the line. The file is cut short: download it again.",
    ],
  ])("refuses %s", async (_, content, message) => {
    await writeFile(path, content);
    await expect(readAnswers(path)).rejects.toThrow(new Error(`${path}${message}`));
  });

  test("refuses a missing file", async () => {
    await expect(readAnswers(path)).rejects.toThrow(
      new Error(`Cannot read ${path}: no such file or folder.`),
    );
  });

  test("ends with the signal's reason, and refuses a signal that is none", async () => {
    await writeFile(path, "ImageId,Label\n1,7\n");
    await expect(readAnswers(path, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
    const signal: unknown = 1;
    await expect(readAnswers(path, { signal: signal as AbortSignal })).rejects.toThrow(
      new TypeError(
        "readAnswers: expected signal to be an AbortSignal, got 1 (number). An AbortController has it as `signal`.",
      ),
    );
  });
});
