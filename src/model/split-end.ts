import type { Targets } from "../layers/loss.js";
import { describe } from "../tensor/expect.js";
import { Tensor } from "../tensor/tensor.js";
import { countImages, type Dataset, type Images, sliceDataset } from "./dataset.js";

/** A dataset in two parts. */
export interface Split<I extends Images = Images, L extends Targets = Targets> {
  /** What is left to train on. */
  readonly train: Dataset<I, L>;
  /** What is kept from training, to validate or to test with. */
  readonly heldOut: Dataset<I, L>;
}

/**
 * Holds out the last share of a dataset. The images are not copied.
 *
 * The share is rounded to whole images: 0.2 of 42,000 is 8,400, as in Keras. Where n·share is not whole, Keras rounds it
 * up; it takes the floor of n·(1 − share) to train on, and so loses an image too where that falls short in float64.
 *
 * @param name of the share in error messages
 * @throws RangeError if a side would be left empty.
 */
export function splitEnd<I extends Images, L extends Targets>(
  where: string,
  name: string,
  data: Dataset<I, L>,
  share: number,
): Split<I, L> {
  const n = countImages(data.images);
  const kept = n - Math.round(n * share);
  if (kept === 0 || kept === n) {
    throw new RangeError(
      `${where}: expected ${name} to leave images on both sides, got ${describe(share)} of ${n} images.`,
    );
  }
  return { train: sliceDataset(data, 0, kept), heldOut: sliceDataset(data, kept, n) };
}

/** The first class that is held out entirely, so that it cannot be learnt; undefined for soft targets. */
export function unseenClass({ train, heldOut }: Split): number | undefined {
  if (train.labels instanceof Tensor || heldOut.labels instanceof Tensor) return undefined;
  const seen = new Set<number>(train.labels);
  return Array.from(heldOut.labels).find((label) => !seen.has(label));
}
