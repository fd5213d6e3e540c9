import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { log } from "../../src/tensor/log.js";

// exact arithmetic to compare with: n means n / 2^256, in whole numbers of any length
const ONE = 1n << 256n;
const fixed = (x: number): bigint => BigInt(Math.trunc(x * 2 ** 200)) << 56n;

/** log m = 2·(s + s³/3 + s⁵/5 + ...) with s = (m - 1) / (m + 1), until the powers vanish. */
function exactLog(m: bigint): bigint {
  const s = ((m - ONE) * ONE) / (m + ONE);
  let sum = 0n;
  for (let power = s, n = 1n; power !== 0n; power = (((power * s) / ONE) * s) / ONE, n += 2n) {
    sum += (2n * power) / n;
  }
  return sum;
}
const LN2 = exactLog(2n * ONE);

/** |log(x) - log x| / |log x| for x = m·2ᵉ, with m of ordinary size and x a float64. */
function relativeError(m: number, e: number): number {
  const half = e >> 1;
  const x = m * 2 ** half * 2 ** (e - half);
  const exact = exactLog(fixed(m)) + BigInt(e) * LN2;
  return Math.abs(Number(fixed(log(x)) - exact) / Number(exact));
}

describe("log", () => {
  test("is exactly 0 at 1, and 1 at e", () => {
    expect(log(1)).toBe(0);
    expect(log(Math.E)).toBeCloseTo(1, 15);
    expect(log(1024)).toBeCloseTo(10 * Math.LN2, 15);
  });

  test("is -Infinity at 0, NaN below it, and lets NaN and Infinity through", () => {
    expect(log(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(log(-0)).toBe(Number.NEGATIVE_INFINITY);
    expect(log(-1)).toBeNaN();
    expect(log(-Number.MIN_VALUE)).toBeNaN();
    expect(log(Number.NEGATIVE_INFINITY)).toBeNaN();
    expect(log(Number.NaN)).toBeNaN();
    expect(log(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });

  test("stays within a relative error of 3e-16 over all powers of two, by exact arithmetic", () => {
    let worst = 0;
    for (let e = -1022; e <= 1023; e++) worst = Math.max(worst, relativeError(1 + (e + 1022.5) / 2046, e));
    for (let i = 1; i < 2000; i++) worst = Math.max(worst, relativeError(0.5 + i / 1000.5, 0));
    expect(worst).toBeLessThan(3e-16);
    expect(worst).toBeGreaterThan(0);
  });

  test("stays within the bound close to 1, where the result is close to 0", () => {
    for (let i = 1; i <= 52; i++) {
      expect(relativeError(1 + 2 ** -i, 0)).toBeLessThan(3e-16);
      expect(relativeError(1 - 2 ** -(i + 1), 0)).toBeLessThan(3e-16);
    }
  });

  test("stays within the bound for any x", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 2, noNaN: true }),
        fc.integer({ min: -1022, max: 1022 }),
        (m, e) => (m === 1 && e === 0) || (m === 2 && e === -1) || relativeError(m, e) < 3e-16,
      ),
      { numRuns: 500 },
    );
  });

  test("takes subnormal numbers, whose exponent field is 0", () => {
    expect(log(Number.MIN_VALUE)).toBeCloseTo(-1074 * Math.LN2, 12);
    // 1, 3, 1000 and 2^51 - 1 units of 2^-1074
    expect(relativeError(1, -1074)).toBeLessThan(3e-16);
    expect(relativeError(1.5, -1073)).toBeLessThan(3e-16);
    expect(relativeError(1000 / 512, -1065)).toBeLessThan(3e-16);
    expect(relativeError(2 - 2 ** -50, -1024)).toBeLessThan(3e-16);
  });

  test("has the same bits in every engine", () => {
    const bits = new DataView(new ArrayBuffer(8));
    let digest = 0;
    const take = (x: number): void => {
      bits.setFloat64(0, log(x));
      digest = Math.imul(digest ^ bits.getInt32(0), 16777619);
      digest = Math.imul(digest ^ bits.getInt32(4), 16777619);
    };
    for (let x = 1e-320; x < Number.POSITIVE_INFINITY; x *= 1.43) take(x);
    for (let x = 0.7; x < 1.42; x += 0.0001) take(x);
    expect(digest).toBe(2004418527);
  });
});
