import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawDigit, placeSideBySide } from "../../src/cli/draw-digit.js";

describe("drawDigit", () => {
  test("draws two pixels, one above the other, as one character of their mean", () => {
    // 255 and 255 are full ink, 255 and 0 half, 28 and 28 a ninth
    const pixels = [255, 255, 28, 255, 0, 28];
    expect(drawDigit(pixels, 3)).toEqual(["@+."]);
  });

  test("leaves the paper around the ink out, and the paper in it in", () => {
    const pixels = new Uint8Array(8 * 8);
    // a ring: its top and bottom are rows 2, 3 and 6, 7, its sides rows 4 and 5
    for (const y of [2, 3, 6, 7]) for (const x of [3, 4, 5]) pixels[8 * y + x] = 255;
    for (const y of [4, 5]) for (const x of [3, 5]) pixels[8 * y + x] = 255;
    expect(drawDigit(pixels, 8)).toEqual(["@@@", "@ @", "@@@"]);
  });

  test("stands an odd last row over paper", () => {
    expect(drawDigit([0, 0, 0, 0, 255, 255], 2)).toEqual(["++"]);
  });

  test("draws nothing where there is no ink", () => {
    expect(drawDigit(new Uint8Array(28 * 28), 28)).toEqual([]);
  });

  test("fits any image into its width and half its height, without blank edges", () => {
    const pixel = fc.oneof(fc.constant(0), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(pixel, { minLength: 70, maxLength: 70 }), (pixels) => {
        const lines = drawDigit(pixels, 7);
        expect(lines.length).toBeLessThanOrEqual(5);
        if (lines.length === 0) return;
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(7);
        expect(lines[0]).not.toBe("");
        expect(lines.at(-1)).not.toBe("");
        expect(lines.some((line) => /^\S/.test(line))).toBe(true);
      }),
    );
  });
});

describe("placeSideBySide", () => {
  test("puts blocks beside one another, as wide as the widest of them", () => {
    const blocks = [["one", "1"], ["two"], ["three", "3", "33"]];
    expect(placeSideBySide(blocks, 80, 2)).toBe("one    two    three\n1             3\n              33");
  });

  test("begins a new row where the columns end", () => {
    expect(placeSideBySide([["aa"], ["bb"], ["cc"]], 6, 2)).toBe("aa  bb\n\ncc");
    expect(placeSideBySide([["aa"], ["bb"], ["cc"]], 5, 2)).toBe("aa\n\nbb\n\ncc");
    expect(placeSideBySide([["aa"], ["bb"]], 1, 2)).toBe("aa\n\nbb");
  });

  test("makes nothing of nothing", () => {
    expect(placeSideBySide([], 80)).toBe("");
  });
});
