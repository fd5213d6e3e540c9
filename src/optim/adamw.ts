import { describe, expectNumber, expectOptions } from "../tensor/expect.js";
import { expectParameters, type Parameter } from "../tensor/parameter.js";
import { shrink } from "../tensor/update.js";
import { Adam, type AdamOptions } from "./adam.js";
import { expectLearningRate, type Optimizer, rateAt, type Schedule } from "./optimizer.js";
import type { SavedState } from "./saved-state.js";

/** Options of `AdamW`. */
export interface AdamWOptions extends AdamOptions {
  /** λ, the share of a weight that a step takes off it, times the learning rate. @default 0.004 */
  readonly weightDecay?: number;
  /**
   * Which parameters decay. Kernels alone is a good choice, `({ name }) => name.endsWith("kernel")`: a bias or the
   * scale of a batch normalization does not overfit, and is only pulled away from where it should be.
   *
   * @default all
   */
  readonly decay?: (parameter: Parameter) => boolean;
}

/**
 * Adam with decoupled weight decay: in each step a weight first loses a share of itself, and then takes Adam's step.
 *
 *     θ ← θ − α·λ·θ
 *     θ ← θ − α·m̂ / (√v̂ + ε)        m̂ and v̂ as in `Adam`
 *
 * Decoupled means that the decay stays out of the gradient. With λ·θ added to g (as an L2 penalty on the loss does),
 * Adam would divide it by √v̂ too, and weights with large gradients would hardly decay.
 *
 * Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019), Algorithm 2. The paper multiplies λ
 * by its schedule η alone; here, as in Keras and PyTorch, by the whole scheduled rate α.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `decay` is not a function.
 */
export class AdamW implements Optimizer {
  readonly type = "AdamW";
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;

  readonly #learningRate: number | Schedule;
  readonly #decay: (parameter: Parameter) => boolean;
  readonly #adam: Adam; // takes the second half of every step

  constructor(options: AdamWOptions = {}) {
    const {
      learningRate = 1e-3,
      weightDecay = 0.004,
      beta1 = 0.9,
      beta2 = 0.999,
      epsilon = 1e-7,
      decay = () => true,
    } = expectOptions("AdamW", options);
    this.#learningRate = expectLearningRate("AdamW", learningRate);
    this.weightDecay = expectNumber("AdamW", "weightDecay", weightDecay, { min: 0 });
    this.beta1 = expectNumber("AdamW", "beta1", beta1, { min: 0, below: 1 });
    this.beta2 = expectNumber("AdamW", "beta2", beta2, { min: 0, below: 1 });
    this.epsilon = expectNumber("AdamW", "epsilon", epsilon, { above: 0 });
    if (typeof decay !== "function") {
      throw new TypeError(`AdamW: expected decay to be a function of a parameter, got ${describe(decay)}.`);
    }
    this.#decay = decay;
    this.#adam = new Adam({ learningRate, beta1, beta2, epsilon });
  }

  get iterations(): number {
    return this.#adam.iterations;
  }

  get learningRate(): number {
    return rateAt("AdamW", this.#learningRate, this.iterations);
  }

  step(parameters: readonly Parameter[]): void {
    expectParameters("AdamW.step", parameters);
    const share = this.learningRate * this.weightDecay;
    this.#adam.prepare(parameters);
    for (const parameter of parameters) {
      if (this.#decay(parameter)) shrink(parameter.value, share); // θ ← θ − α·λ·θ
    }
    this.#adam.step(parameters); // θ ← θ − α·m̂ / (√v̂ + ε)
  }

  saveState(parameters: readonly Parameter[]): SavedState {
    return this.#adam.saveState(parameters, "AdamW.saveState");
  }

  restoreState(parameters: readonly Parameter[], state: SavedState): void {
    this.#adam.restoreState(parameters, state, "AdamW.restoreState");
  }
}
