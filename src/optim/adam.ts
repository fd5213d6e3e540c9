import { expectNumber, expectOptions } from "../tensor/expect.js";
import { zerosLike } from "../tensor/like.js";
import { expectParameters, type Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { adamUpdate } from "../tensor/update.js";
import { expectLearningRate, type Optimizer, rateAt, type Schedule } from "./optimizer.js";
import { ParameterStates } from "./parameter-states.js";
import type { SavedState } from "./saved-state.js";

/** Options of `Adam`. */
export interface AdamOptions {
  /** α, a number >= 0 or a schedule. @default 0.001 */
  readonly learningRate?: number | Schedule | undefined;
  /** β₁, how much of m is kept from step to step, 0 <= β₁ < 1. @default 0.9 */
  readonly beta1?: number;
  /** β₂, how much of v is kept from step to step, 0 <= β₂ < 1. @default 0.999 */
  readonly beta2?: number;
  /** ε, which keeps the division finite where the gradients are zero. @default 1e-7 */
  readonly epsilon?: number;
}

/**
 * Adam: each number of θ has a step size of its own, for its gradient g is divided by the size that g usually has.
 *
 *     m ← β₁·m + (1 − β₁)·g         the mean of g over about the last 1/(1 − β₁) steps
 *     v ← β₂·v + (1 − β₂)·g²        the mean of g² over about the last 1/(1 − β₂) steps
 *
 * Both start at zero, and in step t the gradients' weights add up to 1 − βᵗ only; dividing by that makes up for it:
 *
 *     m̂ = m / (1 − β₁ᵗ)        v̂ = v / (1 − β₂ᵗ)        θ ← θ − α·m̂ / (√v̂ + ε)
 *
 * So if g never changes, m̂ = g and v̂ = g² from the first step on, and each step is α long (but for ε), however
 * large or small g is. Each parameter has its own t, so that this also holds for one that joins later.
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), Algorithm 1. The defaults are Keras's,
 * which however adds its ε to √v, before the bias correction.
 *
 * @throws RangeError if an option is out of range.
 */
export class Adam implements Optimizer {
  readonly type = "Adam";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;

  readonly #learningRate: number | Schedule;
  readonly #moments = new ParameterStates(zeroMoments); // of each θ

  constructor(options: AdamOptions = {}) {
    const {
      learningRate = 1e-3,
      beta1 = 0.9,
      beta2 = 0.999,
      epsilon = 1e-7,
    } = expectOptions("Adam", options);
    this.#learningRate = expectLearningRate("Adam", learningRate);
    this.beta1 = expectNumber("Adam", "beta1", beta1, { min: 0, below: 1 });
    this.beta2 = expectNumber("Adam", "beta2", beta2, { min: 0, below: 1 });
    this.epsilon = expectNumber("Adam", "epsilon", epsilon, { above: 0 });
  }

  get iterations(): number {
    return this.#moments.iterations;
  }

  get learningRate(): number {
    return rateAt("Adam", this.#learningRate, this.iterations);
  }

  step(parameters: readonly Parameter[]): void {
    expectParameters("Adam.step", parameters);
    const { learningRate, beta1, beta2, epsilon } = this;
    this.prepare(parameters);
    for (const { value, grad } of parameters) {
      const moments = this.#moments.of(value);
      moments.beta1Power *= beta1; // β₁ᵗ
      moments.beta2Power *= beta2; // β₂ᵗ
      const { m, v, beta1Power, beta2Power } = moments;
      adamUpdate(value, grad, m, v, { learningRate, beta1, beta2, beta1Power, beta2Power, epsilon });
    }
    this.#moments.iterations++;
  }

  /** Makes the moments of these parameters, so that a step finds memory for all of them, or changes none. */
  prepare(parameters: readonly Parameter[]): void {
    expectParameters("Adam.prepare", parameters);
    this.#moments.prepare(parameters);
  }

  /** @param where who saves, as an error names it. */
  saveState(parameters: readonly Parameter[], where = "Adam.saveState"): SavedState {
    return this.#moments.save(where, parameters);
  }

  /** @param where who restores, as an error names it. */
  restoreState(parameters: readonly Parameter[], state: SavedState, where = "Adam.restoreState"): void {
    this.#moments.restore(where, parameters, state);
  }
}

/** What Adam keeps for each parameter; m and v have the shape of its value. */
interface Moments {
  readonly m: Tensor;
  readonly v: Tensor;
  /** β₁ᵗ after t updates, a running product in float64. */
  beta1Power: number;
  /** β₂ᵗ */
  beta2Power: number;
}

/** The moments before the first update. */
function zeroMoments(value: Tensor): Moments {
  return { m: zerosLike(value), v: zerosLike(value), beta1Power: 1, beta2Power: 1 };
}
