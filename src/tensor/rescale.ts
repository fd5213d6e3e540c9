import { expectShape } from "./shape.js";
import { simdRescale } from "./simd/elementwise.js";
import type { Tensor } from "./tensor.js";

/** Options of `rescale`. */
export interface RescaleOptions {
  readonly scale: number;
  readonly offset: number;
  /** Where the result goes, of x's shape; may be x itself. */
  readonly out: Tensor;
}

/**
 * out = scale·x + offset, element by element.
 *
 * All in float32: scale and offset are rounded first, then the product, then the sum.
 *
 * @throws ShapeError if `out` has another shape than x.
 */
export function rescale(x: Tensor, { scale, offset, out }: RescaleOptions): Tensor {
  expectShape("rescale (out)", out.shape, x.shape);
  if (simdRescale(x.data, out.data, scale, offset)) return out;
  const { fround } = Math;
  const factor = fround(scale);
  const summand = fround(offset);
  const from = x.data;
  const to = out.data;
  for (let i = 0; i < from.length; i++) to[i] = fround(factor * from[i]!) + summand;
  return out;
}
