import { beforeAll, describe, expect, test } from "vitest";
import { prepareDigit } from "../../../src/mnist/prepare/prepare-digit.js";
import type { SourceImage } from "../../../src/mnist/prepare/source-image.js";
import { readMnistFolder } from "../../../src/node/mnist-folder.js";
import { findMnistData } from "../../../src/node/mnist-package.js";
import { ShapeError } from "../../../src/tensor/errors.js";
import { Random } from "../../../src/tensor/random.js";
import { enlarged } from "../../helpers/enlarged.js";
import { renderPhoto, type Scene } from "../../helpers/render-photo.js";

let mnist: Uint8Array;

beforeAll(async () => {
  mnist = (await readMnistFolder(findMnistData())).test.images.data;
});

const digitOf = (i: number): Uint8Array => mnist.subarray(784 * i, 784 * (i + 1));

const square = (data: Uint8Array): SourceImage => {
  const side = Math.sqrt(data.length);
  return { data, width: side, height: side, channels: 1 };
};

/** The mean difference of two pictures, in grey levels. */
const difference = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

const scene: Scene = {
  width: 300,
  height: 240,
  size: 180,
  x: 170,
  y: 110,
  rotation: 0,
  ink: [20, 20, 30],
  paper: [240, 235, 225],
  sharpness: 2,
  gradient: 0.3,
  lightFrom: 40,
  vignette: 0.3,
  noise: 5,
  blur: 1,
  seed: 1,
};

describe("prepareDigit", () => {
  test("gives back a digit of MNIST, nearly as it was", () => {
    for (let i = 0; i < 20; i++) {
      const { pixels, inverted, strokeWidth } = prepareDigit(square(digitOf(i)));
      expect(inverted).toBe(true);
      // thin strokes are thickened
      expect(difference(pixels, digitOf(i))).toBeLessThan(strokeWidth < 1.7 ? 25 : 5);
    }
  });

  test("gives the same of the negative, in colour, and with an alpha channel", () => {
    const negative = digitOf(0).map((ink) => 255 - ink);
    const { pixels, inverted } = prepareDigit(square(negative));
    expect(inverted).toBe(false);
    expect(pixels).toEqual(prepareDigit(square(digitOf(0))).pixels);
    const repeated = (ink: number, alpha: number) => [ink, ink, ink, alpha];
    const opaque = Uint8ClampedArray.from([...negative].flatMap((ink) => repeated(ink, 255)));
    expect(prepareDigit({ data: opaque, width: 28, height: 28 }).pixels).toEqual(pixels);
    // black or white ink on nothing
    for (const ink of [0, 255]) {
      const clear = Uint8ClampedArray.from([...digitOf(0)].flatMap((alpha) => repeated(ink, alpha)));
      expect(difference(prepareDigit({ data: clear, width: 28, height: 28 }).pixels, pixels)).toBeLessThan(
        0.1,
      );
    }
  });

  test("finds the same box in a digit made larger, and strokes nearly as wide", () => {
    const small = prepareDigit(square(digitOf(1)));
    for (const factor of [2, 3, 10]) {
      const { box, strokeWidth } = prepareDigit(square(enlarged(digitOf(1), factor)));
      for (const side of ["x", "y", "width", "height"] as const) {
        expect(Math.abs(box[side] / factor - small.box[side])).toBeLessThan(1);
      }
      // pixels that can be seen have a longer outline
      expect(strokeWidth).toBeGreaterThan(0.8 * small.strokeWidth);
      expect(strokeWidth).toBeLessThan(small.strokeWidth);
    }
  });

  test("says where the digit was, and how wide its strokes are", () => {
    const [width, height] = [400, 300];
    const data = new Uint8Array(width * height).fill(250);
    for (let y = 100; y < 200; y++) data.fill(10, y * width + 220, y * width + 232);
    const { box, strokeWidth, inverted } = prepareDigit({ data, width, height, channels: 1 });
    expect(inverted).toBe(false);
    // a bar of 12 x 100 is 2.4 x 20 in the field; pixels of the reduced picture are 1.6 of the original
    expect(Math.abs(box.x - 220)).toBeLessThan(3);
    expect(Math.abs(box.y - 100)).toBeLessThan(3);
    expect(Math.abs(box.width - 12)).toBeLessThan(5);
    expect(Math.abs(box.height - 100)).toBeLessThan(5);
    expect(strokeWidth).toBeCloseTo(2.2, 0);
  });

  test("looks from near at a digit that is small in the picture", () => {
    const large = { ...scene, width: 1600, height: 1200, size: 70, x: 1300, y: 200, blur: 0, noise: 3 };
    const { width, height } = large;
    const data = renderPhoto(digitOf(0), large);
    const { pixels, box, strokeWidth } = prepareDigit({ data, width, height, channels: 3 });
    expect(difference(pixels, digitOf(0))).toBeLessThan(8);
    expect(strokeWidth).toBeCloseTo(2, 0);
    // the digit is 50 pixels high, and not quite in the middle of its field
    expect(Math.abs(box.x + box.width / 2 - 1300)).toBeLessThan(10);
    expect(Math.abs(box.y + box.height / 2 - 207)).toBeLessThan(3);
    expect(Math.abs(box.height - 50)).toBeLessThan(3);
  });

  test("sees through noise by looking at a smaller picture", () => {
    const noisy = { ...scene, ink: [120, 120, 120], paper: [200, 200, 200], noise: 40 } as const;
    const { width, height } = noisy;
    const { pixels } = prepareDigit({ data: renderPhoto(digitOf(0), noisy), width, height, channels: 3 });
    expect(difference(pixels, digitOf(0))).toBeLessThan(25);
  });

  test("leaves the picture alone, and gives the same each time", () => {
    const { width, height } = scene;
    const data = renderPhoto(digitOf(3), scene);
    const copy = data.slice();
    const first = prepareDigit({ data, width, height, channels: 3 });
    expect(data).toEqual(copy);
    expect(prepareDigit({ data, width, height, channels: 3 })).toEqual(first);
  });

  test.each<[string, SourceImage]>([
    ["1 x 1", { data: Uint8Array.of(7), width: 1, height: 1, channels: 1 }],
    ["white", { data: new Uint8Array(784).fill(255), width: 28, height: 28, channels: 1 }],
    ["blue", { data: Uint8Array.of(0, 0, 255, 0, 0, 255), width: 2, height: 1, channels: 3 }],
    ["clear", { data: new Uint8ClampedArray(400), width: 10, height: 10 }],
  ])("refuses an image of one colour: %s", (_, image) => {
    expect(() => prepareDigit(image)).toThrow(
      new Error("prepareDigit: expected a digit, got an image of one colour."),
    );
  });

  const random = new Random(1);
  const byte = (value: number) => Math.min(255, Math.max(0, Math.round(value)));
  test.each<[string, SourceImage]>([
    ["noise", square(Uint8Array.from({ length: 100 ** 2 }, () => random.integer(256)))],
    ["black and white noise", square(Uint8Array.from({ length: 100 ** 2 }, () => 255 * random.integer(2)))],
    ["dust", square(Uint8Array.from({ length: 90 ** 2 }, () => (random.integer(40) === 0 ? 0 : 255)))],
    ["bare paper", square(Uint8Array.from({ length: 300 ** 2 }, () => byte(230 + 4 * random.normal())))],
    ["a slope of light", square(Uint8Array.from({ length: 200 ** 2 }, (_, i) => 90 + (i % 200) / 2))],
    ["one dot", square(Uint8Array.from({ length: 28 ** 2 }, (_, i) => (i === 400 ? 0 : 255)))],
    ["two pixels", { data: Uint8Array.of(0, 255), width: 2, height: 1, channels: 1 }],
  ])("refuses %s", (_, image) => {
    expect(() => prepareDigit(image)).toThrow(
      new Error(
        "prepareDigit: expected a digit, got an image in which none stands out from the paper. Take the picture from nearer or with more light.",
      ),
    );
  });

  test.each([28, 64, 150])("refuses coloured noise, %i pixels wide, whatever its seed", (side) => {
    for (let seed = 0; seed < 10; seed++) {
      const seeded = new Random(seed);
      const height = Math.round(0.8 * side);
      const data = Uint8Array.from({ length: 3 * side * height }, () => seeded.integer(256));
      const noise = { data, width: side, height, channels: 3 } as const;
      expect(() => prepareDigit(noise)).toThrow("expected a digit, got an image in which none stands out");
    }
  });

  test("names the picture in its errors", () => {
    expect(() => prepareDigit(square(new Uint8Array(4)), "photo.png")).toThrow(
      new Error("photo.png: expected a digit, got an image of one colour."),
    );
    expect(() => prepareDigit({ ...square(new Uint8Array(4)), channels: 3 }, "photo.png")).toThrow(
      new ShapeError("photo.png: expected 12 bytes for 2 x 2 pixels of 3 channels, got 4."),
    );
  });
});
