import { exp } from "./exp.js";
import { log } from "./log.js";

/** Whole exponents up to this one are multiplied out. */
const LARGEST_WHOLE = 1024;

/**
 * base to the power of exponent, with the same bits in every engine (each rounds `Math.pow` in its own way).
 *
 * A whole exponent n in [-1024, 1024] is multiplied out by repeated squaring: a power that a float64 can hold
 * exactly comes out exactly, and the relative error is at most (|n| + 1)·1.2e-16. A negative n divides 1 by the
 * positive power, so that a result below 2^-1024 comes out as 0.
 *
 * Any other exponent y takes exp(y·log base), with a relative error of at most (|y·log base| + 1)·4.5e-16, which is
 * below 4e-13 wherever the result is a normal number; a negative base gives NaN there.
 */
export function pow(base: number, exponent: number): number {
  if (Number.isInteger(exponent) && Math.abs(exponent) <= LARGEST_WHOLE) {
    const power = wholePower(base, Math.abs(exponent));
    return exponent < 0 ? 1 / power : power;
  }
  return exp(exponent * log(base));
}

/** base·base·...·base, n times: with the binary digits of n, bᵖ·bᵠ = bᵖ⁺ᵠ and the squares b, b², b⁴, b⁸, ... */
function wholePower(base: number, n: number): number {
  let power = 1;
  let square = base;
  for (let digits = n; digits > 0; digits >>= 1) {
    if ((digits & 1) === 1) power *= square;
    square *= square;
  }
  return power;
}
