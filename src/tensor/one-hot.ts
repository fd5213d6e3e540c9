import { expectInteger } from "./expect.js";
import { Tensor } from "./tensor.js";

/**
 * Class numbers as rows that are 1 at the class and 0 elsewhere: out[n, k] = 1 if labels[n] = k, else 0.
 *
 * ```ts
 * oneHot([2, 0], 3); // [[0, 0, 1], [1, 0, 0]]
 * ```
 *
 * Shapes: labels [N] · result [N, K], with K = `classes`.
 *
 * @throws RangeError if `classes` is no whole number >= 1, or a label none from 0 to K − 1.
 */
export function oneHot(labels: ArrayLike<number>, classes: number): Tensor {
  const K = expectInteger("oneHot", "classes", classes, { min: 1 });
  const rows = new Tensor([labels.length, K]);
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n]!;
    if (!(Number.isInteger(label) && label >= 0 && label < K)) {
      throw new RangeError(`oneHot: expected labels from 0 to ${K - 1}, got ${label} at index ${n}.`);
    }
    rows.data[n * K + label] = 1;
  }
  return rows;
}
