import { allocateArray } from "./allocate.js";
import { ShapeError } from "./errors.js";
import { formatShape } from "./shape.js";
import { expectTensor, type Tensor } from "./tensor.js";

/**
 * The index of the largest element of each row of the last axis; of several that are equal, the first.
 *
 * NaN is never the largest. A row of nothing but NaN and -Infinity, which has no element to prefer, gives 0.
 *
 * Shapes: x [..., K] · result: one index from 0 to K − 1 for each row, in order.
 *
 * @throws ShapeError if a row has no elements.
 */
export function argmax(x: Tensor): Int32Array {
  expectTensor("argmax", x);
  const K = x.shape.at(-1);
  if (!K) {
    throw new ShapeError(`argmax: expected rows of at least one element, got shape ${formatShape(x.shape)}.`);
  }
  const { data } = x;
  const indices = allocateArray(Int32Array, "argmax", [data.length / K]);
  for (let row = 0; row < indices.length; row++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < K; k++) {
      const value = data[row * K + k]!;
      if (value > largest) {
        largest = value;
        indices[row] = k;
      }
    }
  }
  return indices;
}
