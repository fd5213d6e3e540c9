import { expectShape } from "./shape.js";
import { simdRelu, simdReluGradient } from "./simd/elementwise.js";
import type { Tensor } from "./tensor.js";

/**
 * The rectified linear unit: out = max(x, 0), element by element. NaN stays NaN, and -0 becomes 0.
 *
 * Shapes: x and out alike. `out` may be x itself.
 *
 * @throws ShapeError if `out` has another shape.
 */
export function relu(x: Tensor, { out }: { readonly out: Tensor }): Tensor {
  expectShape("relu (out)", out.shape, x.shape);
  if (simdRelu(x.data, out.data)) return out;
  const from = x.data;
  const to = out.data;
  for (let i = 0; i < from.length; i++) {
    const value = from[i]!;
    to[i] = value <= 0 ? 0 : value; // NaN is not <= 0
  }
  return out;
}

/**
 * The gradient of `relu` at y = relu(x): out = dy where y > 0, and 0 elsewhere, where y is NaN too.
 *
 * y serves as well as x, since y > 0 just where x > 0.
 *
 * Shapes: dy, y and out alike. `out` may be dy or y itself.
 *
 * @throws ShapeError if they differ.
 */
export function reluGradient(dy: Tensor, y: Tensor, { out }: { readonly out: Tensor }): Tensor {
  expectShape("reluGradient (dy)", dy.shape, y.shape);
  expectShape("reluGradient (out)", out.shape, y.shape);
  if (simdReluGradient(dy.data, y.data, out.data)) return out;
  const gate = y.data;
  const from = dy.data;
  const to = out.data;
  for (let i = 0; i < gate.length; i++) to[i] = gate[i]! > 0 ? from[i]! : 0;
  return out;
}
