import type { ConfusionMatrix } from "../model/metrics.js";
import { formatPercent } from "./numbers.js";

/**
 * A confusion matrix as a table that fits a terminal of 80 columns for ten classes: what the images of each class were
 * taken for, and beside it the precision and the recall of the class. A dot is a zero, a dash a share of nothing.
 *
 * ```
 *         predicted
 * actual    0    1  precision  recall
 *      0   90   10     100.0%   90.0%
 *      1    .   50      83.3%  100.0%
 * ```
 */
export function formatConfusion({ counts, precision, recall }: ConfusionMatrix): string {
  const width = Math.max(4, ...counts.flat().map((count) => String(count).length));
  const cell = (text: string | number): string => ` ${String(text).padStart(width)}`;
  const rate = (share: number): string => (Number.isNaN(share) ? "-" : formatPercent(share, 1));
  const rows = counts.map((row, k) => {
    const cells = row.map((count) => cell(count === 0 ? "." : count)).join("");
    return `${String(k).padStart(6)}${cells}  ${rate(precision[k]!).padStart(9)}  ${rate(recall[k]!).padStart(6)}`;
  });
  const classes = counts.map((_, k) => cell(k)).join("");
  return [`${" ".repeat(8)}predicted`, `actual${classes}  precision  recall`, ...rows].join("\n");
}
