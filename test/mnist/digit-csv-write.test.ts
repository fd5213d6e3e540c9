import { describe, expect, test } from "vitest";
import { DIGIT_PIXELS, DigitRows } from "../../src/mnist/digit-csv.js";
import { PlainDigitReader } from "../../src/mnist/digit-csv-plain.js";
import { type DigitRow, formatDigitCsv } from "../../src/mnist/digit-csv-write.js";
import { digitHeader, digitLine } from "../helpers/digit-csv.js";

const text = (blocks: Iterable<Uint8Array>): string =>
  [...blocks].map((block) => new TextDecoder().decode(block)).join("");

/** Image i, of which every number of one, two and three digits is a pixel somewhere. */
const row = (i: number): DigitRow => ({
  label: i % 10,
  pixels: Uint8Array.from({ length: DIGIT_PIXELS }, (_, pixel) => 7 * i + pixel),
});

describe("formatDigitCsv", () => {
  test("writes the header and a line for each image, with labels and without", () => {
    const pixels = new Uint8Array(DIGIT_PIXELS);
    pixels.set([0, 9, 10, 99, 100, 255]);
    const rows = [{ label: 7, pixels }];
    const cells = { 0: 0, 1: 9, 2: 10, 3: 99, 4: 100, 5: 255 };
    const line = digitLine("test", cells);
    expect(text(formatDigitCsv(rows, "test"))).toBe(`${digitHeader("test")}\n${line}\n`);
    expect(text(formatDigitCsv(rows, "train"))).toBe(`${digitHeader("train")}\n7,${line}\n`);
  });

  test("writes the header alone where there is no image", () => {
    expect(text(formatDigitCsv([], "train"))).toBe(`${digitHeader("train")}\n`);
  });

  test("writes what is read again as the same images, in several blocks of whole lines", () => {
    const n = 300;
    const images = Array.from({ length: n }, (_, i) => row(i));
    const rows = new DigitRows("here");
    const reader = new PlainDigitReader(rows, "train");
    // all blocks are made before the first is read: each has memory of its own
    const blocks = [...formatDigitCsv(images, "train")];
    expect(blocks.length).toBeGreaterThan(3);
    for (const block of blocks) {
      expect(block.at(-1)).toBe(0x0a);
      expect(reader.push(block)).toBeUndefined();
    }
    expect(reader.end()).toBeUndefined();
    expect([...rows.labels()]).toEqual(images.map(({ label }) => label));
    const { data } = rows.images();
    const wrong = images.filter(
      ({ pixels }, i) => !pixels.every((pixel, p) => pixel === data[i * DIGIT_PIXELS + p]),
    );
    expect(wrong).toEqual([]);
  });

  test("makes images as they are asked for, a block at a time", () => {
    let made = 0;
    function* rows(): Generator<DigitRow> {
      for (; ; made++) yield row(made);
    }
    const blocks = formatDigitCsv(rows(), "train");
    blocks.next(); // the header
    expect(made).toBe(0);
    blocks.next();
    expect(made).toBeGreaterThan(50);
    expect(made).toBeLessThan(200);
    blocks.return(undefined);
  });
});
