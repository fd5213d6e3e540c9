import fc from "fast-check";
import type { DenseOptions } from "../../src/layers/dense.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { naiveDense, naiveDenseGradients } from "../helpers/naive.js";
import { initializers, upTo } from "./arbitraries.js";
import { drawBias, drawKernel, refusedKernelOptions } from "./kernel.js";
import type { LayerCase } from "./layer-case.js";

export const dense: LayerCase<DenseOptions> = {
  ranks: [1],
  options: () => fc.record({ units: upTo(9), useBias: fc.boolean(), kernelInitializer: initializers }),
  naive({ units, useBias }, { x, dy, weights: { kernel, bias } }, { round }) {
    const { dx, dW, db } = naiveDenseGradients(x, kernel!, dy, round);
    return {
      y: naiveDense(x, kernel!, bias ?? Tensor.zeros([units]), round),
      dx,
      gradients: useBias ? { kernel: dW, bias: db } : { kernel: dW },
    };
  },
  weights: { kernel: drawKernel, bias: drawBias },
  gradients: { tolerance: 1e-4, step: 0.5 }, // linear in x, W and b each; worst of 600: 8e-6
  defaults: { given: { units: 3 }, all: { units: 3, useBias: true, kernelInitializer: "glorotUniform" } },
  refusedOptions: [
    ...[
      { units: 2.5, got: "2.5 (number)" },
      { units: 0, got: "0 (number)" },
      { units: Number.NaN, got: "NaN (number)" },
    ].map(({ units, got }) => ({
      options: { units },
      error: new RangeError(`Dense: expected units to be a whole number >= 1, got ${got}.`),
    })),
    ...refusedKernelOptions("Dense", { units: 3 }),
  ],
  refusedShapes: [
    {
      options: { units: 1 },
      shape: [7, 7, 16],
      error: new ShapeError("Dense.build: expected shape [I], got [7, 7, 16]. Put a Flatten in front of it."),
    },
  ],
};
