import type { Targets } from "../layers/loss.js";
import { describe, expectInteger, expectNumber, expectOptions } from "../tensor/expect.js";
import { Random } from "../tensor/random.js";
import { Tensor } from "../tensor/tensor.js";
import { BatchGatherer } from "./batch-gatherer.js";
import { countImages, type Dataset, expectDataset, type Images, sampleShapeOf } from "./dataset.js";
import { type Split, splitEnd, unseenClass } from "./split-end.js";

/** Options of `splitDataset`. */
export interface SplitOptions {
  /** What the held-out images are drawn with. @default none: the last ones are held out */
  readonly random?: Random;
}

/**
 * Holds a share of the images out of a dataset, rounded to whole images: to test with them, or to validate.
 *
 * ```ts
 * const { train, heldOut } = splitDataset(data, 0.2, { random: new Random(1) });
 * ```
 *
 * The parts are of the types that the dataset is of. Without `random` the images are not copied.
 *
 * @throws RangeError if the share is not above 0 and below 1, if it leaves a side empty, or if no image of a class is left
 * to train on; ShapeError if there is not a label for each image, or there are not as many pixels as the shape says;
 * TypeError if `random` is no Random.
 */
export function splitDataset<I extends Images, L extends Targets>(
  data: Dataset<I, L>,
  share: number,
  options: SplitOptions = {},
): Split<I, L> {
  const where = "splitDataset";
  const { random } = expectOptions(where, options);
  expectNumber(where, "share", share, { above: 0, below: 1 });
  if (random !== undefined && !(random instanceof Random)) {
    throw new TypeError(`${where}: expected random to be a Random, got ${describe(random)}.`);
  }
  // whether the labels are among the classes is for the model to say
  expectDataset(where, data, { inputShape: sampleShapeOf(where, data?.images), outputShape: [] });
  const { labels } = data;
  if (!(labels instanceof Tensor)) {
    for (let i = 0; i < labels.length; i++) expectInteger(where, `labels[${i}]`, labels[i]!, { min: 0 });
  }

  const split = splitEnd(where, "share", random ? shuffle(data, random) : data, share);
  const unseen = unseenClass(split);
  if (unseen !== undefined) {
    const left = countImages(split.train.images);
    const remedy = random
      ? "Take a smaller share."
      : "If the images are sorted by class, draw them with random.";
    throw new RangeError(
      `${where}: expected images of class ${unseen} among the ${left} to train on, got all of them held out. ${remedy}`,
    );
  }
  return split;
}

/** A copy with the samples in random order. */
function shuffle<I extends Images, L extends Targets>(data: Dataset<I, L>, random: Random): Dataset<I, L> {
  const n = countImages(data.images);
  const { images, labels } = new BatchGatherer(data, n, "splitDataset").gather(random.permutation(n), 0, n);
  // bytes stay bytes, and a tensor a tensor
  return { images: images as I, labels: likeLabels(data.labels, labels) };
}

/** `labels` as a list of the type of `model`, which is as long. */
function likeLabels<L extends Targets>(model: L, labels: Targets): L {
  if (model instanceof Tensor || labels instanceof Tensor) return labels as L;
  const list = model.slice(); // of the same type
  for (let i = 0; i < list.length; i++) list[i] = labels[i]!;
  return list as Targets as L;
}
