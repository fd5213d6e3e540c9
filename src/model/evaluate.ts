import type { Loss } from "../layers/loss.js";
import { SoftmaxCrossEntropy } from "../layers/softmax-cross-entropy.js";
import { expectInteger } from "../tensor/expect.js";
import { type BatchSource, type Dataset, expectDataset, slice } from "./dataset.js";
import { EventLoopYielder } from "./event-loop.js";
import { countCorrect } from "./metrics.js";
import type { Sequential } from "./sequential.js";
import { predictFor } from "./train-on-batch.js";

export interface EvaluateOptions {
  /** @default SoftmaxCrossEntropy */
  readonly loss?: Loss;
  /** Images that go through the model at a time. @default 128 */
  readonly batchSize?: number;
}

export interface Evaluation {
  /** The mean loss. */
  readonly loss: number;
  /** The share of images whose largest output is at their class. */
  readonly accuracy: number;
}

/** Sums of figures over batches, and their means over images. */
export class RunningMeans {
  images = 0;
  #loss = 0;
  #correct = 0;

  add(images: number, { loss, accuracy }: Evaluation): void {
    this.images += images;
    this.#loss += loss * images;
    this.#correct += accuracy * images;
  }

  get means(): Evaluation {
    return { loss: this.#loss / this.images, accuracy: this.#correct / this.images };
  }
}

/** Loss and accuracy over a dataset; see `Sequential.evaluate`. */
export async function evaluateModel(
  model: Sequential,
  data: Dataset | BatchSource,
  { loss = new SoftmaxCrossEntropy(), batchSize = 128 }: EvaluateOptions = {},
): Promise<Evaluation> {
  expectInteger("Sequential.evaluate", "batchSize", batchSize, { min: 1 });
  const eventLoop = new EventLoopYielder();
  const means = new RunningMeans();
  for await (const batch of typeof data === "function" ? data(1) : inOrder(model, data, batchSize)) {
    const n = expectDataset("Sequential.evaluate", batch, model.inputShape);
    const prediction = predictFor(loss, model, batch);
    const value = loss.forward(prediction, batch.labels);
    means.add(n, { loss: value, accuracy: countCorrect(prediction, batch.labels) / n });
    await eventLoop.breathe();
  }
  if (means.images === 0) throw new RangeError("Sequential.evaluate: expected at least one batch, got none.");
  return means.means;
}

function* inOrder(model: Sequential, data: Dataset, batchSize: number): Iterable<Dataset> {
  const n = expectDataset("Sequential.evaluate", data, model.inputShape);
  for (let start = 0; start < n; start += batchSize) yield slice(data, start, Math.min(start + batchSize, n));
}
