import { expectLoss, type Loss } from "../layers/loss.js";
import { SoftmaxCrossEntropy } from "../layers/softmax-cross-entropy.js";
import { clipGradientsByGlobalNorm } from "../optim/clip.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { WeightAverage } from "../optim/weight-average.js";
import { copyArray } from "../tensor/allocate.js";
import { describe, expectNumber } from "../tensor/expect.js";
import { type Dataset, expectDataset } from "./dataset.js";
import { explainNonFinite } from "./finite.js";
import { type BatchResult, measure } from "./measure.js";
import type { Sequential } from "./sequential.js";

/** Options of `Sequential.trainOnBatch`. */
export interface TrainOptions {
  /** What changes the weights; it keeps its state from step to step, so hand the same one in each time. */
  readonly optimizer: Optimizer;
  /** What the weights are to make small. @default SoftmaxCrossEntropy */
  readonly loss?: Loss | undefined;
  /**
   * The largest norm of all gradients together; larger ones are scaled down to it. This is `global_clipnorm` in Keras,
   * whose `clipnorm` is for each parameter by itself.
   *
   * @default no limit
   */
  readonly clipNorm?: number | undefined;
  /**
   * How many threads may share the work, at most. The results are the same bits for any number. @default the cores
   * available
   */
  readonly threads?: number | undefined;
  /**
   * A moving average of the weights to keep up to date. The model goes on with its own weights, in validation too;
   * `weightAverage.swap(model.parameters)` after training gives it the average. @default none
   */
  readonly weightAverage?: WeightAverage | undefined;
}

/**
 * Checks the options of training before anything is trained.
 *
 * @throws TypeError if there is no optimizer, or the loss or the weight average is none;
 * RangeError if `clipNorm` is not a finite number > 0.
 */
export function expectTrainOptions(where: string, options: TrainOptions): void {
  if (typeof options?.optimizer?.step !== "function") {
    throw new TypeError(
      `${where}: expected an optimizer, got ${describe(options?.optimizer)}. Pass one, as in { optimizer: new Adam() }.`,
    );
  }
  const { loss, weightAverage } = options;
  if (loss !== undefined) expectLoss(where, loss);
  if (weightAverage !== undefined && typeof weightAverage?.update !== "function") {
    throw new TypeError(
      `${where}: expected weightAverage to be a WeightAverage, got ${describe(weightAverage)}. Pass a new WeightAverage().`,
    );
  }
  if (options.clipNorm !== undefined) expectNumber(where, "clipNorm", options.clipNorm, { above: 0 });
}

/** One step of training, with options that are checked already; see `Sequential.trainOnBatch`. */
export function trainOnBatch(
  where: string,
  model: Sequential,
  batch: Dataset,
  options: TrainOptions,
): BatchResult {
  const { optimizer, loss = new SoftmaxCrossEntropy(), clipNorm, weightAverage } = options;
  expectDataset(where, batch, model);

  // the forward pass moves the moving averages, which are to stay where they are if there is no step
  const state = model.state.map(({ value }) => ({ value, before: copyArray(where, value.data) }));
  try {
    const result = measure(model, batch, loss, true);
    if (!Number.isFinite(result.loss)) throw nonFiniteLoss(where, model, batch, result.loss);
    model.zeroGrad();
    model.backward(loss.backward());
    const parameters = model.trainableParameters;
    if (clipNorm !== undefined) clipGradientsByGlobalNorm(parameters, clipNorm);
    weightAverage?.prepare(model.parameters); // where there is no memory for it, the weights are to stay as they are
    optimizer.step(parameters);
    weightAverage?.update(model.parameters);
    model.steps++;
    return result;
  } catch (error) {
    for (const { value, before } of state) value.data.set(before);
    throw error;
  }
}

function nonFiniteLoss(where: string, model: Sequential, { images }: Dataset, loss: number): Error {
  const { steps, parameters, outputs } = model;
  // without the moving averages: the pass does not compute with them, it moves them
  const reason = explainNonFinite(
    { images, weights: parameters, outputs },
    "Lower the learning rate, or limit the gradients with clipNorm.",
  );
  return new Error(`${where}: expected a finite loss, got ${loss} at step ${steps}. ${reason}`);
}
