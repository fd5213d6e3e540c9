import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exp } from "../../src/tensor/exp.js";

// exact arithmetic to compare with: n means n / 2^256, in whole numbers of any length
const ONE = 1n << 256n;
const fixed = (x: number): bigint => BigInt(Math.trunc(x * 2 ** 200)) << 56n;

/** 1 + r + r²/2! + r³/3! + ... until the terms vanish. */
function exactExp(r: bigint): bigint {
  let sum = 0n;
  for (let term = ONE, n = 1n; term !== 0n; n++) {
    sum += term;
    term = (term * r) / (ONE * n);
  }
  return sum;
}

/** ln 2 = 2·(1/3 + 1/(3·3³) + 1/(5·3⁵) + ...). */
function exactLn2(): bigint {
  let sum = 0n;
  for (let power = ONE / 3n, n = 1n; power !== 0n; power /= 9n, n += 2n) sum += (2n * power) / n;
  return sum;
}
const LN2 = exactLn2();

/** |exp(x) - eˣ| / eˣ, with both divided by a power of two that brings them near 1. */
function relativeError(x: number): number {
  const k = Math.round(x / Math.LN2);
  const half = k >> 1;
  const exact = exactExp(fixed(x) - BigInt(k) * LN2);
  const ours = fixed(exp(x) * 2 ** -half * 2 ** -(k - half));
  return Math.abs(Number(ours - exact) / Number(exact));
}

describe("exp", () => {
  test("is exactly 1 at 0, and e at 1", () => {
    expect(exp(0)).toBe(1);
    expect(exp(-0)).toBe(1);
    expect(exp(1)).toBeCloseTo(Math.E, 14);
    expect(exp(Math.LN2)).toBeCloseTo(2, 14);
  });

  test("goes to 0 and to Infinity at the ends, and lets NaN through", () => {
    expect(exp(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(exp(-1e300)).toBe(0);
    expect(exp(-746)).toBe(0);
    expect(exp(-745.2)).toBe(0);
    expect(exp(709.79)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(746)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(1e300)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(Number.NaN)).toBeNaN();
  });

  test("stays within a relative error of 3e-16 on [-708, 709], by exact arithmetic", () => {
    let worst = 0;
    for (let i = 0; i <= 4000; i++) worst = Math.max(worst, relativeError(-708 + (1417 * i) / 4000));
    // the ends of the reduced range, |r| = ln 2 / 2, where the series is at its worst
    for (let k = -1021; k <= 1022; k++) worst = Math.max(worst, relativeError((k + 0.5) * Math.LN2));
    expect(worst).toBeLessThan(3e-16);
    expect(worst).toBeGreaterThan(0);
  });

  test("stays within the bound for any x", () => {
    fc.assert(
      fc.property(fc.double({ min: -708, max: 709, noNaN: true }), (x) => relativeError(x) < 3e-16),
      { numRuns: 500 },
    );
  });

  test("is off by at most one unit where the result is subnormal", () => {
    // the smallest: e^-745.1 is 0.52·2^-1073, so it rounds to one unit
    expect(exp(-745.1)).toBe(Number.MIN_VALUE);
    for (let x = -745; x < -708; x += 0.01) {
      // the same power by two factors of ordinary size; its product is rounded to a whole unit as well
      const expected = exp(x + 600) * exp(-600);
      expect(Math.abs(exp(x) - expected) <= 1e-15 * expected + Number.MIN_VALUE).toBe(true);
    }
  });

  test("reaches the largest numbers without overflow on the way", () => {
    expect(exp(709.78) / 2 ** 1023).toBeCloseTo(1.99458, 4);
  });

  test("has the same bits in every engine", () => {
    const bits = new DataView(new ArrayBuffer(8));
    let digest = 0;
    for (let x = -750; x <= 712; x += 0.3137) {
      bits.setFloat64(0, exp(x));
      digest = Math.imul(digest ^ bits.getInt32(0), 16777619);
      digest = Math.imul(digest ^ bits.getInt32(4), 16777619);
    }
    expect(digest).toBe(1050785367);
  });
});
