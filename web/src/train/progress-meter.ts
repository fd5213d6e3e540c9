import type { BatchEvent } from "tinyconv";
import type { Progress } from "./protocol.js";

/** Milliseconds between two reports, at least. */
const INTERVAL = 100;

/**
 * Makes reports of the steps of a training: about ten a second, and one at the end of each epoch. `fit` tells the means
 * over the epoch so far; a report has those since the report before it, so that a curve shows how training goes now.
 */
export class ProgressMeter {
  readonly #report: (progress: Progress) => void;
  readonly #now: () => number;
  #reported = Number.NEGATIVE_INFINITY; // the very first step is reported at once
  #before = startOf(1); // sums over the epoch, when last reported

  constructor(report: (progress: Progress) => void, now: () => number = () => performance.now()) {
    this.#report = report;
    this.#now = now;
  }

  /** A step was done. */
  add({ model, epoch, batch, batches, images, loss, accuracy, seconds }: BatchEvent): void {
    if (epoch !== this.#before.epoch) {
      // what the test in between took is no reason to report a single step
      this.#before = startOf(epoch);
      this.#reported = this.#now();
    }
    if (batch !== batches && this.#now() - this.#reported < INTERVAL) return;
    const before = this.#before;
    const sums = { epoch, images, loss: loss * images, accuracy: accuracy * images };
    const recent = images - before.images;
    this.#report({
      step: model.steps,
      epoch,
      epochsDone: epoch - 1 + batch / (batches ?? batch),
      loss: (sums.loss - before.loss) / recent,
      accuracy: (sums.accuracy - before.accuracy) / recent,
      imagesPerSecond: images / seconds,
    });
    this.#before = sums;
    this.#reported = this.#now();
  }
}

function startOf(epoch: number) {
  return { epoch, images: 0, loss: 0, accuracy: 0 };
}
