import { ShapeError } from "../tensor/errors.js";
import { exp } from "../tensor/exp.js";
import { describe, expectNumber, expectOptions } from "../tensor/expect.js";
import { log } from "../tensor/log.js";
import { ReusedTensor } from "../tensor/reused-tensor.js";
import { expectShape, formatShape } from "../tensor/shape.js";
import { softmax } from "../tensor/softmax.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import { expectForward } from "./build.js";
import type { LayerConfig } from "./layer.js";
import { expectPrediction, type Loss, type LossBackwardOptions, type Targets, writeTargets } from "./loss.js";

/** Options of `SoftmaxCrossEntropy`. */
export interface SoftmaxCrossEntropyOptions {
  /** α, the share of each target that is spread evenly over all classes, in [0, 1). @default 0 */
  readonly labelSmoothing?: number;
  /** w, how much an error counts for each class: K numbers >= 0. @default 1 for every class */
  readonly classWeights?: readonly number[];
}

/**
 * The cross-entropy of the targets t and the probabilities p = softmax(z), where z are the logits: the scores that
 * the last `Dense` gives, without a `Softmax` after it.
 *
 *     L = −(1/N)·Σₙ Σₖ u[n,k]·log p[n,k]        u[n,k] = w[k]·((1 − α)·t[n,k] + α/K)
 *
 * Each row of t sums to 1: a 1 at the label, or the probabilities of the classes. With neither smoothing (α) nor
 * weights (w), u is t, and the loss of a labelled sample is −log p[n, label].
 *
 * The probabilities themselves are not needed. With m the largest logit of the row,
 *
 *     −log p[k] = log Σⱼ exp(z[j] − m) − (z[k] − m)
 *
 * keeps its digits for logits of any size: no exponential exceeds 1, and no logarithm is taken of a p that has become
 * 0. (The first term plus m is known as log-sum-exp.) Its derivative with respect to z[j] is p[j] − [j = k], so that
 *
 *     dz[n,j] = (p[n,j]·Σₖ u[n,k] − u[n,j])/N,
 *
 * which is (p − t)/N with neither smoothing nor weights.
 *
 * The mean is over the N samples, with class weights too; PyTorch divides by the sum of the labels' weights instead.
 * Sums are in float64, k and n ascending. Where a logit is not finite, neither is the loss.
 *
 * Shapes: z, dz, t, u [N, K], K >= 2 · labels [N] · w [K].
 *
 * Source: label smoothing is from Szegedy and others, "Rethinking the Inception Architecture for Computer Vision"
 * (2016), section 7.
 *
 * @throws RangeError if `labelSmoothing` is not in [0, 1), or a class weight no finite number >= 0; TypeError if
 * `classWeights` is not an array.
 */
export class SoftmaxCrossEntropy implements Loss {
  readonly type = "SoftmaxCrossEntropy";
  readonly fromLogits = true;
  readonly labelSmoothing: number;
  readonly classWeights: readonly number[] | undefined;

  readonly #u = new ReusedTensor();
  readonly #dz = new ReusedTensor();
  #kept: { z: Tensor; u: Tensor } | undefined;

  constructor(options: SoftmaxCrossEntropyOptions = {}) {
    const { labelSmoothing = 0, classWeights } = expectOptions("SoftmaxCrossEntropy", options);
    this.labelSmoothing = expectNumber("SoftmaxCrossEntropy", "labelSmoothing", labelSmoothing, {
      min: 0,
      below: 1,
    });
    this.classWeights = classWeights === undefined ? undefined : expectWeights(classWeights);
  }

  forward(prediction: Tensor, targets: Targets): number {
    const where = "SoftmaxCrossEntropy.forward";
    this.#kept = undefined; // a call that fails leaves no gradient behind
    expectPrediction(where, prediction);
    expectShape(where, prediction.shape, ["N", "K"], "Put a Flatten in front of the last Dense.");
    const [N, K] = prediction.shape as readonly [number, number];
    if (K < 2) {
      throw new ShapeError(
        `${where}: expected logits of at least 2 classes, got ${formatShape(prediction.shape)}. Use one unit for each class.`,
      );
    }
    const u = this.#u.of(prediction.shape);
    writeTargets(where, targets, { out: u, min: 0 });
    this.#smoothAndWeigh(where, u.data, K);
    this.#kept = { z: prediction, u };

    let sum = 0;
    for (let row = 0; row < u.size; row += K) sum += crossEntropy(prediction.data, u.data, row, K);
    return sum / N;
  }

  backward(options: LossBackwardOptions = {}): Tensor {
    const { out } = expectOptions("SoftmaxCrossEntropy.backward", options);
    const { z, u } = expectForward("SoftmaxCrossEntropy.backward", this.#kept);
    const dz = out ?? this.#dz.of(z.shape);
    expectTensorOf("SoftmaxCrossEntropy.backward (out)", dz, z.shape);
    const [N, K] = z.shape as readonly [number, number];
    softmax(z, { out: dz }); // p
    for (let row = 0; row < dz.size; row += K) {
      let sumU = 0;
      for (let i = row; i < row + K; i++) sumU += u.data[i]!;
      for (let i = row; i < row + K; i++) dz.data[i] = (dz.data[i]! * sumU - u.data[i]!) / N; // (p·Σu − u)/N
    }
    return dz;
  }

  config(): LayerConfig {
    const { labelSmoothing, classWeights } = this;
    return { labelSmoothing, classWeights };
  }

  /** Turns the targets t in `u` into u[n,k] = w[k]·((1 − α)·t[n,k] + α/K). */
  #smoothAndWeigh(where: string, u: Float32Array, K: number): void {
    const { labelSmoothing, classWeights } = this;
    if (classWeights && classWeights.length !== K) {
      throw new ShapeError(
        `${where}: expected ${K} class weights, one for each class, got ${classWeights.length}.`,
      );
    }
    for (let i = 0; i < u.length; i++) {
      const smoothed = (1 - labelSmoothing) * u[i]! + labelSmoothing / K;
      u[i] = (classWeights?.[i % K] ?? 1) * smoothed;
    }
  }
}

/** −Σₖ u[k]·log p[k] = Σₖ u[k]·(log Σⱼ exp(z[j] − m) − (z[k] − m)) for the K elements from `row` on. */
function crossEntropy(z: Float32Array, u: Float32Array, row: number, K: number): number {
  let m = Number.NEGATIVE_INFINITY;
  for (let i = row; i < row + K; i++) if (z[i]! > m) m = z[i]!;
  let sumExp = 0;
  for (let i = row; i < row + K; i++) sumExp += exp(z[i]! - m);
  const logSum = log(sumExp);
  let loss = 0;
  for (let i = row; i < row + K; i++) loss += u[i]! * (logSum - (z[i]! - m));
  return loss;
}

function expectWeights(weights: readonly number[]): readonly number[] {
  if (!Array.isArray(weights)) {
    throw new TypeError(
      `SoftmaxCrossEntropy: expected classWeights to be an array of numbers, got ${describe(weights)}.`,
    );
  }
  // unlike map, it does not pass over holes
  return Array.from(weights, (weight: number, k) =>
    expectNumber("SoftmaxCrossEntropy", `classWeights[${k}]`, weight, { min: 0 }),
  );
}
