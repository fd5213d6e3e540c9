import { exp } from "./exp.js";

// below this |x|, 1 less a number near 1 would lose digits, and the series x − x³/3 is exact to 1e-15
const SMALL = 1 / 4096;

/**
 * The hyperbolic tangent, with the same bits in every engine (each rounds `Math.tanh` in its own way).
 *
 * From the definition, with numerator and denominator multiplied by eˣ, tanh x = (e²ˣ − 1) / (e²ˣ + 1) =
 * 1 − 2 / (e²ˣ + 1).
 *
 * The relative error is below 3e-12, and tanh(−x) = −tanh(x) in every bit.
 */
export function tanh(x: number): number {
  if (Math.abs(x) < SMALL) return x * (1 - (x * x) / 3);
  const magnitude = 1 - 2 / (exp(2 * Math.abs(x)) + 1); // 1 where exp gives Infinity
  return x < 0 ? -magnitude : magnitude;
}
