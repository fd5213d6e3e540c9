import fc from "fast-check";
import type { Conv2DOptions } from "../../src/layers/conv2d.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { type NaiveWindow, naiveConv2D, naiveConv2DGradients } from "../helpers/naive.js";
import { windowsFor } from "../helpers/windows.js";
import { initializers, upTo } from "./arbitraries.js";
import { drawBias, drawKernel, refusedKernelOptions } from "./kernel.js";
import type { LayerCase } from "./layer-case.js";
import { noImage, refusedPadding, refusedPair, tooLargeFor } from "./window.js";

const needed = { filters: 1, kernelSize: [3, 3] } as const;

export const conv2D: LayerCase<Conv2DOptions & NaiveWindow> = {
  ranks: [3],
  options: (shape) =>
    fc
      .tuple(
        fc.record({ filters: upTo(6), useBias: fc.boolean(), kernelInitializer: initializers }),
        windowsFor(shape, { maxKernel: 4, maxDilation: 3, maxPadding: 4 }),
      )
      .map(([others, window]) => ({ ...others, ...window })),
  naive({ filters, useBias, ...window }, { x, dy, weights: { kernel, bias } }, { round }) {
    const { dx, dW, db } = naiveConv2DGradients(x, kernel!, dy, window, round);
    return {
      y: naiveConv2D(x, kernel!, bias ?? Tensor.zeros([filters]), window, round),
      dx,
      gradients: useBias ? { kernel: dW, bias: db } : { kernel: dW },
    };
  },
  weights: { kernel: drawKernel, bias: drawBias },
  gradients: { tolerance: 1e-4, step: 0.5 }, // linear in x, W and b each; worst of 600: 4e-6
  defaults: {
    given: needed,
    all: {
      ...needed,
      strides: [1, 1],
      padding: "valid",
      dilationRate: [1, 1],
      useBias: true,
      kernelInitializer: "glorotUniform",
    },
  },
  refusedOptions: [
    ...[
      { filters: 0, got: "0 (number)" },
      { filters: Number.NaN, got: "NaN (number)" },
    ].map(({ filters, got }) => ({
      options: { ...needed, filters },
      error: new RangeError(`Conv2D: expected filters to be a whole number >= 1, got ${got}.`),
    })),
    ...["kernelSize", "strides", "dilationRate"].flatMap((name) => refusedPair("Conv2D", name, needed)),
    ...refusedPadding("Conv2D", needed),
    ...refusedKernelOptions("Conv2D", needed),
  ],
  refusedShapes: [
    { options: needed, shape: [10], error: noImage("Conv2D") },
    { options: needed, shape: [4, 2, 1], error: tooLargeFor("Conv2D", [4, 2], [3, 3]) },
  ],
};
