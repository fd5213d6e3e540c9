import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ImageWarper, type Warp } from "../../src/mnist/warp.js";
import { Random } from "../../src/tensor/random.js";

type Size = readonly [H: number, W: number, C: number];

const nothing: Warp = { rotation: 0, shiftX: 0, shiftY: 0, scale: 1, shear: 0 };

/** The warped image, from a copy that has other bytes before and behind it. */
function warped(image: ArrayLike<number>, size: Size, warp: Partial<Warp>): number[] {
  const pixels = Uint8Array.from([77, ...Array.from(image), 88]);
  new ImageWarper(size).warp(pixels, 1, { ...nothing, ...warp });
  expect([pixels[0], pixels.at(-1)]).toEqual([77, 88]);
  return [...pixels.subarray(1, -1)];
}

function noise(size: Size, seed = 1): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => random.integer(256));
}

/** The formula in float64, unrounded. */
function naive(
  image: Uint8Array,
  [H, W, C]: Size,
  { rotation, shiftX, shiftY, scale, shear }: Warp,
): number[] {
  const angle = (rotation * Math.PI) / 180;
  const T = Math.tan((shear * Math.PI) / 180);
  const at = (x: number, y: number, c: number): number =>
    x >= 0 && x < W && y >= 0 && y < H ? image[(y * W + x) * C + c]! : 0;
  const result: number[] = [];
  for (let row = 0; row < H; row++) {
    for (let column = 0; column < W; column++) {
      const u = (column - (W - 1) / 2 - shiftX) / scale;
      const v = (row - (H - 1) / 2 - shiftY) / scale;
      const down = Math.cos(angle) * v - Math.sin(angle) * u; // turned back
      const x = Math.cos(angle) * u + Math.sin(angle) * v - T * down + (W - 1) / 2; // and sheared back
      const y = down + (H - 1) / 2;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      for (let c = 0; c < C; c++) {
        const upper = at(left, top, c) * (left + 1 - x) + at(left + 1, top, c) * (x - left);
        const lower = at(left, top + 1, c) * (left + 1 - x) + at(left + 1, top + 1, c) * (x - left);
        result.push(upper * (top + 1 - y) + lower * (y - top));
      }
    }
  }
  return result;
}

// prettier-ignore
const square = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describe("ImageWarper", () => {
  test("turns clockwise", () => {
    expect(warped(square, [3, 3, 1], { rotation: 90 })).toEqual([7, 4, 1, 8, 5, 2, 9, 6, 3]);
    expect(warped(square, [3, 3, 1], { rotation: -90 })).toEqual([3, 6, 9, 2, 5, 8, 1, 4, 7]);
    expect(warped(square, [3, 3, 1], { rotation: 180 })).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test("shifts to the right and down, and 0 comes in from outside", () => {
    expect(warped(square, [3, 3, 1], { shiftX: 1 })).toEqual([0, 1, 2, 0, 4, 5, 0, 7, 8]);
    expect(warped(square, [3, 3, 1], { shiftX: -1, shiftY: 1 })).toEqual([0, 0, 0, 2, 3, 0, 5, 6, 0]);
    expect(warped(square, [3, 3, 1], { shiftY: 3 })).toEqual(new Array(9).fill(0));
  });

  test("shifts by a part of a pixel to the mean of neighbours, rounded", () => {
    // ¾·8 + ¼·0 = 6, then ¾·101 + ¼·8 = 77.75, then ¾·0 + ¼·101 = 25.25
    expect(warped([8, 101, 0], [1, 3, 1], { shiftX: 0.25 })).toEqual([6, 78, 25]);
    // half of what is beside the border
    expect(warped([8, 8], [1, 2, 1], { shiftX: -0.5 })).toEqual([8, 4]);
  });

  test("scales about the centre", () => {
    expect(warped([0, 0, 8, 0, 0], [1, 5, 1], { scale: 2 })).toEqual([0, 4, 8, 4, 0]);
    expect(warped([1, 2, 3, 4, 5], [1, 5, 1], { scale: 0.5 })).toEqual([0, 1, 3, 5, 0]);
  });

  test("leans to the right at the bottom, one pixel a row for 45 degrees", () => {
    expect(warped([0, 1, 0, 0, 2, 0, 0, 3, 0], [3, 3, 1], { shear: 45 })).toEqual([
      1, 0, 0, 0, 2, 0, 0, 0, 3,
    ]);
  });

  test("shears first, then turns", () => {
    // leant over, the column is the diagonal from the top left; turned, that from the top right
    const diagonal = warped([0, 1, 0, 0, 2, 0, 0, 3, 0], [3, 3, 1], { shear: 45, rotation: 90 });
    expect(diagonal).toEqual([0, 0, 1, 0, 2, 0, 3, 0, 0]);
  });

  test("leaves each byte as it is where there is nothing to do", () => {
    for (const size of [
      [28, 28, 1],
      [5, 4, 3],
      [1, 1, 1],
    ] as const) {
      expect(warped(noise(size), size, {})).toEqual([...noise(size)]);
    }
  });

  test("moves by whole pixels exactly", () => {
    const size = [28, 28, 1] as const;
    const image = noise(size);
    fc.assert(
      fc.property(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 }), (shiftX, shiftY) => {
        const expected = Array.from(image, (_, i) => {
          const [x, y] = [(i % 28) - shiftX, Math.floor(i / 28) - shiftY];
          return x >= 0 && x < 28 && y >= 0 && y < 28 ? image[28 * y + x] : 0;
        });
        expect(warped(image, size, { shiftX, shiftY })).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  // a coordinate is off by up to 1/1000 of a pixel, in x and in y, and neighbours differ by up to 255 grey levels
  const tolerance = 0.5 + (2 * 255) / 1000;

  test("equals the formula in float64, to the rounding", () => {
    const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const warps = fc.record({
      rotation: between(-180, 180),
      shiftX: between(-5, 5),
      shiftY: between(-5, 5),
      scale: between(0.5, 2),
      shear: between(-45, 45),
    });
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 3 }),
    );
    fc.assert(
      fc.property(sizes, warps, fc.nat(1000), (size, warp, seed) => {
        const image = noise(size, seed);
        const expected = naive(image, size, warp);
        for (const [i, value] of warped(image, size, warp).entries()) {
          expect(Math.abs(value - expected[i]!)).toBeLessThan(tolerance);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("equals it at the size of MNIST too", () => {
    const size = [28, 28, 1] as const;
    const image = noise(size);
    const warp: Warp = { rotation: 11.7, shiftX: -1.3, shiftY: 1.9, scale: 0.93, shear: -5.1 };
    const expected = naive(image, size, warp);
    const errors = warped(image, size, warp).map((value, i) => Math.abs(value - expected[i]!));
    expect(Math.max(...errors)).toBeLessThan(tolerance);
  });

  test("keeps what a blot weighs, but for its scale", () => {
    const size = [28, 28, 1] as const;
    const image = Uint8Array.from({ length: 784 }, (_, i) => {
      const [x, y] = [(i % 28) - 13.5, Math.floor(i / 28) - 13.5];
      return Math.max(0, 200 - 4 * (x * x + y * y));
    });
    const weight = (pixels: ArrayLike<number>) => Array.from(pixels).reduce((sum, value) => sum + value, 0);
    const warp = { rotation: 10, shiftX: 1.5, shiftY: -1.5, scale: 1.1, shear: 6 };
    expect(weight(warped(image, size, warp)) / weight(image)).toBeCloseTo(1.1 ** 2, 2);
  });

  test("keeps nothing of one image for the next", () => {
    const size = [6, 6, 1] as const;
    const warp = { ...nothing, rotation: 20, shiftX: 1.5 };
    const warper = new ImageWarper(size);
    warper.warp(noise(size, 1), 0, { ...nothing, shiftX: -3 });
    const second = noise(size, 2);
    warper.warp(second, 0, warp);
    expect([...second]).toEqual(warped(noise(size, 2), size, warp));
  });

  test("has no overflow in the largest image and the widest warp there may be", () => {
    const size = [1024, 1024, 1] as const;
    const image = new Uint8Array(1024 * 1024).fill(255);
    const warp: Warp = { rotation: 135, shiftX: -700, shiftY: 1024, scale: 0.25, shear: 45 };
    const expected = naive(image, size, { ...warp, shiftX: -400, shiftY: 400 });
    const result = warped(image, size, { ...warp, shiftX: -400, shiftY: 400 });
    // a coordinate that wraps round would fall into the image; the edge alone is off, by 2/60 of a pixel at most
    expect(result.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0)).toBeLessThan(
      9,
    );
    expect(result.some((value) => value === 255)).toBe(true);
    expect(warped(image, size, warp).every((value) => value === 0)).toBe(true);
  });
});
