import fc from "fast-check";
import type { BatchNormalizationOptions } from "../../src/layers/batch-normalization.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { naiveBatchNormalization } from "../helpers/naive-batch-normalization.js";
import { ANY_RANK } from "./arbitraries.js";
import { drawBias } from "./kernel.js";
import type { LayerCase } from "./layer-case.js";

const all = { momentum: 0.99, epsilon: 1e-3, center: true, scale: true };

export const batchNormalization: LayerCase<BatchNormalizationOptions> = {
  ranks: ANY_RANK,
  options: () =>
    fc.record({
      momentum: fc.constantFrom(0, 0.9, 1),
      epsilon: fc.constantFrom(1e-5, 1e-3, 0.5),
      center: fc.boolean(),
      scale: fc.boolean(),
      trainable: fc.boolean(),
    }),
  naive: (options, given, { round }) => naiveBatchNormalization({ ...all, ...options }, given, round),
  weights: {
    gamma({ data }, random) {
      for (let c = 0; c < data.length; c++) {
        data[c] = (random.integer(2) === 0 ? -1 : 1) * (0.5 + random.uniform());
      }
    },
    beta: drawBias,
    moving_mean: drawBias,
    moving_variance({ data }, random) {
      for (let c = 0; c < data.length; c++) data[c] = 0.25 + random.uniform() * 2;
    },
  },
  // of two values a channel, x̂ is ±1 whatever they are; worst of 600: 5e-5
  gradients: { tolerance: 3e-4, minBatch: 4 },
  defaults: { given: {}, all },
  refusedOptions: [
    {
      options: { momentum: 1.5 },
      error: new RangeError(
        "BatchNormalization: expected momentum to be a finite number >= 0 and <= 1, got 1.5 (number).",
      ),
    },
    {
      options: { momentum: -0.1 },
      error: new RangeError(
        "BatchNormalization: expected momentum to be a finite number >= 0 and <= 1, got -0.1 (number).",
      ),
    },
    {
      options: { epsilon: 0 },
      error: new RangeError(
        "BatchNormalization: expected epsilon to be a finite number > 0, got 0 (number).",
      ),
    },
    {
      options: { center: 1 },
      error: new TypeError("BatchNormalization: expected center to be true or false, got 1 (number)."),
    },
    {
      options: { scale: "no" },
      error: new TypeError('BatchNormalization: expected scale to be true or false, got "no" (string).'),
    },
  ],
  refusedShapes: [
    {
      options: {},
      shape: [],
      error: new ShapeError("BatchNormalization.build: expected samples with a channel axis, got shape []."),
    },
  ],
};
