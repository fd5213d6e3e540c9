/** A number as the page shows it: three decimals while it is small, fewer where it is large, a true minus sign. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size === Number.POSITIVE_INFINITY) return `${sign}∞`;
  if (Number.isInteger(size) && size < 1e6) return `${sign}${size}`;
  if (size < 0.0005 || size >= 1e6) {
    const [digits, exponent] = size.toExponential(1).split("e") as [string, string];
    return `${sign}${digits}e${exponent.replace("+", "").replace("-", "−")}`;
  }
  return `${sign}${size.toFixed(size < 10 ? 3 : size < 100 ? 2 : 1)}`;
}

/** The same for the inside of a formula, where a negative number stands in brackets. */
export function formatOperand(value: number): string {
  const text = formatNumber(value);
  return value < 0 ? `(${text})` : text;
}
