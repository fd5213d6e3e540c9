import { SoftmaxCrossEntropy } from "tinyconv";
import { DIGIT_PIXELS } from "../digit-size.js";
import type { DigitSet } from "../digits.js";
import type { Setup } from "./experiments.js";

/** How a training went. */
export interface Outcome {
  /** Before each step; NaN from where it is no number any more. */
  readonly losses: readonly number[];
  /** The share of right answers on the test digits. */
  readonly accuracy: number;
}

const BATCH = 32;

/** Trains for some steps, batch after batch in the order of the digits, by the passes of the library, and tests then. */
export function runSetup(
  { model, optimizer, pieces, answer, steps }: Setup,
  train: DigitSet,
  test: DigitSet,
): Outcome {
  const loss = new SoftmaxCrossEntropy();
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    model.zeroGrad();
    let sum = 0;
    for (let piece = 0; piece < pieces; piece++) {
      const size = BATCH / pieces;
      const start = (step * BATCH + piece * size) % (train.labels.length - size);
      const logits = model.forward(slice(train, start, size), { training: true });
      sum += loss.forward(logits, train.labels.subarray(start, start + size)) / pieces;
      const dy = loss.backward();
      for (let i = 0; i < dy.size; i++) dy.data[i]! /= pieces;
      model.backward(dy);
    }
    losses.push(sum);
    optimizer.step(model.trainableParameters);
  }
  return { losses, accuracy: test.labels.length === 0 ? Number.NaN : measure({ model, answer }, test) };
}

function measure({ model, answer }: Pick<Setup, "model" | "answer">, { images, labels }: DigitSet): number {
  const { data } = model.predict(images);
  let right = 0;
  for (const [n, label] of labels.entries()) {
    if (answer(data.subarray(10 * n, 10 * n + 10)) === label) right++;
  }
  return right / labels.length;
}

function slice({ images }: DigitSet, start: number, size: number) {
  return {
    data: images.data.subarray(start * DIGIT_PIXELS, (start + size) * DIGIT_PIXELS),
    shape: [size, 28, 28, 1],
  };
}
