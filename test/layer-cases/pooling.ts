import type fc from "fast-check";
import type { LayerOptions } from "../../src/layers/layer.js";
import type { Shape } from "../../src/tensor/shape.js";
import type { Padding } from "../../src/tensor/window.js";
import type { NaiveWindow } from "../helpers/naive.js";
import { windowsFor } from "../helpers/windows.js";
import { noImage, refusedPadding, refusedPair, tooLargeFor } from "./window.js";

/*
 * What max pooling and average pooling have in common.
 */

/** The options as they are drawn, pairs written out. */
export interface DrawnPool extends LayerOptions {
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
}

export const pools = (shape: Shape): fc.Arbitrary<DrawnPool> =>
  windowsFor(shape, { maxKernel: 4, maxDilation: 1 }).map(({ kernelSize, strides, padding }) => ({
    poolSize: kernelSize,
    strides,
    padding,
  }));

/** The window of the naive loops. */
export const windowOf = ({ poolSize, strides, padding }: DrawnPool): NaiveWindow => ({
  kernelSize: poolSize,
  strides,
  padding,
  dilationRate: [1, 1],
});

/** The options of a pool, and the strides that it takes from its size. */
export const poolDefaults = {
  given: {},
  all: { poolSize: [2, 2], strides: [2, 2], padding: "valid" },
} as const;

export const refusedPoolOptions = (type: string) => [
  ...refusedPair(type, "poolSize"),
  ...refusedPair(type, "strides"),
  ...refusedPadding(type),
];

export const refusedPoolShapes = (type: string) => [
  { options: {}, shape: [10], error: noImage(type) },
  { options: {}, shape: [4, 1, 8], error: tooLargeFor(type, [4, 1], [2, 2]) },
  {
    options: {
      padding: [
        [0, 0],
        [2, 0],
      ] as const,
    },
    shape: [4, 4, 1],
    error: new RangeError(
      `${type}.build: expected padding of less than the pool size [2, 2] on each side, got [[0, 0], [2, 0]]. ` +
        "Every window needs a pixel.",
    ),
  },
];
