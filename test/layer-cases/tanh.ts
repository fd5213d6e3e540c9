import fc from "fast-check";
import type { LayerOptions } from "../../src/layers/layer.js";
import { naiveMap } from "../helpers/naive.js";
import { ANY_RANK } from "./arbitraries.js";
import type { LayerCase } from "./layer-case.js";

export const tanh: LayerCase<LayerOptions> = {
  ranks: ANY_RANK,
  options: () => fc.constant({}),
  naive(_options, { x, dy }, { round, tanh }) {
    const y = (i: number): number => round(tanh(x.data[i]!));
    return {
      y: naiveMap(x, (_, i) => y(i)),
      dx: naiveMap(dy, (value, i) => round(value * (1 - y(i) * y(i)))),
    };
  },
  gradients: { tolerance: 1e-3 }, // worst of 600: 1e-4
  defaults: { given: {}, all: {} },
  refusedOptions: [],
  refusedShapes: [],
};
