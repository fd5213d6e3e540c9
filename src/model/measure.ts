import type { Loss } from "../layers/loss.js";
import { countImages, type Dataset } from "./dataset.js";
import { countCorrect } from "./metrics.js";
import type { Sequential } from "./sequential.js";

/** How well a model does on images. */
export interface Evaluation {
  /** The mean loss. */
  readonly loss: number;
  /** The share of images whose largest output is at their class; NaN where the outputs are not rows of classes. */
  readonly accuracy: number;
}

/** What came out of one batch. */
export interface BatchResult {
  readonly images: number;
  /** The mean loss over the images. */
  readonly loss: number;
  /** How many images were classified right. */
  readonly correct: number;
}

/** Runs a batch, which is checked already, through the model and the loss. */
export function measure(model: Sequential, batch: Dataset, loss: Loss, training: boolean): BatchResult {
  const { images, labels } = batch;
  // the loss says whether it comes before a final softmax or behind it
  const prediction = loss.fromLogits
    ? model.logits(images, { training })
    : model.forward(images, { training });
  const value = loss.forward(prediction, labels);
  return { images: countImages(images), loss: value, correct: countCorrect(prediction, labels) };
}

/** Sums of the results of batches, and their means over images. Images are counted, so that a share is exact. */
export class RunningMeans {
  #images: number;
  #loss: number;
  #correct: number;

  /** @param sums of batches that went before, as `sums` gives them. @default none */
  constructor({ images, loss, correct }: BatchResult = { images: 0, loss: 0, correct: 0 }) {
    this.#images = images;
    this.#loss = loss;
    this.#correct = correct;
  }

  add({ images, loss, correct }: BatchResult): void {
    this.#images += images;
    this.#loss += loss * images;
    this.#correct += correct;
  }

  get images(): number {
    return this.#images;
  }

  /** The sums so far: here `loss` is that of all images together. */
  get sums(): BatchResult {
    return { images: this.#images, loss: this.#loss, correct: this.#correct };
  }

  get means(): Evaluation {
    return { loss: this.#loss / this.#images, accuracy: this.#correct / this.#images };
  }
}
