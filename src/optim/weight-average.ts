import { expectBoolean, expectNumber } from "../tensor/expect.js";
import { copyOf } from "../tensor/like.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { moveTowards } from "../tensor/update.js";
import { expectParameters } from "./optimizer.js";

/** Options of `WeightAverage`. */
export interface WeightAverageOptions {
  /** How much of the average an update keeps, 0 <= decay < 1: it looks back about 1/(1 − decay) steps. @default 0.999 */
  readonly decay?: number;
  /** Let the decay rise from little, so that the first weights, which are poor, are soon forgotten. @default true */
  readonly warmUp?: boolean;
}

interface Average {
  /** The average, or while it is swapped in the weights. */
  readonly held: Tensor;
  /** Updates after the first, which took the weights as they were. */
  updates: number;
  swapped: boolean;
}

/**
 * Exponential moving average of the weights. Towards the end of training the weights jump about the optimum; their
 * average lies nearer to it, and mostly classifies better than the last weights do.
 *
 *     average ← d·average + (1 − d)·θ        d = decay, or with warm-up  d = min(decay, (1 + t) / (10 + t))
 *
 * t counts a parameter's updates; in update 0 the average becomes θ itself.
 *
 * ```ts
 * const average = new WeightAverage();
 * average.update(model.parameters);       // after each step of the optimizer
 * average.swap(model.parameters);         // use the averages: evaluate, save, ...
 * average.swap(model.parameters);         // and back, if training goes on
 * ```
 *
 * Statistics of a batch normalization are no parameters: they stay those of the weights, and should be estimated
 * anew for the averages.
 *
 * Source: Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging" (1992), with a mean that
 * forgets in place of theirs, which weighs all steps alike.
 *
 * @throws RangeError if the decay is out of range; TypeError if `warmUp` is not true or false.
 */
export class WeightAverage {
  readonly decay: number;
  readonly warmUp: boolean;

  readonly #averages = new WeakMap<Tensor, Average>(); // of each θ

  constructor({ decay = 0.999, warmUp = true }: WeightAverageOptions = {}) {
    this.decay = expectNumber("WeightAverage", "decay", decay, { min: 0, below: 1 });
    this.warmUp = expectBoolean("WeightAverage", "warmUp", warmUp);
  }

  /**
   * Takes the weights into the average.
   *
   * @throws Error while the averages are swapped in.
   */
  update(parameters: readonly Parameter[]): void {
    expectParameters("WeightAverage.update", parameters);
    for (const { name, value } of parameters) {
      if (this.#averages.get(value)?.swapped) {
        throw new Error(
          `WeightAverage.update: expected the weights in ${name}, got their average. Call swap again first.`,
        );
      }
    }
    for (const { value } of parameters) {
      const average = this.#averages.get(value);
      if (average) {
        const t = ++average.updates;
        const d = this.warmUp ? Math.min(this.decay, (1 + t) / (10 + t)) : this.decay;
        moveTowards(average.held, value, 1 - d);
      } else {
        this.#averages.set(value, { held: copyOf(value), updates: 0, swapped: false });
      }
    }
  }

  /**
   * Exchanges the weights with their averages; a second call brings the weights back.
   *
   * @throws Error if a parameter has no average yet.
   */
  swap(parameters: readonly Parameter[]): void {
    expectParameters("WeightAverage.swap", parameters);
    const pairs = parameters.map(({ name, value }) => {
      const average = this.#averages.get(value);
      if (average) return { value, average };
      throw new Error(`WeightAverage.swap: expected an average of ${name}, got none. Call update first.`);
    });
    for (const { value, average } of pairs) {
      const weights = value.data.slice();
      value.data.set(average.held.data);
      average.held.data.set(weights);
      average.swapped = !average.swapped;
    }
  }
}
