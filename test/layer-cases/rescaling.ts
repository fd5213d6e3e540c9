import fc from "fast-check";
import type { RescalingOptions } from "../../src/layers/rescaling.js";
import { naiveMap } from "../helpers/naive.js";
import { ANY_RANK } from "./arbitraries.js";
import type { LayerCase } from "./layer-case.js";

export const rescaling: LayerCase<RescalingOptions> = {
  ranks: ANY_RANK,
  options: () =>
    fc.record({
      scale: fc.constantFrom(1, 1 / 255, -2, 1.5),
      offset: fc.constantFrom(0, -0.4242, 1.25),
    }),
  naive: ({ scale, offset = 0 }, { x, dy }, { round }) => ({
    y: naiveMap(x, (value) => round(round(round(scale) * value) + round(offset))),
    dx: naiveMap(dy, (value) => round(round(scale) * value) + 0), // -0 + 0 is 0
  }),
  gradients: { tolerance: 1e-4, step: 0.5 }, // linear in x, so a large step loses least; worst of 600: 3e-6
  defaults: { given: { scale: 2 }, all: { scale: 2, offset: 0 } },
  refusedOptions: [
    {
      options: { scale: Number.NaN },
      error: new RangeError("Rescaling: expected scale to be a finite number, got NaN (number)."),
    },
    {
      options: { scale: 1, offset: Number.POSITIVE_INFINITY },
      error: new RangeError("Rescaling: expected offset to be a finite number, got Infinity (number)."),
    },
  ],
  refusedShapes: [],
};
