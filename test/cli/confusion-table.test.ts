import { describe, expect, test } from "vitest";
import { formatConfusion } from "../../src/cli/confusion-table.js";
import { ConfusionMatrix } from "../../src/model/metrics.js";

describe("formatConfusion", () => {
  test("shows counts, a dot for none, and the precision and recall of each class", () => {
    // 90 of the 90 images taken for a 0 are one, and 90 of the 100 that are one were taken for it
    const table = formatConfusion(
      new ConfusionMatrix([
        [90, 10],
        [0, 50],
      ]),
    );
    expect(table).toBe(
      [
        "        predicted",
        "actual    0    1  precision  recall",
        "     0   90   10     100.0%   90.0%",
        "     1    .   50      83.3%  100.0%",
      ].join("\n"),
    );
  });

  test("has a dash for the precision of a class never predicted, and for the recall of one without images", () => {
    const rows = formatConfusion(
      new ConfusionMatrix([
        [0, 2],
        [0, 0],
      ]),
    ).split("\n");
    expect(rows[2]).toBe("     0    .    2          -    0.0%");
    expect(rows[3]).toBe("     1    .    .       0.0%       -");
  });

  test("fits into 80 columns for ten classes of a thousand images", () => {
    const counts = Array.from({ length: 10 }, () => new Array<number>(10).fill(1000));
    const lines = formatConfusion(new ConfusionMatrix(counts)).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("widens its columns for larger counts, and stays aligned", () => {
    const lines = formatConfusion(
      new ConfusionMatrix([
        [1234567, 0],
        [1, 2],
      ]),
    ).split("\n");
    expect(new Set(lines.slice(1).map((line) => line.length)).size).toBe(1);
  });
});
