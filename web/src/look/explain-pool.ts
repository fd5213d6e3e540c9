import { type AvgPool2D, type GlobalAvgPool2D, MaxPool2D } from "tinyconv";
import type { Cell } from "../playground.js";
import { type PoolExplanation, sumOf } from "./explanation.js";
import { formatNumber } from "./format-number.js";
import { layerWindow, tapPlaces } from "./layer-window.js";
import { type Pass, shapeAt, valuesAt } from "./pass.js";

/** Shows the cells under the window of a pool, and which of them won, or their mean. */
export function explainPool(
  layer: MaxPool2D | AvgPool2D | GlobalAvgPool2D,
  pass: Pass,
  { layer: index, h, w, c }: Cell,
): PoolExplanation {
  const window = layerWindow(layer, shapeAt(pass, index - 1))!; // a pool has one
  const x = valuesAt(pass, index - 1);
  const taps = tapPlaces(window, h, w).map((place) => ({
    ...place,
    value: place.inside ? x[(place.h * window.W + place.w) * window.C + c]! : undefined,
  }));
  const values = taps.flatMap(({ value }) => (value === undefined ? [] : [value]));

  const isMax = layer instanceof MaxPool2D;
  const sum = sumOf(values);
  const result = isMax ? largest(values) : sum / values.length;
  const winner = isMax ? taps.findIndex(({ value }) => Object.is(value, result)) : -1;
  return {
    kind: "pool",
    windowWidth: window.KW,
    cells: taps.map(({ ky, kx, value }, i) => ({ ky, kx, value, winner: i === winner })),
    text: isMax
      ? `largest of ${values.length} = ${formatNumber(result)}`
      : `sum ${formatNumber(sum)} / ${values.length} = ${formatNumber(result)}`,
    result,
  };
}

/** The first of the largest; a NaN is larger than any number, as in the library. */
function largest(values: readonly number[]): number {
  return values.reduce((best, value) => (Number.isNaN(best) || value <= best ? best : value));
}
