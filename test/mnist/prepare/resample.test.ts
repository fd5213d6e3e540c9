import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resample, resamplePlane, sizeWithin } from "../../../src/mnist/prepare/resample.js";
import { Random } from "../../../src/tensor/random.js";
import { planeOf } from "../../helpers/plane.js";

const side = fc.integer({ min: 1, max: 9 });

function noise(length: number, seed: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => random.integer(256));
}

/** The formula: the part of each old pixel that lies under the new one. */
function naive(
  data: Uint8Array,
  height: number,
  width: number,
  newHeight: number,
  newWidth: number,
): number[] {
  const overlap = (i: number, v: number, n: number, m: number) =>
    Math.max(0, Math.min(((i + 1) * m) / n, v + 1) - Math.max((i * m) / n, v));
  return Array.from({ length: newHeight * newWidth }, (_, o) => {
    const [v, u] = [Math.floor(o / newWidth), o % newWidth];
    return data.reduce((sum, value, i) => {
      const [row, column] = [Math.floor(i / width), i % width];
      return sum + value * overlap(row, v, height, newHeight) * overlap(column, u, width, newWidth);
    }, 0);
  });
}

describe("resample", () => {
  test("made smaller by a whole factor, is the mean of blocks", () => {
    const rows = Uint8Array.of(...[1, 3, 10, 10], ...[5, 7, 10, 30]);
    expect([...resample(rows, [2, 4, 1], 1, 2)]).toEqual([4, 15]);
  });

  test("made smaller by a part, takes parts of pixels", () => {
    // three pixels over two: the first has all of the first and half of the second
    expect([...resample(Uint8Array.of(3, 6, 9), [1, 3, 1], 1, 2)]).toEqual([4, 8]);
  });

  test("made larger, repeats pixels", () => {
    expect([...resample(Float32Array.of(1, 2), [1, 2, 1], 2, 4)]).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  });

  test("keeps channels apart", () => {
    expect([...resample(Uint8ClampedArray.of(1, 10, 3, 30), [1, 2, 2], 1, 1)]).toEqual([2, 20]);
  });

  test("leaves a picture of the same size as it is", () => {
    const data = noise(5 * 7 * 3, 1);
    expect([...resample(data, [5, 7, 3], 5, 7)]).toEqual([...data]);
  });

  test("equals the formula for all sizes", () => {
    fc.assert(
      fc.property(side, side, side, side, fc.nat(100), (height, width, newHeight, newWidth, seed) => {
        const data = noise(height * width, seed);
        const expected = naive(data, height, width, newHeight, newWidth);
        const result = resample(data, [height, width, 1], newHeight, newWidth);
        for (const [i, value] of result.entries()) expect(value).toBeCloseTo(expected[i]!, 3);
      }),
      { numRuns: 200 },
    );
  });

  test("undoes an enlargement by a whole factor", () => {
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 8 }), fc.nat(100), (height, width, factor, seed) => {
        const data = noise(height * width, seed);
        const large = resample(data, [height, width, 1], factor * height, factor * width);
        const small = resample(large, [factor * height, factor * width, 1], height, width);
        for (const [i, value] of small.entries()) expect(value).toBeCloseTo(data[i]!, 3);
      }),
      { numRuns: 50 },
    );
  });
});

describe("resamplePlane", () => {
  test("resamples a plane", () => {
    const numbers = planeOf(2, 2, (x, y) => x + 10 * y);
    expect(resamplePlane(numbers, 1, 2)).toEqual({ data: Float32Array.of(0.5, 10.5), width: 1, height: 2 });
  });
});

describe("sizeWithin", () => {
  test.each([
    [100, 50, [100, 50]], // small enough
    [512, 256, [256, 128]],
    [1000, 3000, [85, 256]],
    [4000, 1, [256, 1]], // a side is never 0
  ])("of %i x %i", (width, height, expected) => {
    expect(sizeWithin(256, width, height)).toEqual(expected);
  });
});
