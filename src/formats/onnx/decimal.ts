/**
 * The shortest decimal that is rounded to a float32: 0.1 for the float32 that is 0.10000000149…. Options are written as
 * float32, and were mostly such decimals before.
 */
export function decimalOf(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return decimal;
  }
  return value;
}
