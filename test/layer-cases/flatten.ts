import fc from "fast-check";
import type { LayerOptions } from "../../src/layers/layer.js";
import { naiveMap } from "../helpers/naive.js";
import { ANY_RANK } from "./arbitraries.js";
import type { LayerCase } from "./layer-case.js";

export const flatten: LayerCase<LayerOptions> = {
  ranks: ANY_RANK,
  options: () => fc.constant({}),
  naive: (_options, { x, dy }) => ({
    y: x.reshape([x.shape[0]!, x.size / x.shape[0]!]).toArray(),
    dx: naiveMap(x, (_, i) => dy.data[i]!),
  }),
  gradients: { tolerance: 1e-6, step: 0.5 }, // linear in x; worst of 600: 2e-14
  defaults: { given: {}, all: {} },
  refusedOptions: [],
  refusedShapes: [],
};
