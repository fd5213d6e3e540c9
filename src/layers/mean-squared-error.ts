import { expectOptions } from "../tensor/expect.js";
import { ReusedTensor } from "../tensor/reused-tensor.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import { expectForward } from "./build.js";
import type { LayerConfig } from "./layer.js";
import { expectPrediction, type Loss, type LossBackwardOptions, type Targets, writeTargets } from "./loss.js";

/**
 * The mean squared error: the mean over all elements, of all samples, of (prediction − target)². With M elements in
 * the batch,
 *
 *     L = (1/M)·Σ (x − t)²        dx = (2/M)·(x − t)
 *
 * Labels are taken for one-hot rows [N, K]. Differences, squares and their sum are in float64.
 *
 * Shapes: x, dx, t [N, ...] · labels [N], for x [N, K].
 */
export class MeanSquaredError implements Loss {
  readonly type = "MeanSquaredError";
  readonly fromLogits = false;

  readonly #difference = new ReusedTensor();
  readonly #dx = new ReusedTensor();
  #kept: Tensor | undefined; // x − t, because it is the gradient but for a factor

  forward(prediction: Tensor, targets: Targets): number {
    const where = "MeanSquaredError.forward";
    this.#kept = undefined; // a call that fails leaves no gradient behind
    expectPrediction(where, prediction);
    const difference = this.#difference.of(prediction.shape);
    writeTargets(where, targets, { out: difference }); // t
    let sum = 0;
    for (let i = 0; i < difference.size; i++) {
      const error = prediction.data[i]! - difference.data[i]!; // x − t
      difference.data[i] = error;
      sum += error * error;
    }
    this.#kept = difference;
    return sum / difference.size;
  }

  backward(options: LossBackwardOptions = {}): Tensor {
    const { out } = expectOptions("MeanSquaredError.backward", options);
    const difference = expectForward("MeanSquaredError.backward", this.#kept);
    const dx = out ?? this.#dx.of(difference.shape);
    expectTensorOf("MeanSquaredError.backward (out)", dx, difference.shape);
    const factor = 2 / dx.size;
    for (let i = 0; i < dx.size; i++) dx.data[i] = factor * difference.data[i]!; // (2/M)·(x − t)
    return dx;
  }

  config(): LayerConfig {
    return {};
  }
}
