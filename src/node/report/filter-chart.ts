import type { Tensor } from "../../tensor/tensor.js";
import type { Picture } from "./picture.js";

/** Filters shown at most. */
const MOST_FILTERS = 64;
const COLUMNS = 8;
/** The side of a filter, and of a filter with the gap to the next. */
const SIDE = 50;
const CELL = 58;

/**
 * The filters of a convolution as they lie over the image: a square for each filter and channel of the input, in which
 * weights above zero have one colour and weights below zero another, the stronger the further they are from zero,
 * on one scale for all.
 *
 * @param kernel [KH, KW, C, F]
 */
export function filterChart(kernel: Tensor): Picture {
  const [KH, KW, C, F] = kernel.shape as [number, number, number, number];
  const strongest = strongestWeight(kernel) || 1; // no filter has a colour if all weights are 0
  const squares = Math.min(C * F, MOST_FILTERS);
  const side = SIDE / Math.max(KH, KW);
  const cells = Array.from({ length: squares }, (_, i) => {
    const left = (i % COLUMNS) * CELL;
    const top = Math.floor(i / COLUMNS) * CELL;
    return Array.from({ length: KH * KW }, (_, tap) => {
      const [ky, kx] = [Math.floor(tap / KW), tap % KW];
      const weight = kernel.at(ky, kx, i % C, Math.floor(i / C));
      const [x, y] = [left + kx * side, top + ky * side];
      return {
        x,
        x2: x + side,
        y,
        y2: y + side,
        isPositive: weight > 0,
        strength: Math.abs(weight) / strongest,
      };
    });
  });
  return {
    name: "filters",
    title: "Filters of the first convolution",
    label: `${squares} squares of ${KH} x ${KW} weights.`,
    chart: ({ line, first, second }) => ({
      width: Math.min(squares, COLUMNS) * CELL,
      height: Math.ceil(squares / COLUMNS) * CELL,
      data: { values: cells.flat() },
      mark: { type: "rect", stroke: line, strokeWidth: 0.5 },
      encoding: {
        x: { field: "x", type: "quantitative", scale: null, axis: null },
        x2: { field: "x2" },
        y: { field: "y", type: "quantitative", scale: null, axis: null },
        y2: { field: "y2" },
        fill: {
          field: "isPositive",
          type: "nominal",
          scale: { domain: [true, false], range: [first, second] },
          legend: null,
        },
        fillOpacity: { field: "strength", type: "quantitative", scale: null, legend: null },
      },
    }),
  };
}

/** The largest distance of a weight from zero. */
function strongestWeight({ data }: Tensor): number {
  return data.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
}
