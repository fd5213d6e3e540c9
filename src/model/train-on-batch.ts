import type { Loss } from "../layers/loss.js";
import { SoftmaxCrossEntropy } from "../layers/softmax-cross-entropy.js";
import { clipGradientsByGlobalNorm } from "../optim/clip.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { WeightAverage } from "../optim/weight-average.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Dataset, expectDataset } from "./dataset.js";
import type { Evaluation } from "./evaluate.js";
import { firstNonFinite } from "./finite.js";
import { countCorrect } from "./metrics.js";
import type { Sequential } from "./sequential.js";

export interface TrainOptions {
  /** What changes the weights; it keeps its state from step to step, so hand the same one in each time. */
  readonly optimizer: Optimizer;
  /** @default SoftmaxCrossEntropy */
  readonly loss?: Loss;
  /** The largest norm of all gradients together; larger ones are scaled down to it. @default no limit */
  readonly clipNorm?: number;
  /** A moving average of the weights to keep up to date. @default none */
  readonly weightAverage?: WeightAverage;
}

/** One step of training; see `Sequential.trainOnBatch`. */
export function trainOnBatch(model: Sequential, batch: Dataset, options: TrainOptions): Evaluation {
  const { optimizer, loss = new SoftmaxCrossEntropy(), clipNorm, weightAverage } = options;
  const n = expectDataset("Sequential.trainOnBatch", batch, model.inputShape);

  const prediction = predictFor(loss, model, batch, true);
  const value = loss.forward(prediction, batch.labels);
  if (!Number.isFinite(value)) throw nonFiniteLoss(model, batch, value);
  const accuracy = countCorrect(prediction, batch.labels) / n;

  model.zeroGrad();
  model.backward(loss.backward());
  const parameters = model.trainableParameters;
  if (clipNorm !== undefined) clipGradientsByGlobalNorm(parameters, clipNorm);
  optimizer.step(parameters);
  weightAverage?.update(parameters);
  model.steps++;
  return { loss: value, accuracy };
}

/** What the loss compares with the targets: it names itself whether that comes before or after a final softmax. */
export function predictFor(loss: Loss, model: Sequential, { images }: Dataset, training = false): Tensor {
  return loss.fromLogits ? model.logits(images, { training }) : model.forward(images, { training });
}

function nonFiniteLoss(model: Sequential, { images }: Dataset, value: number): Error {
  const input = images.data.every(Number.isFinite);
  const layer = firstNonFinite(model.outputs);
  let cause: string;
  if (!input) cause = "The images of this batch hold a value that is not finite.";
  else if (layer) {
    const weight = firstNonFinite(model.weights);
    cause =
      `The first layer whose output is not finite is ${layer.name}` +
      `${weight ? `; the first weight that is not is ${weight.name}` : ""}. Lower the learning rate, or limit the gradients with clipNorm.`;
  } else cause = "All layers' outputs are finite, so the loss itself, or its targets, are not.";
  return new Error(
    `Sequential.trainOnBatch: expected a finite loss, got ${value} at step ${model.steps}. ${cause}`,
  );
}
