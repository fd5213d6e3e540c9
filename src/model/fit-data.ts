import { allocateArray } from "../tensor/allocate.js";
import { BatchGatherer } from "./batch-gatherer.js";
import { type BatchSource, countImages, type Dataset, expectDataset } from "./dataset.js";
import type { Sequential } from "./sequential.js";
import { splitEnd, unseenClass } from "./split-end.js";

/**
 * What `fit` trains on and what it validates with, both checked: `data` and the `given` validation data, or the first
 * and the last `share` of `data`, as `splitEnd` divides them.
 *
 * @throws TypeError for a share of a batch source, or beside given data; RangeError if a side would be left empty, or
 * if a class were validated that is not trained; and as `expectDataset`.
 */
export function splitData(
  model: Sequential,
  data: Dataset | BatchSource,
  share: number,
  given: Dataset | BatchSource | undefined,
): { train: Dataset | BatchSource; validation: Dataset | BatchSource | undefined } {
  if (given !== undefined && typeof given !== "function") {
    expectDataset("Sequential.fit (validationData)", given, model);
  }
  if (typeof data === "function") {
    if (share > 0) {
      throw new TypeError(
        "Sequential.fit: expected a dataset to split, got a batch source. Pass validationData.",
      );
    }
    return { train: data, validation: given };
  }
  expectDataset("Sequential.fit", data, model);
  if (share === 0) return { train: data, validation: given };
  if (given !== undefined) {
    throw new TypeError("Sequential.fit: expected validationSplit or validationData, got both.");
  }
  const split = splitEnd("Sequential.fit", "validationSplit", data, share);
  const unseen = unseenClass(split);
  if (unseen !== undefined) {
    const [kept, taken] = [countImages(split.train.images), countImages(split.heldOut.images)];
    throw new RangeError(
      `Sequential.fit: expected images of class ${unseen} among the first ${kept}, as there are among the ${taken} that ` +
        "validationSplit takes from the end, got none. If the images are sorted by class, shuffle them.",
    );
  }
  return { train: split.train, validation: split.heldOut };
}

/** The batches of a dataset, shuffled anew in each epoch or in order. */
export function inBatches(
  model: Sequential,
  data: Dataset,
  batchSize: number,
  shuffle: boolean,
): BatchSource {
  const n = countImages(data.images);
  const gatherer = new BatchGatherer(data, Math.min(batchSize, n));
  return function* () {
    const order = shuffle ? model.random.permutation(n) : inOrder(n);
    for (let start = 0; start < n; start += batchSize) {
      yield gatherer.gather(order, start, Math.min(start + batchSize, n));
    }
  };
}

/** The numbers 0 to n - 1. */
function inOrder(n: number): Uint32Array {
  const order = allocateArray(Uint32Array, "Sequential.fit", [n]);
  for (let i = 0; i < n; i++) order[i] = i;
  return order;
}
