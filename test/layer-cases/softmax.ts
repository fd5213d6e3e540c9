import fc from "fast-check";
import type { LayerOptions } from "../../src/layers/layer.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { naiveMap } from "../helpers/naive.js";
import { ANY_RANK } from "./arbitraries.js";
import type { LayerCase } from "./layer-case.js";

export const softmax: LayerCase<LayerOptions> = {
  ranks: ANY_RANK,
  options: () => fc.constant({}),
  // sums are in float64 here, as in the library
  naive(_options, { x, dy }, { round, exp }) {
    const K = x.shape.at(-1)!;
    const rowOf = (i: number): number[] => Array.from({ length: K }, (_, k) => i - (i % K) + k);
    const y = Array.from(x.data, (_, i) => {
      const largest = Math.max(...rowOf(i).map((j) => x.data[j]!));
      const exponential = (j: number): number => exp(x.data[j]! - largest);
      const total = rowOf(i).reduce((sum, j) => sum + exponential(j), 0);
      return round(round(exponential(i)) / total);
    });
    return {
      y: naiveMap(x, (_, i) => y[i]!),
      dx: naiveMap(dy, (value, i) => {
        const dot = rowOf(i).reduce((sum, j) => sum + dy.data[j]! * y[j]!, 0);
        return round(y[i]! * (value - dot));
      }),
    };
  },
  gradients: { tolerance: 1e-3 }, // worst of 600: 3e-5
  defaults: { given: {}, all: {} },
  refusedOptions: [],
  refusedShapes: [
    {
      options: {},
      shape: [],
      error: new ShapeError("Softmax.build: expected samples of shape [..., K], got []."),
    },
  ],
};
