import { expectBoolean, expectNumber, expectOptions } from "../tensor/expect.js";
import { zerosLike } from "../tensor/like.js";
import { expectParameters, type Parameter } from "../tensor/parameter.js";
import { momentumUpdate, sgdUpdate } from "../tensor/update.js";
import { expectLearningRate, type Optimizer, rateAt, type Schedule } from "./optimizer.js";
import { ParameterStates } from "./parameter-states.js";
import type { SavedState } from "./saved-state.js";

/** Options of `SGD`. */
export interface SGDOptions {
  /** α, a number >= 0 or a schedule. @default 0.01 */
  readonly learningRate?: number | Schedule | undefined;
  /** μ, the share of the velocity that is kept from step to step, 0 <= μ < 1. @default 0 */
  readonly momentum?: number;
  /** Nesterov's momentum; without momentum it changes nothing. @default false */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent: a step down the gradient g of one batch,
 *
 *     θ ← θ − α·g
 *
 * or, with momentum, a step with the velocity v, which starts at zero and sums up the gradients of the past:
 *
 *     v ← μ·v − α·g        θ ← θ + v
 *
 * Nesterov's momentum takes the gradient not at θ but at θ + μ·v, where the velocity is about to lead anyway. With
 * that point as the parameter, as here and in Keras, the step is
 *
 *     v ← μ·v − α·g        θ ← θ + μ·v − α·g
 *
 * Source: Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning"
 * (2013), equations 1 to 4; the last form is the "simplified Nesterov momentum" of Bengio, Boulanger-Lewandowski and
 * Pascanu, "Advances in optimizing recurrent networks" (2013).
 *
 * @throws RangeError if an option is out of range; TypeError if `nesterov` is not true or false.
 */
export class SGD implements Optimizer {
  readonly type = "SGD";
  readonly momentum: number;
  readonly nesterov: boolean;

  readonly #learningRate: number | Schedule;
  readonly #velocities = new ParameterStates((value) => ({ v: zerosLike(value) })); // of each θ

  constructor(options: SGDOptions = {}) {
    const { learningRate = 0.01, momentum = 0, nesterov = false } = expectOptions("SGD", options);
    this.#learningRate = expectLearningRate("SGD", learningRate);
    this.momentum = expectNumber("SGD", "momentum", momentum, { min: 0, below: 1 });
    this.nesterov = expectBoolean("SGD", "nesterov", nesterov);
  }

  get iterations(): number {
    return this.#velocities.iterations;
  }

  get learningRate(): number {
    return rateAt("SGD", this.#learningRate, this.iterations);
  }

  step(parameters: readonly Parameter[]): void {
    expectParameters("SGD.step", parameters);
    const { learningRate, momentum, nesterov } = this;
    if (momentum !== 0) this.#velocities.prepare(parameters);
    for (const { value, grad } of parameters) {
      if (momentum === 0) {
        sgdUpdate(value, grad, { learningRate }); // θ ← θ − α·g
      } else {
        const { v } = this.#velocities.of(value);
        momentumUpdate(value, grad, v, { learningRate, momentum, nesterov });
      }
    }
    this.#velocities.iterations++;
  }

  saveState(parameters: readonly Parameter[]): SavedState {
    return this.#velocities.save("SGD.saveState", parameters);
  }

  restoreState(parameters: readonly Parameter[], state: SavedState): void {
    this.#velocities.restore("SGD.restoreState", parameters, state);
  }
}
