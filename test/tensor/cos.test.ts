import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cos, sin } from "../../src/tensor/cos.js";

// exact arithmetic to compare with: n means n / 2^256, in whole numbers of any length
const ONE = 1n << 256n;
const fixed = (x: number): bigint => BigInt(Math.trunc(x * 2 ** 200)) << 56n;

/** arctan(1/n) = 1/n - 1/(3·n³) + 1/(5·n⁵) - ... */
function exactArctan(n: bigint): bigint {
  let sum = 0n;
  for (let power = ONE / n, k = 1n; power !== 0n; power /= -n * n, k += 2n) sum += power / k;
  return sum;
}
// Machin's formula: π/4 = 4·arctan(1/5) - arctan(1/239)
const TAU = 8n * (4n * exactArctan(5n) - exactArctan(239n));

/** The series of the sine (from term 1) or the cosine (from term 0) after whole turns are taken off. */
function exactSeries(x: number, start: 0 | 1): bigint {
  const r = fixed(x) % TAU;
  let sum = 0n;
  for (let term = start === 0 ? ONE : r, n = BigInt(start); term !== 0n; n += 2n) {
    sum += term;
    term = (((term * r) / ONE) * -r) / (ONE * (n + 1n) * (n + 2n));
  }
  return sum;
}

function error(x: number): number {
  const ofCos = Math.abs(Number(fixed(cos(x)) - exactSeries(x, 0))) / Number(ONE);
  const ofSin = Math.abs(Number(fixed(sin(x)) - exactSeries(x, 1))) / Number(ONE);
  return Math.max(ofCos, ofSin);
}

describe("cos and sin", () => {
  test("are exact at 0", () => {
    expect(cos(0)).toBe(1);
    expect(sin(0)).toBe(0);
  });

  test("go round the quarter turns", () => {
    expect([1, 2, 3, 4, 5].map((n) => Math.round(cos((n * Math.PI) / 2)) + 0)).toEqual([0, -1, 0, 1, 0]);
    expect([1, 2, 3, 4, 5].map((n) => Math.round(sin((n * Math.PI) / 2)) + 0)).toEqual([1, 0, -1, 0, 1]);
    expect(cos(Math.PI / 3)).toBeCloseTo(0.5, 15);
    expect(sin(Math.PI / 6)).toBeCloseTo(0.5, 15);
  });

  test("are even and odd", () => {
    for (const x of [0.1, 0.8, 2, 3, 1000]) {
      expect(cos(-x)).toBe(cos(x));
      expect(sin(-x)).toBe(-sin(x));
    }
  });

  test("stay within an error of 2.5e-16 up to 2^20, by exact arithmetic", () => {
    let worst = 0;
    for (let i = -600; i <= 600; i++) {
      worst = Math.max(worst, error(i * 0.0123), error(i * 1747.6));
      // next to the multiples of π/2, where all the digits of x cancel, and in the middle between them
      worst = Math.max(worst, error((i * 1110 * Math.PI) / 2), error((i + 0.5) * (Math.PI / 2)));
    }
    expect(error(2 ** 20)).toBeLessThan(2.5e-16);
    expect(worst).toBeLessThan(2.5e-16);
    expect(worst).toBeGreaterThan(0);
  });

  test("stay within the bound for any x", () => {
    fc.assert(
      fc.property(fc.double({ min: -(2 ** 20), max: 2 ** 20, noNaN: true }), (x) => error(x) < 2.5e-16),
      { numRuns: 500 },
    );
  });

  test("are NaN beyond 2^20, and for what is no number", () => {
    for (const x of [2 ** 20 + 1, -(2 ** 20) - 1, 1e300, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(cos(x)).toBeNaN();
      expect(sin(x)).toBeNaN();
    }
  });

  test("have the same bits in every engine", () => {
    const bits = new DataView(new ArrayBuffer(8));
    let digest = 0;
    for (let x = -50; x <= 1000; x += 0.3137) {
      for (const y of [cos(x), sin(x)]) {
        bits.setFloat64(0, y);
        digest = Math.imul(digest ^ bits.getInt32(0), 16777619);
        digest = Math.imul(digest ^ bits.getInt32(4), 16777619);
      }
    }
    expect(digest).toBe(1917118619);
  });
});
