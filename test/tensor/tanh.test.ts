import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tanh } from "../../src/tensor/tanh.js";

describe("tanh", () => {
  const relativeError = (x: number): number => Math.abs(tanh(x) / Math.tanh(x) - 1);

  test("has a relative error below 3e-12, next to 0 and where the two formulas meet too", () => {
    for (const x of [
      1e-300,
      1e-20,
      1e-8,
      1 / 4096 - 1e-9,
      1 / 4096,
      1 / 4096 + 1e-9,
      0.01,
      0.5,
      1,
      5,
      19,
      20,
    ]) {
      expect(relativeError(x)).toBeLessThan(3e-12);
    }
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 25, noNaN: true }), (x) => relativeError(x) < 3e-12),
      { numRuns: 200 },
    );
  });

  test("takes the quotient from 1/4096 on, in every engine", () => {
    expect(tanh(1 / 4096)).toBe(0.00024414062014932458); // the series would give ...4936158
  });

  test("is odd in every bit", () => {
    fc.assert(fc.property(fc.double({ noNaN: true }), (x) => Object.is(tanh(-x), -tanh(x))));
  });
});
