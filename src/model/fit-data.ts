import { describe } from "../tensor/expect.js";
import { BatchGatherer } from "./batch-gatherer.js";
import { type BatchSource, countImages, type Dataset, expectDataset, sliceDataset } from "./dataset.js";
import type { Sequential } from "./sequential.js";

/**
 * What `fit` trains on and what it validates with, both checked: `data` and the `given` validation data, or the first
 * and the last `share` of `data`.
 *
 * @throws TypeError for a share of a batch source, or beside given data; RangeError if a side would be left empty; and
 * as `expectDataset`.
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
  const n = expectDataset("Sequential.fit", data, model);
  if (share === 0) return { train: data, validation: given };
  if (given !== undefined) {
    throw new TypeError("Sequential.fit: expected validationSplit or validationData, got both.");
  }
  const kept = Math.floor(n * (1 - share));
  if (kept === 0 || kept === n) {
    throw new RangeError(
      `Sequential.fit: expected validationSplit to leave images on both sides, got ${describe(share)} of ${n} images.`,
    );
  }
  return { train: sliceDataset(data, 0, kept), validation: sliceDataset(data, kept, n) };
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
    const order = shuffle ? model.random.permutation(n) : Uint32Array.from({ length: n }, (_, i) => i);
    for (let start = 0; start < n; start += batchSize) {
      yield gatherer.gather(order, start, Math.min(start + batchSize, n));
    }
  };
}
