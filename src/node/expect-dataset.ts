import { isLabels } from "../layers/loss.js";
import type { IdxDataset } from "../mnist/idx-dataset.js";
import { type Dataset, expectDataset } from "../model/dataset.js";
import { refuse } from "../tensor/expect.js";
import type { Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";

/**
 * Checks images as bytes, with a class number for each, and returns how many there are.
 *
 * @throws TypeError if images or labels are tensors; and as `expectDataset`.
 */
export function expectByteDataset(
  where: string,
  data: IdxDataset,
  shapes: { readonly inputShape: Shape; readonly outputShape: Shape },
): number {
  const n = expectDataset(where, data, shapes);
  const { images, labels }: Dataset = data;
  if (images instanceof Tensor) refuse(where, "images", "bytes, { data: Uint8Array, shape }", images);
  if (!isLabels(labels)) refuse(where, "labels", "class numbers", labels);
  return n;
}
