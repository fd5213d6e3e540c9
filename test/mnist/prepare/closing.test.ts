import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closing } from "../../../src/mnist/prepare/closing.js";
import type { Plane } from "../../../src/mnist/prepare/plane.js";
import { Random } from "../../../src/tensor/random.js";
import { planeOf } from "../../helpers/plane.js";

const row = (...levels: readonly number[]): Plane => ({
  data: Float32Array.from(levels),
  width: levels.length,
  height: 1,
});

describe("closing", () => {
  test("fills what is dark and narrower than the square", () => {
    expect([...closing(row(9, 9, 2, 1, 9, 9), 1).data]).toEqual([9, 9, 9, 9, 9, 9]);
  });

  test("leaves what is as wide", () => {
    expect([...closing(row(9, 9, 2, 1, 3, 9, 9), 1).data]).toEqual([9, 9, 3, 3, 3, 9, 9]);
  });

  test("leaves what is light, and the edge of a shadow", () => {
    expect([...closing(row(1, 1, 1, 9, 1, 1, 1), 1).data]).toEqual([1, 1, 1, 9, 1, 1, 1]);
    expect([...closing(row(9, 9, 9, 4, 4, 4), 1).data]).toEqual([9, 9, 9, 4, 4, 4]);
  });

  test("leaves a slope as it is, to its ends", () => {
    const slope = planeOf(12, 9, (x, y) => 3 * x + y);
    expect(closing(slope, 3)).toEqual(slope);
  });

  test("fills a ring, and not what is about it", () => {
    const ring = planeOf(15, 15, (x, y) => (Math.max(Math.abs(x - 7), Math.abs(y - 7)) === 3 ? 0 : 5));
    expect(closing(ring, 1)).toEqual(planeOf(15, 15, () => 5));
  });

  test("is never below the picture, and changes nothing when it is done again", () => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 4 }), fc.nat(100), (width, height, radius, seed) => {
        const random = new Random(seed);
        const picture = planeOf(width, height, () => random.integer(50));
        const closed = closing(picture, radius);
        expect([closed.width, closed.height]).toEqual([width, height]);
        expect(closed.data.every((level, i) => level >= picture.data[i]!)).toBe(true);
        expect(closing(closed, radius)).toEqual(closed);
      }),
      { numRuns: 100 },
    );
  });
});
