import type { Targets } from "../layers/loss.js";
import { describe } from "../tensor/expect.js";
import { Tensor } from "../tensor/tensor.js";
import { BatchGatherer } from "./batch-gatherer.js";
import { type BatchSource, countImages, type Dataset, expectDataset, sliceDataset } from "./dataset.js";
import type { Sequential } from "./sequential.js";

/**
 * What `fit` trains on and what it validates with, both checked: `data` and the `given` validation data, or the first
 * and the last `share` of `data`.
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
  const train = sliceDataset(data, 0, kept);
  const validation = sliceDataset(data, kept, n);
  const unseen = unseenClass(train.labels, validation.labels);
  if (unseen !== undefined) {
    throw new RangeError(
      `Sequential.fit: expected images of class ${unseen} among the first ${kept}, as there are among the ${n - kept} that ` +
        "validationSplit takes from the end, got none. If the images are sorted by class, shuffle them.",
    );
  }
  return { train, validation };
}

/** The first class that there is among `others` and not among `labels`; undefined for soft targets. */
export function unseenClass(labels: Targets, others: Targets): number | undefined {
  if (labels instanceof Tensor || others instanceof Tensor) return undefined;
  const seen = new Set<number>(labels);
  return Array.from(others).find((label) => !seen.has(label));
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
