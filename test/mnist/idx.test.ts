import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseIdxHeader, parseIdxImages, parseIdxLabels } from "../../src/mnist/idx.js";
import { idxBytes, idxImages, idxLabels } from "../helpers/idx.js";

describe("parseIdxImages", () => {
  test("reads two images of 2 x 3, written out byte by byte", () => {
    const header = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3];
    const pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255];
    const { data, shape } = parseIdxImages(Uint8Array.from([...header, ...pixels]));
    expect(shape).toEqual([2, 2, 3, 1]);
    expect([...data]).toEqual(pixels);
  });

  test("does not copy: the pixels are a view on the bytes, wherever those begin in their buffer", () => {
    const buffer = new ArrayBuffer(100);
    const bytes = new Uint8Array(buffer, 13, 20);
    bytes.set(idxImages(1, 2, 2));
    const { data } = parseIdxImages(bytes);
    expect(data.buffer).toBe(buffer);
    expect([data.byteOffset, data.length]).toEqual([29, 4]);
  });

  test("gives a plain Uint8Array for a Buffer, so that slice() copies", () => {
    const { data } = parseIdxImages(Buffer.from(idxImages(1, 2, 2)));
    expect(data.constructor).toBe(Uint8Array);
  });

  test("reads whatever was written", () => {
    const sizes = fc.record({
      n: fc.integer({ min: 1, max: 5 }),
      h: fc.integer({ min: 1, max: 9 }),
      w: fc.integer({ min: 1, max: 9 }),
    });
    const files = sizes.chain(({ n, h, w }) =>
      fc.record({
        shape: fc.constant([n, h, w, 1] as const),
        pixels: fc.uint8Array({ minLength: n * h * w, maxLength: n * h * w }),
      }),
    );
    fc.assert(
      fc.property(files, ({ shape, pixels }) => {
        const images = parseIdxImages(idxImages(shape[0], shape[1], shape[2], pixels));
        expect(images).toEqual({ data: pixels, shape });
      }),
    );
  });

  test.each<[string, Uint8Array, string]>([
    [
      "the labels file",
      idxLabels([5, 0, 4]),
      "a/b: expected IDX images (magic number 2051), got IDX labels (2049). Give the file of the images here.",
    ],
    [
      "gzip data",
      Uint8Array.of(0x1f, 0x8b, 8, 0, 0),
      "a/b: expected IDX images (magic number 2051), got gzip data. Decompress it first, with gunzip.",
    ],
    [
      "floats",
      idxBytes(0x0d03, [1, 1, 1], [0, 0, 0, 0]),
      "a/b: expected IDX images (magic number 2051), got IDX data of 32-bit floats. Save it as unsigned bytes.",
    ],
    [
      "colour images",
      idxBytes(0x0804, [1, 1, 1, 3], [1, 2, 3]),
      "a/b: expected IDX images (magic number 2051), got IDX data of 4 axes. Images have 3 (N, H, W) and labels 1 (N).",
    ],
    [
      "an unknown element type",
      idxBytes(0x0a03, [1, 1, 1], [0]),
      "a/b: expected IDX images (magic number 2051), got the bytes 00 00 0a 03. This is not an IDX file: download it again.",
    ],
    [
      "little-endian numbers",
      idxBytes(0x03080000, [1, 1, 1], [0]),
      "a/b: expected IDX images (magic number 2051), got the bytes 03 08 00 00. This is not an IDX file: download it again.",
    ],
    [
      "a web page",
      new TextEncoder().encode("<!DOCTYPE html>"),
      "a/b: expected IDX images (magic number 2051), got the bytes 3c 21 44 4f. This is not an IDX file: download it again.",
    ],
    [
      "no bytes at all",
      new Uint8Array(0),
      "a/b: expected an IDX header of 16 bytes, got 0 bytes. The file is cut short: download it again.",
    ],
    [
      "one byte",
      new Uint8Array(1),
      "a/b: expected an IDX header of 16 bytes, got 1 byte. The file is cut short: download it again.",
    ],
    [
      "a header cut short",
      idxImages(2, 2, 2).subarray(0, 15),
      "a/b: expected an IDX header of 16 bytes, got 15 bytes. The file is cut short: download it again.",
    ],
    [
      "a file cut short",
      idxImages(2, 2, 3).subarray(0, 25),
      "a/b: expected 28 bytes for 2 images of 2 x 3, got 25: 3 bytes missing. The file is cut short: download it again.",
    ],
    [
      "one byte too many",
      idxBytes(2051, [1, 2, 3], [1, 2, 3, 4, 5, 6, 7]),
      "a/b: expected 22 bytes for 1 image of 2 x 3, got 23: 1 byte left over. The file is damaged: download it again.",
    ],
    ["no images", idxImages(0, 28, 28), "a/b: expected at least 1 image of 1 x 1, got 0 images of 28 x 28."],
    ["no rows", idxImages(3, 0, 28), "a/b: expected at least 1 image of 1 x 1, got 3 images of 0 x 28."],
    ["no columns", idxImages(3, 28, 0), "a/b: expected at least 1 image of 1 x 1, got 3 images of 28 x 0."],
    [
      "2^31 images",
      idxBytes(2051, [2 ** 31, 1, 1], []),
      "a/b: expected a file of at most 2147483648 bytes, got a header for 2147483648 images of 1 x 1. The file is damaged: download it again.",
    ],
    [
      "sizes whose product is more than 2^53",
      idxBytes(2051, [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], []),
      "a/b: expected a file of at most 2147483648 bytes, got a header for 4294967295 images of 4294967295 x 4294967295. The file is damaged: download it again.",
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => parseIdxImages(bytes, "a/b")).toThrow(new Error(message));
  });

  test.each([
    ["signed bytes", 0x09],
    ["16-bit integers", 0x0b],
    ["32-bit integers", 0x0c],
    ["32-bit floats", 0x0d],
    ["64-bit floats", 0x0e],
  ])("refuses %s, as images and as labels", (name, type) => {
    expect(() => parseIdxImages(idxBytes((type << 8) | 3, [1, 1, 1], new Uint8Array(8)), "a/b")).toThrow(
      new Error(
        `a/b: expected IDX images (magic number 2051), got IDX data of ${name}. Save it as unsigned bytes.`,
      ),
    );
    expect(() => parseIdxLabels(idxBytes((type << 8) | 1, [1], new Uint8Array(8)), "a/b")).toThrow(
      new Error(
        `a/b: expected IDX labels (magic number 2049), got IDX data of ${name}. Save it as unsigned bytes.`,
      ),
    );
  });

  test("refuses a file cut at any byte", () => {
    const bytes = idxImages(2, 3, 2);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => parseIdxImages(bytes.subarray(0, length))).toThrow(/^IDX images: expected .* cut short/);
    }
  });

  test("refuses an ArrayBuffer", () => {
    const buffer: unknown = new ArrayBuffer(9);
    expect(() => parseIdxImages(buffer as Uint8Array)).toThrow(
      new TypeError(
        "IDX images: expected bytes to be a Uint8Array, got a value of type ArrayBuffer. Wrap it: new Uint8Array(buffer).",
      ),
    );
  });
});

describe("parseIdxLabels", () => {
  test("reads three labels, written out byte by byte", () => {
    expect([...parseIdxLabels(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 9))]).toEqual([5, 0, 9]);
  });

  test("does not copy", () => {
    const bytes = idxLabels([1, 2]);
    expect(parseIdxLabels(bytes).buffer).toBe(bytes.buffer);
  });

  test("reads whatever was written", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, max: 9 }), (labels) => {
        expect(parseIdxLabels(idxLabels(labels))).toEqual(labels);
      }),
    );
  });

  test.each<[string, Uint8Array, string]>([
    [
      "the images file",
      idxImages(1, 2, 2),
      "a/b: expected IDX labels (magic number 2049), got IDX images (2051). Give the file of the labels here.",
    ],
    [
      "a header cut short",
      Uint8Array.of(0, 0, 8, 1, 0),
      "a/b: expected an IDX header of 8 bytes, got 5 bytes. The file is cut short: download it again.",
    ],
    ["no labels", idxLabels([]), "a/b: expected at least 1 label, got 0 labels."],
    [
      "a file cut short",
      idxBytes(2049, [4], [1, 2, 3]),
      "a/b: expected 12 bytes for 4 labels, got 11: 1 byte missing. The file is cut short: download it again.",
    ],
    [
      "2^31 labels",
      idxBytes(2049, [2 ** 31], []),
      "a/b: expected a file of at most 2147483648 bytes, got a header for 2147483648 labels. The file is damaged: download it again.",
    ],
    [
      "bytes left over",
      idxBytes(2049, [1], [1, 2, 3]),
      "a/b: expected 9 bytes for 1 label, got 11: 2 bytes left over. The file is damaged: download it again.",
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => parseIdxLabels(bytes, "a/b")).toThrow(new Error(message));
  });

  test("refuses a label out of range, and says which", () => {
    expect(() => parseIdxLabels(idxLabels([1, 9, 10, 11]))).toThrow(
      new RangeError("IDX labels: expected labels from 0 to 9, got 10 at index 2."),
    );
    expect(() => parseIdxLabels(idxLabels([1, 2, 3]), "here", 2)).toThrow(
      new RangeError("here: expected labels from 0 to 1, got 2 at index 1."),
    );
    expect([...parseIdxLabels(idxLabels([255]), "here", 256)]).toEqual([255]);
  });

  test("refuses a number of classes that bytes cannot tell apart", () => {
    expect(() => parseIdxLabels(idxLabels([1]), "here", 257)).toThrow(
      new RangeError("here: expected classes to be a whole number >= 1 and <= 256, got 257 (number)."),
    );
  });
});

describe("parseIdxHeader", () => {
  test("needs the header alone", () => {
    expect(parseIdxHeader(idxImages(2, 3, 4).subarray(0, 16), "images", "here")).toEqual({
      lengths: [2, 3, 4],
      headerBytes: 16,
      fileBytes: 40,
    });
  });

  test("takes a file of 2 GiB and no larger one", () => {
    const labels = 2 ** 31 - 8;
    expect(parseIdxHeader(idxBytes(2049, [labels], []), "labels", "here").fileBytes).toBe(2 ** 31);
    expect(() => parseIdxHeader(idxBytes(2049, [labels + 1], []), "labels", "here")).toThrow(
      new Error(
        "here: expected a file of at most 2147483648 bytes, got a header for 2147483641 labels. The file is damaged: download it again.",
      ),
    );
  });
});
