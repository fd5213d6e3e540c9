import { expectBoolean, expectNumber, expectOptions } from "../tensor/expect.js";
import { copyOf } from "../tensor/like.js";
import { expectParameters, type Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { moveTowards } from "../tensor/update.js";
import { ParameterStates } from "./parameter-states.js";
import type { SavedState } from "./saved-state.js";

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
  /** Updates so far, of which the first took the weights as they were. */
  updates: number;
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

  readonly #averages = new ParameterStates<Average>((value) => ({ held: copyOf(value), updates: 0 })); // of each θ
  readonly #swapped = new WeakSet<Tensor>(); // the θ that hold their averages

  constructor(options: WeightAverageOptions = {}) {
    const { decay = 0.999, warmUp = true } = expectOptions("WeightAverage", options);
    this.decay = expectNumber("WeightAverage", "decay", decay, { min: 0, below: 1 });
    this.warmUp = expectBoolean("WeightAverage", "warmUp", warmUp);
  }

  /** Makes room for the averages of these parameters, so that a later `update` needs no memory. */
  prepare(parameters: readonly Parameter[]): void {
    expectParameters("WeightAverage.prepare", parameters);
    this.#averages.prepare(parameters);
  }

  /**
   * Takes the weights into the average.
   *
   * @throws Error while the averages are swapped in.
   */
  update(parameters: readonly Parameter[]): void {
    expectParameters("WeightAverage.update", parameters);
    this.#expectWeights("WeightAverage.update", parameters);
    for (const { value } of parameters) {
      const average = this.#averages.of(value);
      const t = average.updates++;
      if (t === 0) {
        average.held.data.set(value.data); // θ may have moved since room was made
        continue;
      }
      const d = this.warmUp ? Math.min(this.decay, (1 + t) / (10 + t)) : this.decay;
      moveTowards(average.held, value, 1 - d);
    }
    this.#averages.iterations++;
  }

  /**
   * Exchanges the weights with their averages; a second call brings the weights back.
   *
   * @throws Error if a parameter has no average yet.
   */
  swap(parameters: readonly Parameter[]): void {
    expectParameters("WeightAverage.swap", parameters);
    const pairs = parameters.map(({ name, value }) => {
      const average = this.#averages.find(value);
      if (average) return { value, average };
      throw new Error(`WeightAverage.swap: expected an average of ${name}, got none. Call update first.`);
    });
    for (const { value, average } of pairs) {
      exchange(value.data, average.held.data); // with no copy: there may be no memory for one, half way through
      if (!this.#swapped.delete(value)) this.#swapped.add(value);
    }
  }

  /**
   * The averages of these parameters, as a checkpoint saves them.
   *
   * @throws Error while they are swapped in.
   */
  saveState(parameters: readonly Parameter[]): SavedState {
    expectParameters("WeightAverage.saveState", parameters);
    this.#expectWeights("WeightAverage.saveState", parameters);
    return this.#averages.save("WeightAverage.saveState", parameters);
  }

  /**
   * Goes on from averages that were saved.
   *
   * @throws Error if they are not those of these parameters, or others are swapped in. Then nothing has changed.
   */
  restoreState(parameters: readonly Parameter[], state: SavedState): void {
    expectParameters("WeightAverage.restoreState", parameters);
    this.#expectWeights("WeightAverage.restoreState", parameters);
    this.#averages.restore("WeightAverage.restoreState", parameters, state);
  }

  #expectWeights(where: string, parameters: readonly Parameter[]): void {
    for (const { name, value } of parameters) {
      if (!this.#swapped.has(value)) continue;
      throw new Error(`${where}: expected the weights in ${name}, got their average. Call swap again first.`);
    }
  }
}

/** Exchanges the elements of two arrays of one length. */
function exchange(a: Float32Array, b: Float32Array): void {
  for (let i = 0; i < a.length; i++) {
    const element = a[i]!;
    a[i] = b[i]!;
    b[i] = element;
  }
}
