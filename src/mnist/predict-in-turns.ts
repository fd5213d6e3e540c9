import { expectImages, type Images, sliceImages, sliceTensor } from "../model/dataset.js";
import { breathe } from "../model/event-loop.js";
import { explainNonFinite } from "../model/finite.js";
import type { Sequential } from "../model/sequential.js";
import { Tensor } from "../tensor/tensor.js";

/** Options of `predictInTurns`. */
export interface TurnsOptions {
  /** How many threads may share the work, at most. @default the cores available */
  readonly threads?: number | undefined;
  /** Ends the work with the signal's reason. @default none */
  readonly signal?: AbortSignal | undefined;
}

/** Images between two turns of the event loop: few, so that Ctrl-C need not wait. */
const CHUNK = 100;

/**
 * The logits [N, K] of a model for many images, giving way to the event loop now and then.
 *
 * @throws ShapeError or RangeError for images that the model does not take; Error if a logit is not finite, naming the
 * first layer whose output is not; the signal's reason if it aborts.
 */
export async function predictInTurns(
  model: Sequential,
  images: Images,
  { threads, signal }: TurnsOptions = {},
): Promise<Tensor> {
  const n = expectImages("predictInTurns", images, model.inputShape);
  const logits = new Tensor([n, ...model.outputShape]);
  for (let start = 0; start < n; start += CHUNK) {
    const end = Math.min(start + CHUNK, n);
    const chunk = sliceImages(images, start, end);
    // at once, so that the outputs of the layers are those of the whole chunk
    const part = model.predict(chunk, { activation: "none", batchSize: CHUNK, threads });
    // NaN is the largest of nothing, so an answer made of it would be the first class
    if (!part.data.every(Number.isFinite)) {
      const { weights, outputs } = model;
      throw new Error(
        `predictInTurns: expected finite logits, got NaN or an infinity. ${explainNonFinite({ images: chunk, weights, outputs })}`,
      );
    }
    sliceTensor(logits, start, end).data.set(part.data);
    await breathe();
    signal?.throwIfAborted();
  }
  return logits;
}
