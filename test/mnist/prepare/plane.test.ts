import { describe, expect, test } from "vitest";
import { at, cropPlane } from "../../../src/mnist/prepare/plane.js";
import { plane, planeOf } from "../../helpers/plane.js";

describe("at", () => {
  test("gives a pixel, and 0 beyond each edge", () => {
    const numbers = planeOf(3, 2, (x, y) => 10 * y + x + 1);
    expect([at(numbers, 0, 0), at(numbers, 2, 1)]).toEqual([1, 13]);
    expect([at(numbers, -1, 1), at(numbers, 3, 0), at(numbers, 0, -1), at(numbers, 0, 2)]).toEqual([
      0, 0, 0, 0,
    ]);
  });
});

describe("cropPlane", () => {
  test("cuts out a box", () => {
    const numbers = planeOf(4, 3, (x, y) => 10 * y + x);
    expect(cropPlane(numbers, { x: 1, y: 1, width: 3, height: 2 })).toEqual({
      data: Float32Array.of(11, 12, 13, 21, 22, 23),
      width: 3,
      height: 2,
    });
  });

  test("copies, so that the plane may be changed", () => {
    const whole = plane("##", "##");
    const part = cropPlane(whole, { x: 0, y: 0, width: 2, height: 2 });
    expect(part).toEqual(whole);
    expect(part.data).not.toBe(whole.data);
  });
});
