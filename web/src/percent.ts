/** A share as text: `percent(0.974, 1)` is "97.4 %". */
export function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}
