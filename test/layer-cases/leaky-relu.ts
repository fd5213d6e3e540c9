import fc from "fast-check";
import type { LeakyReLUOptions } from "../../src/layers/leaky-relu.js";
import { naiveMap } from "../helpers/naive.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { awayFromZero } from "../helpers/small-batches.js";
import { ANY_RANK } from "./arbitraries.js";
import type { LayerCase } from "./layer-case.js";

export const leakyReLU: LayerCase<LeakyReLUOptions> = {
  ranks: ANY_RANK,
  options: () => fc.record({ negativeSlope: fc.constantFrom(0, 0.01, 0.3, 1, 1.5) }),
  naive({ negativeSlope = 0.3 }, { x, dy }, { round }) {
    const scaled = (value: number, i: number): number =>
      x.data[i]! > 0 ? value : round(negativeSlope * value);
    return { y: naiveMap(x, scaled), dx: naiveMap(dy, scaled) };
  },
  // no step of 1/16 meets the kink; worst of 600: 1e-6
  gradients: { tolerance: 1e-4, step: 1 / 16, x: (shape, seed) => awayFromZero(normalTensor(shape, seed)) },
  defaults: { given: {}, all: { negativeSlope: 0.3 } },
  refusedOptions: [
    {
      options: { negativeSlope: -0.1 },
      error: new RangeError(
        "LeakyReLU: expected negativeSlope to be a finite number >= 0, got -0.1 (number).",
      ),
    },
    {
      options: { negativeSlope: Number.NaN },
      error: new RangeError(
        "LeakyReLU: expected negativeSlope to be a finite number >= 0, got NaN (number).",
      ),
    },
  ],
  refusedShapes: [],
};
