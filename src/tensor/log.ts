import { LN2_HIGH, LN2_LOW } from "./exp.js";
import { refuse } from "./expect.js";

const SMALLEST_NORMAL = 2.2250738585072014e-308; // 2^-1022
const TWO_54 = 18014398509481984;

// the bits of a float64: sign (1), exponent + 1023 (11), fraction (52), most significant first
const bits = /* @__PURE__ */ new DataView(new ArrayBuffer(8));

/**
 * The natural logarithm, with the same bits in every engine (each rounds `Math.log` in its own way).
 *
 * With x = 2ᵉ·m and m in (√½, √2], log x = e·ln 2 + log m, and with f = m - 1 and s = f / (2 + f),
 *
 *     log m = log((1 + s) / (1 - s)) = 2·(s + s³/3 + s⁵/5 + ...),    |s| <= 0.172.
 *
 * The series ends at s²¹: what follows is below 2⁻⁶⁰ of the sum.
 *
 * The relative error is below 3e-16 for every positive x, subnormal numbers included. log(1) is exactly 0, log(0)
 * -Infinity, log(Infinity) Infinity; a negative number and NaN give NaN.
 */
export function log(x: number): number {
  if (typeof x !== "number") refuse("log", "x", "a number", x);
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return outside(x);

  let exponent = 0;
  if (x < SMALLEST_NORMAL) {
    // a subnormal number has no leading 1; one can be had exactly
    x *= TWO_54;
    exponent = -54;
  }
  bits.setFloat64(0, x);
  const top = bits.getUint32(0);
  exponent += (top >>> 20) - 1023;
  bits.setUint32(0, (top & 0x000fffff) | 0x3ff00000); // the exponent field of numbers in [1, 2)
  let m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    exponent++;
  }

  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  // the terms after the first, divided by s: 2z/3 + 2z²/5 + ... + 2z¹⁰/21
  let rest = 0;
  for (let n = 21; n >= 3; n -= 2) rest = z * (2 / n + rest);
  // 2s is f - s·f: written so, the rounding of s only touches a small correction of the exact f
  return exponent * LN2_HIGH - (s * (f - rest) - exponent * LN2_LOW - f);
}

/** log of what is not a positive finite number. */
function outside(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  return x > 0 ? x : Number.NaN;
}
