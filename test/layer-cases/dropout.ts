import fc from "fast-check";
import type { DropoutOptions } from "../../src/layers/dropout.js";
import { CounterRandom } from "../../src/tensor/counter-random.js";
import { naiveMap } from "../helpers/naive.js";
import { ANY_RANK } from "./arbitraries.js";
import type { LayerCase } from "./layer-case.js";

export const dropout: LayerCase<DropoutOptions> = {
  ranks: ANY_RANK,
  options: () => fc.record({ rate: fc.constantFrom(0, 0.1, 0.5, 0.9), seed: fc.nat() }),
  naive({ rate, seed = 0 }, { x, dy, training, step }, { round }) {
    const random = new CounterRandom(seed);
    const kept = round(1 / (1 - rate));
    const mask = (i: number): number => (!training ? 1 : random.uniform(step, i) < rate ? 0 : kept);
    return {
      y: naiveMap(x, (value, i) => round(value * mask(i))),
      dx: naiveMap(dy, (value, i) => round(value * mask(i))),
    };
  },
  gradients: { tolerance: 1e-4, step: 0.5 }, // linear in x, given the mask; worst of 600: 5e-7
  defaults: { given: { rate: 0.25 }, all: { rate: 0.25, seed: undefined } },
  refusedOptions: [
    ...[
      { rate: 1, got: "1 (number)" },
      { rate: -0.1, got: "-0.1 (number)" },
      { rate: Number.NaN, got: "NaN (number)" },
    ].map(({ rate, got }) => ({
      options: { rate },
      error: new RangeError(`Dropout: expected rate to be a finite number >= 0 and < 1, got ${got}.`),
    })),
    ...[
      { seed: -1, got: "-1 (number)" },
      { seed: 0.5, got: "0.5 (number)" },
    ].map(({ seed, got }) => ({
      options: { rate: 0.5, seed },
      error: new RangeError(`Dropout: expected seed to be a whole number >= 0, got ${got}.`),
    })),
  ],
  refusedShapes: [],
};
