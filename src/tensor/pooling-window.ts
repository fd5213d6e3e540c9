import { expectPair, type Pair } from "./expect.js";
import { expectShape, formatShape, type Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";
import { type Padding, slidingWindow, type Window } from "./window.js";

/** What a pooling layer asks for. */
export interface PoolingOptions {
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

/**
 * The window of a pooling layer over images of shape `[H, W, C]`. Padding cells are never pooled: they let a window
 * begin outside the image or end there, but each window holds a pixel.
 *
 * @throws ShapeError if the image has no three axes, or the pool is larger than the padded image.
 * @throws RangeError if the padding leaves room for a window without a pixel.
 */
export function poolingWindow(where: string, imageShape: Shape, options: PoolingOptions): Window {
  const { poolSize, strides, padding } = options;
  const size = expectPair(where, "poolSize", poolSize);
  const window = slidingWindow(where, imageShape, { kernelSize: size, strides, padding });
  if (typeof padding !== "string" && padding.some((side, axis) => Math.max(...side) >= size[axis]!)) {
    throw new RangeError(
      `${where}: expected padding of less than the pool size ${formatShape(size)} on each side, ` +
        `got ${formatShape(padding.map(formatShape))}. Every window needs a pixel.`,
    );
  }
  return window;
}

/**
 * Checks a batch of images and the output of the pool, or the gradients of both.
 *
 * @throws ShapeError if they do not fit each other and the window.
 */
export function expectPooled(where: string, images: Tensor, pooled: Tensor, window: Window): void {
  const { H, W, C, OH, OW } = window;
  expectShape(where, images.shape, ["N", H, W, C]);
  expectShape(where, pooled.shape, [images.shape[0]!, OH, OW, C]);
}
