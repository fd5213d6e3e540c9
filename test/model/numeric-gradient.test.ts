import { describe, expect, test } from "vitest";
import { numericGradient } from "../../src/model/numeric-gradient.js";

describe("numericGradient", () => {
  test("measures the slope of a cubic exactly, but for rounding", () => {
    // x³ at 2: central differences are off by h², which the extrapolation takes away
    const values = Float32Array.of(2);
    const [slope] = numericGradient(() => values[0]! ** 3, values, 0.5);
    expect(slope!.value).toBeCloseTo(12, 10);
    expect([...values]).toEqual([2]);
  });

  test("doubts a slope at a kink, wherever the kink lies within the step", () => {
    for (const kink of [0, 0.01, -0.02, 1 / 30, 0.05, -0.07]) {
      const values = Float32Array.of(1);
      const at = values[0]! + kink;
      const [slope] = numericGradient(() => Math.abs(values[0]! - at), values, 0.1);
      const expected = kink === 0 ? 0 : -Math.sign(kink);
      // the mean of both slopes at the kink itself, which the doubt gives away
      expect(Math.abs(slope!.value - expected)).toBeLessThanOrEqual(slope!.doubt + 1e-6);
      if (kink === 0) expect(slope!.doubt).toBeGreaterThan(0.5);
      else expect(slope!.doubt).toBeLessThan(1e-3);
    }
  });

  test("is not taken in by kinks on both sides", () => {
    const slopeAtZero = (f: (v: number) => number): number => {
      const values = new Float32Array(1);
      return numericGradient(() => f(values[0]!), values, 0.1)[0]!.value;
    };
    // no bend at any step, but the differences grow as the step shrinks: 0.3, 0.6, 1, 1
    expect(slopeAtZero((v) => Math.max(-0.03, Math.min(0.03, v)))).toBeCloseTo(1, 4);
    // with steps of 0.1 and 0.05 the slope is 2, and only the next step tells the truth
    const steep = (size: number): number => Math.min(2 * size, Math.max(size, 0.03 + 3.5 * (size - 0.03)));
    expect(slopeAtZero((v) => Math.sign(v) * steep(Math.abs(v)))).toBeCloseTo(1, 4);
  });
});
