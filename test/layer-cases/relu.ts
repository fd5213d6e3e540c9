import fc from "fast-check";
import type { LayerOptions } from "../../src/layers/layer.js";
import { naiveMap } from "../helpers/naive.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { awayFromZero } from "../helpers/small-batches.js";
import { ANY_RANK } from "./arbitraries.js";
import type { LayerCase } from "./layer-case.js";

export const relu: LayerCase<LayerOptions> = {
  ranks: ANY_RANK,
  options: () => fc.constant({}),
  naive: (_options, { x, dy }) => ({
    y: naiveMap(x, (value) => Math.max(value, 0)),
    dx: naiveMap(dy, (value, i) => (x.data[i]! > 0 ? value : 0)),
  }),
  // no step of 1/16 meets the kink; worst of 600: 2e-13
  gradients: { tolerance: 1e-4, step: 1 / 16, x: (shape, seed) => awayFromZero(normalTensor(shape, seed)) },
  defaults: { given: {}, all: {} },
  refusedOptions: [],
  refusedShapes: [],
};
