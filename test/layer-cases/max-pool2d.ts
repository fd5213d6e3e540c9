import { naiveMaxPool, naiveMaxPoolGradient } from "../helpers/naive.js";
import { distinctTensor } from "../helpers/random-tensor.js";
import type { LayerCase } from "./layer-case.js";
import {
  type DrawnPool,
  poolDefaults,
  pools,
  refusedPoolOptions,
  refusedPoolShapes,
  windowOf,
} from "./pooling.js";

export const maxPool2D: LayerCase<DrawnPool> = {
  ranks: [3],
  options: pools,
  naive: (options, { x, dy }, { round }) => ({
    y: naiveMaxPool(x, windowOf(options)),
    dx: naiveMaxPoolGradient(x, dy, windowOf(options), round),
  }),
  // no pixel comes so near to another that a step changes the winner; worst of 600: 8e-8
  gradients: { tolerance: 1e-5, x: distinctTensor },
  defaults: poolDefaults,
  refusedOptions: refusedPoolOptions("MaxPool2D"),
  refusedShapes: refusedPoolShapes("MaxPool2D"),
};
