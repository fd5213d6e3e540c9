import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clipGradientsByGlobalNorm } from "../../src/optim/clip.js";
import { ShapeError } from "../../src/tensor/errors.js";
import type { Parameter } from "../../src/tensor/parameter.js";
import { Tensor } from "../../src/tensor/tensor.js";

function parameters(...grads: readonly number[][]): Parameter[] {
  return grads.map((grad, i) => ({
    name: `w${i}`,
    value: Tensor.zeros([grad.length]),
    grad: Tensor.from(grad),
  }));
}

const gradsOf = (list: readonly Parameter[]) => list.map(({ grad }) => grad.toArray());

describe("clipGradientsByGlobalNorm", () => {
  test("shortens all gradients by one factor, and returns the norm they had", () => {
    const list = parameters([6, 0], [-8]); // √(36 + 64) = 10
    expect(clipGradientsByGlobalNorm(list, 5)).toBe(10);
    expect(gradsOf(list)).toEqual([[3, 0], [-4]]);
  });

  test("leaves gradients alone that are short enough", () => {
    const list = parameters([6, 0], [-8]);
    expect(clipGradientsByGlobalNorm(list, 10)).toBe(10);
    expect(gradsOf(list)).toEqual([[6, 0], [-8]]);
    expect(clipGradientsByGlobalNorm(parameters([0, 0]), 1)).toBe(0);
    expect(clipGradientsByGlobalNorm([], 1)).toBe(0);
  });

  test("leaves gradients alone that are not finite, and returns their norm", () => {
    const list = parameters([100, Number.NaN], [1]);
    expect(clipGradientsByGlobalNorm(list, 1)).toBeNaN();
    expect(gradsOf(list)).toEqual([[100, Number.NaN], [1]]);
    const infinite = parameters([100, Number.NEGATIVE_INFINITY]);
    expect(clipGradientsByGlobalNorm(infinite, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(gradsOf(infinite)).toEqual([[100, Number.NEGATIVE_INFINITY]]);
  });

  test("sums in float64, where the squares of float32 neither overflow nor vanish", () => {
    const list = parameters([3e30, 4e30]);
    expect(clipGradientsByGlobalNorm(list, 5) / 5e30).toBeCloseTo(1, 6);
    expect(gradsOf(list)).toBeAllclose([[3, 4]]);
    expect(clipGradientsByGlobalNorm(parameters([3e-30, 4e-30]), 1) / 5e-30).toBeCloseTo(1, 6);
  });

  test("leaves a norm of at most maxNorm, but for rounding, and keeps the direction", () => {
    const grads = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(grads, grads, fc.double({ min: 0.01, max: 100, noNaN: true }), (a, b, maxNorm) => {
        const list = parameters(a, b);
        const norm = clipGradientsByGlobalNorm(list, maxNorm);
        const factor = Math.min(1, maxNorm / norm);
        expect(gradsOf(list)[0]).toBeAllclose(a.map((g) => g * factor));
        expect(gradsOf(list)[1]).toBeAllclose(b.map((g) => g * factor));
        expect(clipGradientsByGlobalNorm(list, 1e9)).toBeLessThanOrEqual(maxNorm * (1 + 1e-6));
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    [0, "0 (number)"],
    [Number.NaN, "NaN (number)"],
    [Number.POSITIVE_INFINITY, "Infinity (number)"],
  ])("refuses a largest norm of %d", (maxNorm, shown) => {
    expect(() => clipGradientsByGlobalNorm([], maxNorm)).toThrow(
      new RangeError(`clipGradientsByGlobalNorm: expected maxNorm to be a finite number > 0, got ${shown}.`),
    );
  });

  test("refuses a gradient of another shape than its value", () => {
    const list = [{ name: "w", value: Tensor.zeros([2]), grad: Tensor.zeros([3]) }];
    expect(() => clipGradientsByGlobalNorm(list, 1)).toThrow(
      new ShapeError("clipGradientsByGlobalNorm: expected the gradient of w to have its shape [2], got [3]."),
    );
  });
});
