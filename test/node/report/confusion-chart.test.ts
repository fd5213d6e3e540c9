import { describe, expect, test } from "vitest";
import { ConfusionMatrix } from "../../../src/model/metrics.js";
import { confusionChart } from "../../../src/node/report/confusion-chart.js";
import { LIGHT } from "../../../src/node/report/theme.js";
import { svgOf, textsOf } from "./example.js";

const MATRIX = new ConfusionMatrix([
  [980, 0, 16],
  [4, 1135, 0],
  [0, 1, 1032],
]);

/** Colour and opacity of the cells, row by row. */
function cellsOf(svg: string): { fill: string; opacity: number }[] {
  const [, cells] = svg.match(/<g class="mark-rect role-mark[^>]*>(.*?)<\/g>/)!;
  return cells!.match(/<path[^>]*>/g)!.map((path) => ({
    fill: path.match(/fill="([^"]*)"/)![1]!,
    opacity: Number(path.match(/fill-opacity="([^"]*)"/)?.[1] ?? 1),
  }));
}

describe("confusionChart", () => {
  test("shows every number but zero, under the classes", async () => {
    const texts = textsOf(await svgOf(confusionChart(MATRIX)));
    expect(texts.filter((text) => text !== "")).toEqual([
      ...["980", "16", "4", "1135", "1", "1032"],
      "Confusion matrix",
      ...["0", "1", "2", "predicted"],
      ...["0", "1", "2", "actual"],
    ]);
  });

  test("says in words how many mistakes there are", () => {
    expect(confusionChart(MATRIX).label).toBe("which digits were taken for which, 21 mistakes.");
  });

  test("shades the mistakes by the root of their number, however large the diagonal is", async () => {
    const cells = cellsOf(await svgOf(confusionChart(MATRIX)));
    expect(cells.map(({ fill }) => fill)).toEqual(
      [1, 0, 0, 0, 1, 0, 0, 0, 1].map((isRight) => (isRight ? LIGHT.rightArea : LIGHT.wrongArea)),
    );
    // 0.15 + 0.85·√(n/16)
    const expected = [1, 0, 1, 0.575, 1, 0, 0, 0.3625, 1];
    for (const [i, { opacity }] of cells.entries()) expect(opacity).toBeCloseTo(expected[i]!, 6);
  });

  test("has no shade where there are no mistakes", async () => {
    const cells = cellsOf(
      await svgOf(
        confusionChart(
          new ConfusionMatrix([
            [2, 0],
            [0, 3],
          ]),
        ),
      ),
    );
    expect(cells.map(({ opacity }) => opacity)).toEqual([1, 0, 0, 1]);
  });
});
