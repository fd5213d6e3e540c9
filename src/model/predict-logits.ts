import { expectOptions } from "../tensor/expect.js";
import { chooseThreads, withThreads } from "../tensor/simd/threads.js";
import { Tensor } from "../tensor/tensor.js";
import { expectImages, type Images, sliceImages, sliceTensor } from "./dataset.js";
import { breathe } from "./event-loop.js";
import { explainNonFinite } from "./finite.js";
import { expectSequential, type Sequential } from "./sequential.js";
import { expectSignal } from "./signal.js";

/** Options of `predictLogits` and `testModel`. */
export interface PredictLogitsOptions {
  /**
   * How many threads may share the work, at most. The results are the same bits for any number. @default the cores
   * available
   */
  readonly threads?: number | undefined;
  /** Ends the work with the signal's reason. @default none */
  readonly signal?: AbortSignal | undefined;
}

/** Images between two turns of the event loop: few, so that Ctrl-C need not wait. */
const CHUNK = 100;

/**
 * The logits [N, K] of a model for many images, giving way to the event loop now and then. They are what a softmax makes
 * probabilities of: a Softmax at the end of the model is left out.
 *
 * @throws ShapeError or RangeError for images that the model does not take; Error if the model has no layers, or if a
 * logit is not finite, naming the first layer whose output is not; the signal's reason if it aborts.
 */
export async function predictLogits(
  model: Sequential,
  images: Images,
  options: PredictLogitsOptions = {},
): Promise<Tensor> {
  const where = "predictLogits";
  expectSequential(where, model);
  const { threads, signal } = expectOptions(where, options);
  const limit = chooseThreads(where, threads);
  expectSignal(where, signal);
  if (model.layers.length === 0) {
    throw new Error(`${where}: expected a model with layers, got one without. Add them first.`);
  }
  const n = expectImages(where, images, model.inputShape);
  const logits = new Tensor([n, ...model.outputShape]);
  for (let start = 0; start < n; start += CHUNK) {
    const end = Math.min(start + CHUNK, n);
    const chunk = sliceImages(images, start, end);
    const part = withThreads(limit, () => model.logits(chunk));
    // NaN is the largest of nothing, so an answer made of it would be the first class
    if (!part.data.every(Number.isFinite)) {
      const { weights, outputs } = model;
      throw new Error(
        `${where}: expected finite logits, got NaN or an infinity. ${explainNonFinite({ images: chunk, weights, outputs })}`,
      );
    }
    sliceTensor(logits, start, end).data.set(part.data);
    await breathe();
    signal?.throwIfAborted();
  }
  return logits;
}
