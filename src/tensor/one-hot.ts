import { allocate } from "./allocate.js";
import { describe, expectInteger, isList, refuse } from "./expect.js";
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
 * @throws RangeError if `classes` is not a whole number >= 1, or a label none from 0 to K − 1.
 */
export function oneHot(labels: ArrayLike<number>, classes: number): Tensor {
  const K = expectInteger("oneHot", "classes", classes, { min: 1 });
  if (!isList(labels)) refuse("oneHot", "labels", "a list of class numbers", labels);
  expectClassLabels("oneHot", labels, K);
  const shape = [labels.length, K];
  const rows = new Tensor(shape, allocate("oneHot", shape));
  for (let n = 0; n < labels.length; n++) rows.data[n * K + labels[n]!] = 1;
  return rows;
}

/**
 * Checks that each label is a class: a whole number from 0 to `classes` − 1.
 *
 * @throws RangeError `SoftmaxCrossEntropy.forward: expected labels from 0 to 9, got 12 at index 3.`
 */
export function expectClassLabels(where: string, labels: ArrayLike<number>, classes: number): void {
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n]!;
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      const got = typeof label === "number" ? label : describe(label);
      throw new RangeError(`${where}: expected labels from 0 to ${classes - 1}, got ${got} at index ${n}.`);
    }
  }
}
