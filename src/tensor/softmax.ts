import { ShapeError } from "./errors.js";
import { exp } from "./exp.js";
import { expectOptions } from "./expect.js";
import { expectShape, formatShape } from "./shape.js";
import { expectTensor, type Tensor } from "./tensor.js";

/**
 * The softmax of each row of the last axis: positive numbers that sum to 1, larger where x is larger.
 *
 *     y[…, k] = exp(x[…, k] − m) / Σⱼ exp(x[…, j] − m)        with m the largest of the row
 *
 * Any m gives the same quotient; the largest keeps every exponential in [0, 1], so that none overflows, and the sum
 * at 1 or above. The sum is in float64, k ascending. A row with NaN or Infinity in it, or with nothing but
 * -Infinity, becomes NaN throughout.
 *
 * Shapes: x, out [..., K]. `out` may be x itself.
 *
 * @throws ShapeError if x has no axis, or `out` another shape.
 */
export function softmax(x: Tensor, options: { readonly out: Tensor }): Tensor {
  const { out } = expectOptions("softmax", options);
  expectTensor("softmax", x, "x to be a Tensor");
  expectTensor("softmax", out, "out to be a Tensor");
  const K = x.shape.at(-1);
  if (K === undefined) {
    throw new ShapeError(`softmax: expected at least one axis, got shape ${formatShape(x.shape)}.`);
  }
  expectShape("softmax (out)", out.shape, x.shape);
  const logits = x.data;
  const y = out.data;
  for (let row = 0; row < logits.length; row += K) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = row; i < row + K; i++) if (logits[i]! > largest) largest = logits[i]!;
    let sum = 0;
    for (let i = row; i < row + K; i++) {
      const e = exp(logits[i]! - largest);
      y[i] = e;
      sum += e;
    }
    for (let i = row; i < row + K; i++) y[i] = y[i]! / sum;
  }
  return out;
}
