import { ShapeError } from "../tensor/errors.js";
import { describe, isList } from "../tensor/expect.js";
import { expectClassLabels } from "../tensor/one-hot.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import { expectTensor, Tensor } from "../tensor/tensor.js";
import type { LayerConfig } from "./layer.js";

/** The class of each sample, from 0 to K − 1: N whole numbers. */
export type Labels = Uint8Array | Uint16Array | Int32Array | readonly number[];

/** What a prediction should have been: labels, or a tensor of the prediction's shape, such as one-hot rows [N, K]. */
export type Targets = Labels | Tensor;

/** True for a list or a typed array; the labels in it are not looked at. */
export function isLabels(value: unknown): value is Labels {
  return isList(value);
}

/**
 * A loss: one number that says how far a batch of predictions is from its targets, and the gradient of that number.
 *
 * Like a layer, any object that keeps this contract will do.
 */
export interface Loss {
  /** The name of the class. */
  readonly type: string;
  /** True if the prediction is to be logits: what a final softmax, if the model has one, is given. @default false */
  readonly fromLogits?: boolean;

  /** L, the mean over the samples of the batch, in float64; keeps what `backward` will need. */
  forward(prediction: Tensor, targets: Targets): number;

  /**
   * ∂L/∂prediction at the last `forward`, written to `out` if given. Otherwise it belongs to the loss, and is valid
   * until its next call.
   */
  backward(options?: LossBackwardOptions): Tensor;

  /** The options that make this loss again, as plain JSON. */
  config(): LayerConfig;
}

/** Options of `Loss.backward`. */
export interface LossBackwardOptions {
  /** Where the gradient goes, of the prediction's shape. @default memory of the loss, used again in each call */
  readonly out?: Tensor;
}

/**
 * Checks that something is a loss.
 *
 * @throws TypeError `Sequential.fit: expected a loss, got "mse" (string). Pass one, as in { loss: new MeanSquaredError() }.`
 */
export function expectLoss(where: string, loss: Loss): void {
  // a layer has these methods too, and would take the targets for options
  const isLayer = typeof loss === "object" && loss !== null && "build" in loss;
  if (typeof loss?.forward === "function" && typeof loss.backward === "function" && !isLayer) return;
  throw new TypeError(
    `${where}: expected a loss, got ${describe(loss)}. Pass one, as in { loss: new MeanSquaredError() }.`,
  );
}

/**
 * Checks that a prediction is a tensor with samples in it: the mean over none is not a number.
 *
 * @throws TypeError or ShapeError if it is not.
 */
export function expectPrediction(where: string, prediction: Tensor): void {
  expectTensor(where, prediction);
  if (prediction.rank === 0 || prediction.size === 0) {
    throw new ShapeError(
      `${where}: expected a prediction of at least one sample, got shape ${formatShape(prediction.shape)}.`,
    );
  }
}

/**
 * Checks targets and writes them to `out`, which has the shape of the prediction: labels as one-hot rows, a tensor as
 * it is.
 *
 * @param min the least number that a tensor of targets may hold @default any
 * @throws TypeError if they are neither labels nor a tensor; ShapeError if they do not fit the prediction; RangeError
 *   if a label is none of the classes, or a target not finite or below `min`.
 */
export function writeTargets(
  where: string,
  targets: Targets,
  { out, min = Number.NEGATIVE_INFINITY }: { readonly out: Tensor; readonly min?: number },
): void {
  if (targets instanceof Tensor) copyTargets(where, targets, out, min);
  else if (isLabels(targets)) writeOneHot(where, targets, out);
  else throw new TypeError(`${where}: expected targets to be labels or a Tensor, got ${describe(targets)}.`);
}

function copyTargets(where: string, targets: Tensor, out: Tensor, min: number): void {
  if (!sameShape(targets.shape, out.shape)) {
    const hint = targets.rank === 1 ? " Labels are given as an array, not as a Tensor." : "";
    throw new ShapeError(
      `${where}: expected targets of the prediction's shape ${formatShape(out.shape)}, got ${formatShape(targets.shape)}.${hint}`,
    );
  }
  for (const [i, target] of targets.data.entries()) {
    if (!(Number.isFinite(target) && target >= min)) {
      const bound = Number.isFinite(min) ? ` >= ${min}` : "";
      const sample = Math.floor(i / (out.size / out.shape[0]!));
      throw new RangeError(
        `${where}: expected targets to be finite numbers${bound}, got ${target} in sample ${sample}.`,
      );
    }
  }
  out.data.set(targets.data);
}

function writeOneHot(where: string, labels: Labels, out: Tensor): void {
  const [N, K] = out.shape as [number, number];
  if (out.rank !== 2 || K < 2) {
    throw new ShapeError(
      `${where}: expected a prediction of shape [N, K] with at least 2 classes for labels, got ${formatShape(out.shape)}. ` +
        "Give targets that are not classes as a Tensor.",
    );
  }
  if (labels.length !== N) {
    throw new ShapeError(`${where}: expected ${N} labels, one for each sample, got ${labels.length}.`);
  }
  expectClassLabels(where, labels, K);
  out.data.fill(0);
  for (const [n, label] of labels.entries()) out.data[n * K + label] = 1;
}
