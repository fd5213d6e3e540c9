import type { WindowCase } from "./windows.js";

/**
 * Batches and windows for the loops of pooling: two images and more than one channel, no two sizes of a case alike that
 * could stand for each other, with rows and columns left over, padding on each side, and taps that are spread.
 */
export const POOL_CASES: readonly WindowCase[] = [
  {
    shape: [2, 8, 7, 3],
    window: { kernelSize: [3, 2], strides: [2, 3], padding: "valid", dilationRate: [1, 1] },
  },
  {
    shape: [2, 5, 4, 2],
    window: {
      kernelSize: [3, 2],
      strides: [1, 2],
      padding: [
        [2, 1],
        [1, 1],
      ],
      dilationRate: [1, 1],
    },
  },
  {
    shape: [2, 6, 9, 2],
    window: {
      kernelSize: [2, 3],
      strides: [1, 2],
      padding: [
        [1, 1],
        [2, 1],
      ],
      dilationRate: [3, 2],
    },
  },
];
