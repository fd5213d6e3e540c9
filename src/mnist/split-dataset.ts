import { expectDataset } from "../model/dataset.js";
import { unseenClass } from "../model/fit-data.js";
import { describe, expectNumber } from "../tensor/expect.js";
import { Random } from "../tensor/random.js";
import type { IdxDataset } from "./idx-dataset.js";

/** Options of `splitDataset`. */
export interface SplitOptions {
  /** What the images to take are drawn with. @default none: the last ones are taken */
  readonly random?: Random;
}

/**
 * Takes a share of the images out of a dataset: to test with them, or to validate.
 *
 * ```ts
 * const { rest, taken } = splitDataset(data, 0.2, { random: new Random(1) });
 * ```
 *
 * The share is rounded up to whole images. Without `random` nothing is copied.
 *
 * @throws RangeError if the share is not above 0 and below 1, if it leaves a side empty, or if a class among the images
 * that are taken is not among the rest, so that it could not be learnt; ShapeError if there is not a label for each image,
 * or there are not as many pixels as the shape says; TypeError if `random` is no Random.
 */
export function splitDataset(
  data: IdxDataset,
  share: number,
  { random }: SplitOptions = {},
): { rest: IdxDataset; taken: IdxDataset } {
  const where = "splitDataset";
  expectNumber(where, "share", share, { above: 0, below: 1 });
  if (random !== undefined && !(random instanceof Random)) {
    throw new TypeError(`${where}: expected random to be a Random, got ${describe(random)}.`);
  }
  // whether the labels are among the classes is for the model to say
  const sampleShape = data?.images?.shape?.slice(1) ?? [];
  expectDataset(where, data, { inputShape: sampleShape, outputShape: [] });
  const { images, labels } = data;
  const [n, H, W] = images.shape;
  const kept = Math.floor(n * (1 - share));
  if (kept === 0 || kept === n) {
    throw new RangeError(
      `${where}: expected a share that leaves images on both sides, got ${describe(share)} of ${n} images.`,
    );
  }
  const ordered = random ? reorder({ images, labels }, random.permutation(n)) : { images, labels };
  const slice = (start: number, end: number): IdxDataset => ({
    images: { data: ordered.images.data.subarray(start * H * W, end * H * W), shape: [end - start, H, W, 1] },
    labels: ordered.labels.subarray(start, end),
  });
  const [rest, taken] = [slice(0, kept), slice(kept, n)];
  const unseen = unseenClass(rest.labels, taken.labels);
  if (unseen !== undefined) {
    const remedy = random
      ? "Take a smaller share."
      : "If the images are sorted by class, draw them with random.";
    throw new RangeError(
      `${where}: expected images of class ${unseen} among the ${kept} that are left, got all of them taken. ${remedy}`,
    );
  }
  return { rest, taken };
}

/** A copy with the images in another order: image `order[i]` at place i. */
function reorder({ images, labels }: IdxDataset, order: Uint32Array): IdxDataset {
  const [n, H, W] = images.shape;
  const size = H * W;
  const data = new Uint8Array(n * size);
  for (let i = 0; i < n; i++)
    data.set(images.data.subarray(order[i]! * size, (order[i]! + 1) * size), i * size);
  return { images: { data, shape: images.shape }, labels: Uint8Array.from(order, (place) => labels[place]!) };
}
