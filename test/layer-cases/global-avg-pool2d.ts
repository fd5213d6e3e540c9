import fc from "fast-check";
import type { LayerOptions } from "../../src/layers/layer.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { type NaiveWindow, naiveAvgPool, naiveAvgPoolGradient } from "../helpers/naive.js";
import type { LayerCase } from "./layer-case.js";
import { noImage } from "./window.js";

export const globalAvgPool2D: LayerCase<LayerOptions> = {
  ranks: [3],
  options: () => fc.constant({}),
  // average pooling with one window, as large as the image
  naive(_options, { x, dy }, { round }) {
    const [N, H, W, C] = x.shape as [number, number, number, number];
    const window: NaiveWindow = {
      kernelSize: [H, W],
      strides: [1, 1],
      padding: "valid",
      dilationRate: [1, 1],
    };
    const pooled = Tensor.from(naiveAvgPool(x, window, round));
    return {
      y: pooled.reshape([N, C]).toArray(),
      dx: naiveAvgPoolGradient(x, dy.reshape([N, 1, 1, C]), window, round),
    };
  },
  gradients: { tolerance: 1e-4, step: 0.5 }, // linear in x, so a large step loses least; worst of 600: 3e-6
  defaults: { given: {}, all: {} },
  refusedOptions: [],
  refusedShapes: [{ options: {}, shape: [10], error: noImage("GlobalAvgPool2D") }],
};
