import { describe, expect, test } from "vitest";
import {
  cropImage,
  expectImage,
  isPlain,
  type SourceImage,
  toRgb,
} from "../../../src/mnist/prepare/source-image.js";
import { ShapeError } from "../../../src/tensor/errors.js";

const grey = { data: Uint8Array.of(1, 2, 3, 4), width: 2, height: 2, channels: 1 } as const;

describe("expectImage", () => {
  test("takes a picture, of four channels where it does not say", () => {
    expect(expectImage("here", grey)).toEqual(grey);
    const canvas = { data: new Uint8ClampedArray(24), width: 3, height: 2 };
    expect(expectImage("here", canvas)).toEqual({ ...canvas, channels: 4 });
  });

  const wrong: [string, unknown, Error][] = [
    [
      "no object",
      "photo.png",
      new TypeError('here: expected an image { data, width, height, channels }, got "photo.png" (string).'),
    ],
    ["null", null, new TypeError("here: expected an image { data, width, height, channels }, got null.")],
    [
      "data of another type",
      { ...grey, data: [1, 2, 3, 4] },
      new TypeError("here: expected image.data to be a Uint8Array or a Uint8ClampedArray, got [1, 2, 3, 4]."),
    ],
    [
      "a side of 0",
      { ...grey, width: 0 },
      new RangeError("here: expected image.width to be a whole number >= 1, got 0 (number)."),
    ],
    [
      "a broken side",
      { ...grey, height: 1.5 },
      new RangeError("here: expected image.height to be a whole number >= 1, got 1.5 (number)."),
    ],
    [
      "five channels",
      { ...grey, channels: 5 },
      new RangeError("here: expected image.channels to be a whole number >= 1 and <= 4, got 5 (number)."),
    ],
    [
      "too few bytes",
      { ...grey, channels: 3 },
      new ShapeError("here: expected 12 bytes for 2 x 2 pixels of 3 channels, got 4."),
    ],
    [
      "too many bytes",
      { ...grey, width: 1 },
      new ShapeError("here: expected 2 bytes for 1 x 2 pixels of 1 channels, got 4."),
    ],
  ];
  test.each(wrong)("refuses %s", (_, image, error) => {
    expect(() => expectImage("here", image as SourceImage)).toThrow(error);
    expect(() => expectImage("here", image as SourceImage)).toThrow(error.constructor as ErrorConstructor);
  });
});

describe("toRgb", () => {
  const bytes = (channels: 1 | 2 | 3 | 4, ...data: readonly number[]) => {
    const rgb = toRgb({ data: Uint8Array.from(data), width: data.length / channels, height: 1, channels });
    expect([rgb.width, rgb.height]).toEqual([data.length / channels, 1]);
    return [...rgb.data];
  };

  test("repeats grey", () => {
    expect(bytes(1, 5, 200)).toEqual([5, 5, 5, 200, 200, 200]);
  });

  test("lays what is transparent over white", () => {
    // alpha 51 is a fifth: 1/5 of 100 and 4/5 of 255; of 53 it is 222.78
    expect(bytes(2, 100, 255, 100, 51, 100, 53)).toEqual([100, 100, 100, 224, 224, 224, 223, 223, 223]);
    expect(bytes(4, 10, 20, 30, 255, 10, 20, 30, 0)).toEqual([10, 20, 30, 255, 255, 255]);
  });

  test("lays white ink over black", () => {
    expect(bytes(2, 255, 255, 255, 0)).toEqual([255, 255, 255, 0, 0, 0]);
    expect(bytes(4, 255, 255, 255, 255, 255, 255, 255, 51)).toEqual([255, 255, 255, 51, 51, 51]);
  });

  test("copies no picture that is opaque", () => {
    const rgba = {
      data: Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255),
      width: 1,
      height: 2,
      channels: 4,
    } as const;
    expect(toRgb(rgba).data).toBe(rgba.data);
    expect(toRgb(rgba).channels).toBe(4);
    const rgb = { data: Uint8Array.of(1, 2, 3), width: 1, height: 1, channels: 3 } as const;
    expect(toRgb(rgb)).toEqual(rgb);
  });
});

describe("isPlain", () => {
  test.each([
    [[1, 2, 3, 1, 2, 3], true],
    [[1, 2, 3, 1, 2, 4], false],
    [[1, 2, 3], true],
  ])("of %j", (data, expected) => {
    expect(isPlain({ data: Uint8Array.from(data), width: data.length / 3, height: 1, channels: 3 })).toBe(
      expected,
    );
  });
});

describe("cropImage", () => {
  const image = {
    data: Uint8Array.from({ length: 24 }, (_, i) => i),
    width: 4,
    height: 2,
    channels: 3,
  } as const;

  test("cuts out a box", () => {
    expect(cropImage(image, { x: 1, y: 1, width: 2, height: 1 })).toEqual({
      data: Uint8Array.of(15, 16, 17, 18, 19, 20),
      width: 2,
      height: 1,
      channels: 3,
    });
  });

  test("gives the picture itself where that is all of it", () => {
    expect(cropImage(image, { x: 0, y: 0, width: 4, height: 2 })).toBe(image);
  });
});
