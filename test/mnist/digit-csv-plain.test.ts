import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DIGIT_PIXELS, DigitRows, type DigitTable } from "../../src/mnist/digit-csv.js";
import { PlainDigitReader } from "../../src/mnist/digit-csv-plain.js";
import { digitHeader, digitLine } from "../helpers/digit-csv.js";

const header = digitHeader("train");
const zeros = digitLine("train");

/** What the reader makes of a text in one chunk, and what it leaves. */
function read(text: string, table: DigitTable = "train") {
  const rows = new DigitRows("here");
  const reader = new PlainDigitReader(rows, table);
  const rest = reader.push(new TextEncoder().encode(text)) ?? reader.end();
  return {
    rows,
    lines: reader.lines,
    rest: rest && new TextDecoder("utf-8", { ignoreBOM: true }).decode(rest),
  };
}

describe("PlainDigitReader", () => {
  test("reads a table of two images", () => {
    const lines = [
      header,
      digitLine("train", { 0: 5, 1: 1, 3: 255, 784: 10 }),
      digitLine("train", { 0: 9, 2: "007" }),
    ];
    const { rows, lines: count, rest } = read(`${lines.join("\n")}\n`);
    expect(rest).toBeUndefined();
    expect(count).toBe(3);
    expect([...rows.labels()]).toEqual([5, 9]);
    const { data, shape } = rows.images();
    expect(shape).toEqual([2, 28, 28, 1]);
    expect([...data.subarray(0, 3)]).toEqual([1, 0, 255]);
    expect(data[783]).toBe(10);
    expect([...data.subarray(784, 787)]).toEqual([0, 7, 0]);
  });

  test("reads a table without labels", () => {
    const { rows, rest } = read(`${digitHeader("test")}\n${digitLine("test", { 0: 3 })}\n`, "test");
    expect(rest).toBeUndefined();
    expect(rows.count).toBe(1);
    expect(rows.images().data[0]).toBe(3);
  });

  test.each([
    ["CR LF", `${header}\r\n${zeros}\r\n${zeros}\r\n`],
    ["no end of the last line", `${header}\n${zeros}\n${zeros}`],
    ["CR LF, and a CR at the very end", `${header}\r\n${zeros}\r\n${zeros}\r`],
  ])("takes %s", (_, text) => {
    const { rows, rest } = read(text);
    expect(rest).toBeUndefined();
    expect(rows.count).toBe(2);
  });

  test("needs no line at all", () => {
    expect(read("")).toMatchObject({ lines: 0, rest: undefined });
    expect(read(header)).toMatchObject({ lines: 1, rest: undefined });
  });

  test.each([
    ["a label of two digits", digitLine("train", { 0: 10 })],
    ["a label that is no digit", digitLine("train", { 0: "x" })],
    ["a label just below the digits", digitLine("train", { 0: "/" })],
    ["a label just above the digits", digitLine("train", { 0: ":" })],
    ["no label", digitLine("train", { 0: "" })],
    ["a pixel of 256", digitLine("train", { 100: 256 })],
    ["a pixel of four digits", digitLine("train", { 100: "0001" })],
    ["a pixel of a thousand digits", digitLine("train", { 100: "1".repeat(1000) })],
    ["no pixel", digitLine("train", { 100: "" })],
    ["a space", digitLine("train", { 100: " 1" })],
    ["a character just above the digits", digitLine("train", { 100: ":" })],
    ["a quotation mark", digitLine("train", { 100: '"1"' })],
    ["a column too few", zeros.slice(0, -2)],
    ["a column too many", `${zeros},0`],
    ["a comma at the end", `${zeros},`],
    ["a space for a comma", `${zeros.slice(0, 9)} ${zeros.slice(10)}`],
    ["a semicolon", zeros.replace(",", ";")],
    ["two ends of a line", `${zeros}\r\r`],
    ["a blank line", ""],
    ["a NUL character", "\0"],
  ])("stops at the beginning of a line with %s", (_, line) => {
    const { rows, lines, rest } = read(`${header}\n${zeros}\n${line}\n${zeros}\n`);
    expect(lines).toBe(2);
    expect(rows.count).toBe(1);
    expect(rest).toBe(`${line}\n${zeros}\n`);
  });

  test.each([
    ["a byte order mark", `\uFEFF${header}`],
    ["another name", header.replace("pixel0", "Pixel0")],
    ["a column more", `${header},pixel784`],
    ["a column less", header.slice(0, -9)],
    ["numbers", zeros],
  ])("stops at a header with %s", (_, line) => {
    const text = `${line}\n${zeros}\n`;
    expect(read(text)).toMatchObject({ lines: 0, rest: text });
  });

  test("stops at the beginning of a last line that is not whole", () => {
    expect(read(`${header}\n${zeros}\n0,12`)).toMatchObject({ lines: 2, rest: "0,12" });
  });

  test("does not wait for the end of a line that is longer than any plain one", () => {
    const rows = new DigitRows("here");
    const reader = new PlainDigitReader(rows, "train");
    const chunk = new Uint8Array(1000).fill(0x31);
    let pushed = 0;
    let rest: Uint8Array | undefined;
    while (!rest) {
      rest = reader.push(chunk);
      pushed += chunk.length;
    }
    expect(pushed).toBe(1000 * Math.ceil((header.length + 2) / 1000));
    expect(rest.length).toBe(pushed);
    expect(reader.lines).toBe(0);
  });

  test("reads plain tables of all kinds from chunks of any lengths, and the caller may use a chunk again", () => {
    const image = fc.uint8Array({ minLength: 1 + DIGIT_PIXELS, maxLength: 1 + DIGIT_PIXELS });
    const lengths = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 9 });
    const table = fc.array(image, { maxLength: 5 });
    fc.assert(
      fc.property(
        table,
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        lengths,
        (images, end, isEnded, sizes) => {
          const lines = [header, ...images.map(([label, ...pixels]) => [label! % 10, ...pixels].join(","))];
          const bytes = new TextEncoder().encode(lines.join(end) + (isEnded ? end : ""));
          const rows = new DigitRows("here");
          const reader = new PlainDigitReader(rows, "train");
          for (let start = 0, i = 0; start < bytes.length; i++) {
            const chunk = bytes.slice(start, start + sizes[i % sizes.length]!);
            start += chunk.length;
            expect(reader.push(chunk)).toBeUndefined();
            chunk.fill(0);
          }
          expect(reader.end()).toBeUndefined();
          expect(reader.lines).toBe(lines.length);
          expect([...rows.labels()]).toEqual(images.map((row) => row[0]! % 10));
          const pixels = images.flatMap((row) => [...row.subarray(1)]);
          expect(rows.images().data).toEqual(Uint8Array.from(pixels));
        },
      ),
      { numRuns: 50 },
    );
  });

  test("refuses more images than the rows may hold", () => {
    const reader = new PlainDigitReader(new DigitRows("here", 1), "train");
    const bytes = new TextEncoder().encode(`${header}\n${zeros}\n${zeros}\n`);
    expect(() => reader.push(bytes)).toThrow(new Error("here: expected at most 1 image, got more."));
  });
});
