import { naiveAvgPool, naiveAvgPoolGradient } from "../helpers/naive.js";
import type { LayerCase } from "./layer-case.js";
import {
  type DrawnPool,
  poolDefaults,
  pools,
  refusedPoolOptions,
  refusedPoolShapes,
  windowOf,
} from "./pooling.js";

export const avgPool2D: LayerCase<DrawnPool> = {
  ranks: [3],
  options: pools,
  naive: (options, { x, dy }, { round }) => ({
    y: naiveAvgPool(x, windowOf(options), round),
    dx: naiveAvgPoolGradient(x, dy, windowOf(options), round),
  }),
  gradients: { tolerance: 1e-4, step: 0.5 }, // linear in x, so a large step loses least; worst of 600: 3e-6
  defaults: poolDefaults,
  refusedOptions: refusedPoolOptions("AvgPool2D"),
  refusedShapes: refusedPoolShapes("AvgPool2D"),
};
