import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exp } from "../../src/tensor/exp.js";
import { log } from "../../src/tensor/log.js";
import { pow } from "../../src/tensor/pow.js";

/** |pow(base, n) - baseⁿ| / |baseⁿ|, with baseⁿ as an exact fraction of whole numbers. */
function relativeError(base: number, n: number): number {
  // base = m / 2^60, so that base^|n| = m^|n| / 2^(60·|n|)
  const power = BigInt(base * 2 ** 60) ** BigInt(Math.abs(n));
  const scale = 1n << BigInt(60 * Math.abs(n));
  const [top, bottom] = n >= 0 ? [power, scale] : [scale, power];
  // ours = u / 2^60·2ᵉ for a u near 2^60, so that the error is u·2ᵉ·bottom / (top·2^60) - 1
  const e = Math.round(n * Math.log2(base));
  const half = e >> 1;
  const u = BigInt(pow(base, n) * 2 ** -half * 2 ** -(e - half) * 2 ** 60);
  const ours = (u * bottom) << BigInt(Math.max(e, 0));
  const exact = top << BigInt(60 + Math.max(-e, 0));
  return Math.abs(Number(((ours - exact) << 100n) / exact) / 2 ** 100);
}

describe("pow", () => {
  test("multiplies whole powers out, exactly where they can be held", () => {
    expect(pow(2, 10)).toBe(1024);
    expect(pow(10, 3)).toBe(1000);
    expect(pow(-3, 3)).toBe(-27);
    expect(pow(-3, 4)).toBe(81);
    expect(pow(7, 1)).toBe(7);
    expect(pow(0.5, 3)).toBe(0.125);
    expect(pow(2, -10)).toBe(1 / 1024);
    expect(pow(10, -3)).toBe(0.001);
    expect(pow(2, 1023)).toBe(2 ** 1023);
  });

  test("is 1 for the exponent 0, whatever the base", () => {
    for (const base of [0, 1, -2, Number.NaN, Number.POSITIVE_INFINITY]) expect(pow(base, 0)).toBe(1);
  });

  test("takes roots and other powers by exp and log", () => {
    expect(pow(4, 0.5)).toBeCloseTo(2, 14);
    expect(pow(2, -0.5)).toBeCloseTo(Math.SQRT1_2, 15);
    expect(pow(0.999, 5000)).toBe(exp(5000 * log(0.999)));
    expect(pow(0.999, 5000)).toBeCloseTo(0.006721111959865, 14);
  });

  test("has the limits of the other powers", () => {
    expect(pow(0, 0.5)).toBe(0);
    expect(pow(0, -0.5)).toBe(Number.POSITIVE_INFINITY);
    expect(pow(0, -1)).toBe(Number.POSITIVE_INFINITY);
    expect(pow(0.5, Number.POSITIVE_INFINITY)).toBe(0);
    expect(pow(2, 1024)).toBe(Number.POSITIVE_INFINITY);
    expect(pow(2, -1024)).toBe(0); // 1 / Infinity, as the comment there says
    expect(pow(-2, 0.5)).toBeNaN();
    expect(pow(-2, 1025)).toBeNaN();
    expect(pow(Number.NaN, 2)).toBeNaN();
    expect(pow(2, Number.NaN)).toBeNaN();
  });

  test("keeps a whole power within (|n| + 1)·1.2e-16, by exact arithmetic", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.75, max: 1.5, noNaN: true }),
        fc.integer({ min: -1024, max: 1024 }),
        (base, n) => relativeError(base, n) <= (Math.abs(n) + 1) * 1.2e-16,
      ),
      { numRuns: 300 },
    );
  });

  test("goes on smoothly from the products to exp and log", () => {
    // 1024 is the last exponent that is multiplied out, 1025 the first that is not
    for (const base of [0.9, 0.99, 0.999, 1.01]) {
      expect(Math.abs(pow(base, 1025) / (pow(base, 1024) * base) - 1)).toBeLessThan(4e-13);
    }
  });
});
