import { AvgPool2D, Conv2D, Dense, GlobalAvgPool2D, MaxPool2D } from "tinyconv";
import type { Cell } from "../playground.js";
import { explainConvolution } from "./explain-convolution.js";
import { explainDense } from "./explain-dense.js";
import { explainFormula } from "./explain-formula.js";
import { explainPool } from "./explain-pool.js";
import type { Explanation } from "./explanation.js";
import type { Pass } from "./pass.js";

/**
 * Writes out how the number in a cell came about, from the output of the layer before and the weights, in float64. It
 * is undefined for the cells of the input, which nobody computed, and for layers of other kinds than the library's.
 */
export function explainCell(pass: Pass, cell: Cell): Explanation | undefined {
  const layer = pass.model.layers[cell.layer];
  if (!layer) return undefined;
  if (layer instanceof Conv2D) return explainConvolution(layer, pass, cell);
  if (layer instanceof Dense) return explainDense(layer, pass, cell);
  if (layer instanceof MaxPool2D || layer instanceof AvgPool2D || layer instanceof GlobalAvgPool2D) {
    return explainPool(layer, pass, cell);
  }
  return explainFormula(layer, pass, cell);
}
