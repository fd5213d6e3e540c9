import { refuse } from "./expect.js";

/**
 * ln 2 is LN2_HIGH + LN2_LOW: the high part has 42 bits, so that its product with a whole number below 2^11 is exact,
 * and the low part holds the next 53 bits.
 */
export const LN2_HIGH = 0.6931471805598903;
/** See `LN2_HIGH`. */
export const LN2_LOW = 5.497923018708371e-14;

// beyond ±LIMIT the result is 0 or Infinity even after rounding: 2^-1075 is exp(-745.1), 2^1024 is exp(709.8)
const LIMIT = 746;

// |k| is at most 746 / ln 2 = 1076.3, rounded, and 2ᵏ is applied in two factors of half as many powers each
const MIDDLE = 538;
const HALF_POWERS = /* @__PURE__ */ powersOfTwo(MIDDLE);

/**
 * The exponential function eˣ, with the same bits in every engine (each rounds `Math.exp` in its own way).
 *
 * With k the whole number nearest to x / ln 2, x = k·ln 2 + r and |r| <= ln 2 / 2, so that eˣ = 2ᵏ·eʳ. The Taylor
 * series of eʳ = cosh r + sinh r, the even and the odd powers, ends at r¹³: the next term, r¹⁴/14!, is below
 * 2⁻⁵⁷. Multiplying by 2ᵏ rounds nothing, as long as the result is no subnormal number.
 *
 * The relative error is below 3e-16 for x in [-708, 709]. Below that the result is subnormal and off by at most
 * one of its last units (5e-324). exp(0) is exactly 1, exp(-Infinity) 0, exp(Infinity) Infinity, exp(NaN) NaN.
 */
export function exp(x: number): number {
  if (typeof x !== "number") refuse("exp", "x", "a number", x);
  if (!(Math.abs(x) <= LIMIT)) return beyond(x);
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;

  // two short chains of products, which the processor works out side by side
  const z = r * r;
  const r3 = r * z;
  const sinhLessR =
    r3 *
    (1 / 6 + z * (1 / 120 + z * (1 / 5040 + z * (1 / 362880 + z * (1 / 39916800 + z * (1 / 6227020800))))));
  const coshLess1 =
    z * (1 / 2 + z * (1 / 24 + z * (1 / 720 + z * (1 / 40320 + z * (1 / 3628800 + z * (1 / 479001600))))));

  // 2ᵏ in two factors, since 2^1024 and 2^-1075 are no float64, though a result next to them may be
  const half = k >> 1;
  return (1 + (r + (sinhLessR + coshLess1))) * HALF_POWERS[MIDDLE + half]! * HALF_POWERS[MIDDLE + k - half]!;
}

/** exp of what lies outside [-LIMIT, LIMIT], NaN included. */
function beyond(x: number): number {
  if (x > 0) return Number.POSITIVE_INFINITY;
  return x < 0 ? 0 : Number.NaN;
}

/** 2^-n, ..., 1, ..., 2^n: by doubling and halving, which are exact. */
function powersOfTwo(n: number): Float64Array {
  const powers = new Float64Array(2 * n + 1);
  powers[n] = 1;
  for (let i = 1; i <= n; i++) {
    powers[n + i] = powers[n + i - 1]! * 2;
    powers[n - i] = powers[n - i + 1]! / 2;
  }
  return powers;
}
