import { describe, expect, test } from "vitest";
import { filterChart } from "../../../src/node/report/filter-chart.js";
import { LIGHT } from "../../../src/node/report/theme.js";
import { Tensor } from "../../../src/tensor/tensor.js";
import { svgOf } from "./example.js";

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly fill: string;
  readonly opacity: number;
}

function cellsOf(svg: string): Cell[] {
  const [, cells] = svg.match(/<g class="mark-rect role-mark[^>]*>(.*?)<\/g>/)!;
  return cells!.match(/<path[^>]*>/g)!.map((path) => {
    const [, x, y] = path.match(/d="M([\d.]+),([\d.]+)h/)!;
    const fill = path.match(/fill="([^"]*)"/)![1]!;
    return {
      x: Number(x),
      y: Number(y),
      fill,
      opacity: Number(path.match(/fill-opacity="([^"]*)"/)?.[1] ?? 1),
    };
  });
}

describe("filterChart", () => {
  test("colours the weights by their sign, as strongly as they are far from zero", async () => {
    // [1, 2, 1, 2]: the first filter is 1 and -4, the second -2 and 0
    const kernel = new Tensor([1, 2, 1, 2], Float32Array.of(1, -2, -4, 0));
    const picture = filterChart(kernel);
    expect(picture.label).toBe("2 squares of 1 x 2 weights.");
    expect(cellsOf(await svgOf(picture))).toEqual([
      { x: 0, y: 0, fill: LIGHT.first, opacity: 0.25 },
      { x: 25, y: 0, fill: LIGHT.second, opacity: 1 },
      { x: 58, y: 0, fill: LIGHT.second, opacity: 0.5 },
      { x: 83, y: 0, fill: LIGHT.second, opacity: 0 },
    ]);
  });

  test("shows a square for each channel of the input, filter by filter, in rows of eight", async () => {
    // [1, 1, 3, 3]: filter f has the weight 3·c + f + 1 for channel c
    const kernel = new Tensor([1, 1, 3, 3], Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
    const cells = cellsOf(await svgOf(filterChart(kernel)));
    expect(cells.map(({ opacity }) => Math.round(9 * opacity))).toEqual([1, 4, 7, 2, 5, 8, 3, 6, 9]);
    expect(cells.at(-1)).toMatchObject({ x: 0, y: 58 });
  });

  test("shows 64 squares at most, and no colour where all weights are zero", async () => {
    const cells = cellsOf(await svgOf(filterChart(new Tensor([1, 1, 1, 100]))));
    expect(cells).toHaveLength(64);
    expect(new Set(cells.map(({ opacity }) => opacity))).toEqual(new Set([0]));
  });
});
