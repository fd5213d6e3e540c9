import { expectLoss, type Loss } from "../layers/loss.js";
import { SoftmaxCrossEntropy } from "../layers/softmax-cross-entropy.js";
import { expectInteger, expectOptions } from "../tensor/expect.js";
import { chooseThreads, withThreads } from "../tensor/simd/threads.js";
import {
  type BatchSource,
  batchesOf,
  countImages,
  type Dataset,
  expectDataset,
  sliceDataset,
} from "./dataset.js";
import { breathe } from "./event-loop.js";
import { explainNonFinite } from "./finite.js";
import { type Evaluation, measure, RunningMeans } from "./measure.js";
import type { Sequential } from "./sequential.js";
import { expectSignal } from "./signal.js";

/** Options of `Sequential.evaluate`. */
export interface EvaluateOptions {
  /** What is measured. @default SoftmaxCrossEntropy */
  readonly loss?: Loss;
  /** Images that go through the model at a time. @default 128 (in Keras, 32) */
  readonly batchSize?: number;
  /**
   * How many threads may share the work, at most. The results are the same bits for any number. @default the cores
   * available
   */
  readonly threads?: number | undefined;
  /** Ends the evaluation with the signal's reason, between two batches. @default none */
  readonly signal?: AbortSignal | undefined;
}

/** Loss and accuracy over a dataset; see `Sequential.evaluate`. */
export async function evaluateModel(
  model: Sequential,
  data: Dataset | BatchSource,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const {
    loss = new SoftmaxCrossEntropy(),
    batchSize = 128,
    signal,
    threads,
  } = expectOptions("Sequential.evaluate", options);
  const limit = chooseThreads("Sequential.evaluate", threads);
  expectInteger("Sequential.evaluate", "batchSize", batchSize, { min: 1 });
  expectLoss("Sequential.evaluate", loss);
  expectSignal("Sequential.evaluate", signal);
  // the whole is checked at once, so that an error tells the place in the whole
  const isSource = typeof data === "function";
  if (!isSource) expectDataset("Sequential.evaluate", data, model);
  const means = new RunningMeans();
  for await (const batch of isSource ? batchesOf("Sequential.evaluate", data, 1) : inOrder(data, batchSize)) {
    signal?.throwIfAborted();
    expectDataset("Sequential.evaluate", batch, model);
    const result = withThreads(limit, () => measure(model, batch, loss, false));
    if (!Number.isFinite(result.loss)) throw nonFiniteLoss(model, batch, result.loss);
    means.add(result);
    await breathe();
  }
  signal?.throwIfAborted();
  if (means.images === 0) {
    throw new RangeError("Sequential.evaluate: expected the batch source to give batches, got none.");
  }
  return means.means;
}

function nonFiniteLoss({ weights, outputs }: Sequential, { images }: Dataset, loss: number): Error {
  const reason = explainNonFinite({ images, weights, outputs });
  return new Error(`Sequential.evaluate: expected a finite loss, got ${loss}. ${reason}`);
}

function* inOrder(data: Dataset, batchSize: number): Iterable<Dataset> {
  const n = countImages(data.images);
  for (let start = 0; start < n; start += batchSize) {
    yield sliceDataset(data, start, Math.min(start + batchSize, n));
  }
}
