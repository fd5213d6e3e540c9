// π/2 as a sum: the first two parts have 33 bits each, so that their products with a whole number below 2^20 are
// exact, and the last holds the next 53 bits
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_MIDDLE = 6.077100506303966e-11;
const HALF_PI_LOW = 2.0222662487959506e-21;

/** The largest |x| whose cosine and sine are worked out: 2^20, some 167,000 turns. */
const LARGEST = 1048576;

/**
 * The cosine of an angle in radians, with the same bits in every engine (each rounds `Math.cos` in its own way).
 *
 * The error is below 2.5e-16 for |x| <= 2^20. Beyond that the angle itself is too coarse to be of use, and the
 * result is NaN, as it is for NaN and the infinities.
 */
export function cos(x: number): number {
  const quarters = nearestQuarter(x);
  return turned(x, quarters, quarters + 1); // cos x = sin(x + π/2)
}

/**
 * The sine of an angle in radians, with the same bits in every engine. The error and the range are those of
 * {@link cos}.
 */
export function sin(x: number): number {
  const quarters = nearestQuarter(x);
  return turned(x, quarters, quarters);
}

/** The whole number of quarter turns, of π/2, nearest to x. */
function nearestQuarter(x: number): number {
  return Math.floor(x * (2 / Math.PI) + 0.5);
}

/**
 * With r = x - quarters·π/2, |r| <= π/4: the sine of r + turn·π/2, that is sin r, cos r, -sin r or -cos r for a
 * turn of 0, 1, 2 or 3 quarters (modulo 4).
 */
function turned(x: number, quarters: number, turn: number): number {
  if (!(Math.abs(x) <= LARGEST)) return Number.NaN;
  // Cody and Waite: taking π/2 off part by part loses none of the digits of x
  const r = x - quarters * HALF_PI_HIGH - quarters * HALF_PI_MIDDLE - quarters * HALF_PI_LOW;
  const value = (turn & 1) === 0 ? sinSeries(r) : cosSeries(r);
  return (turn & 2) === 0 ? value : -value;
}

/** r - r³/3! + r⁵/5! - ... + r¹⁷/17!, for |r| <= π/4; the next term is below 2⁻⁶³. */
function sinSeries(r: number): number {
  const z = r * r;
  let rest = 0;
  for (let n = 17; n >= 3; n -= 2) rest = (-z / (n * (n - 1))) * (1 + rest);
  return r + r * rest;
}

/** 1 - r²/2! + r⁴/4! - ... + r¹⁶/16!, for |r| <= π/4; the next term is below 2⁻⁵⁸. */
function cosSeries(r: number): number {
  const z = r * r;
  let rest = 0;
  for (let n = 16; n >= 2; n -= 2) rest = (-z / (n * (n - 1))) * (1 + rest);
  return 1 + rest;
}
