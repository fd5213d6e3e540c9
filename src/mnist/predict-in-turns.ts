import { type Images, sliceImages, sliceTensor } from "../model/dataset.js";
import { breathe } from "../model/event-loop.js";
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
 * @throws the signal's reason if it aborts.
 */
export async function predictInTurns(
  model: Sequential,
  images: Images,
  { threads, signal }: TurnsOptions = {},
): Promise<Tensor> {
  const [n = 0] = images.shape;
  const logits = new Tensor([n, ...model.outputShape]);
  for (let start = 0; start < n; start += CHUNK) {
    const end = Math.min(start + CHUNK, n);
    const part = model.predict(sliceImages(images, start, end), { activation: "none", threads });
    sliceTensor(logits, start, end).data.set(part.data);
    await breathe();
    signal?.throwIfAborted();
  }
  return logits;
}
