import { BatchGatherer } from "../model/batch-gatherer.js";
import { type Dataset, expectDataset, type Pixels } from "../model/dataset.js";
import { describe, expectInteger, expectOptions } from "../tensor/expect.js";
import { Random } from "../tensor/random.js";
import { Augmentation, expectByteImages } from "./augmentation.js";

/** Images as bytes, and what they show. */
export type PixelDataset = Dataset<Pixels>;

/** Options of `augmentedBatches`. */
export interface AugmentedBatchesOptions {
  /** Images in a batch; the last one of an epoch takes what is left. @default 128 */
  readonly batchSize?: number;
  /** What is done to the images. @default new Augmentation() */
  readonly augmentation?: Augmentation;
  /**
   * What the order of the images is drawn from, anew in each epoch. A training can be resumed if this is the model's own.
   * @default none: the order is that of `Augmentation.order`, which needs nothing saved to be resumed
   */
  readonly random?: Random;
}

/**
 * A source of training batches: all images of a dataset in each epoch, in random order, each warped anew.
 *
 * ```ts
 * await model.fit(augmentedBatches(train, { batchSize: 128 }), { epochs: 5 });
 * ```
 *
 * A batch lies in memory that the next one uses again. The dataset itself is not changed.
 *
 * @throws RangeError if the batch size is not a whole number >= 1; TypeError if `augmentation` is none; ShapeError if
 * there is not a label for each image; and as `Augmentation.apply` for images that cannot be warped.
 */
export function augmentedBatches(
  data: PixelDataset,
  options: AugmentedBatchesOptions = {},
): (epoch: number) => Iterable<Dataset> {
  const { batchSize = 128, augmentation = new Augmentation() } = expectOptions("augmentedBatches", options);
  expectInteger("augmentedBatches", "batchSize", batchSize, { min: 1 });
  if (!(augmentation instanceof Augmentation)) {
    throw new TypeError(
      `augmentedBatches: expected augmentation to be an Augmentation, got ${describe(augmentation)}.`,
    );
  }
  const { random } = options;
  if (random !== undefined && !(random instanceof Random)) {
    throw new TypeError(`augmentedBatches: expected random to be a Random, got ${describe(random)}.`);
  }
  const [n, ...sampleShape] = expectByteImages("augmentedBatches", data?.images);
  // whether the labels are among the classes is for the model to say
  expectDataset("augmentedBatches", data, { inputShape: sampleShape, outputShape: [] });
  const gatherer = new BatchGatherer(data, Math.min(batchSize, n), "augmentedBatches");
  return function* (epoch) {
    const order = random ? random.permutation(n) : augmentation.order(epoch, n);
    for (let start = 0; start < n; start += batchSize) {
      const end = Math.min(start + batchSize, n);
      const { images, labels } = gatherer.gather(order, start, end);
      const numbers = order.subarray(start, end);
      // the images of the dataset are bytes, and so are those of its batches
      yield { images: augmentation.apply(images as Pixels, { epoch, numbers }), labels };
    }
  };
}
