import { expectNumber } from "../tensor/expect.js";
import type { Parameter } from "../tensor/parameter.js";
import type { SavedState } from "./saved-state.js";

/** The learning rate of step 0, 1, 2, ... */
export type Schedule = (step: number) => number;

/**
 * Changes parameters so that the loss falls, given the gradients that `backward` has left in them.
 *
 * This is the whole contract: any object that keeps it can train a model. An optimizer neither computes nor clears
 * gradients; `zeroGrad` does the latter.
 */
export interface Optimizer {
  /** The name of the class. */
  readonly type: string;
  /** How many updates were done so far. */
  readonly iterations: number;
  /** The learning rate that the next update will use. */
  readonly learningRate: number;
  /**
   * One update of the parameters.
   *
   * What is kept from step to step (a velocity, a moving average) belongs to the tensor `parameter.value`: other
   * parameters may come or go between two steps, as they do when a layer is frozen, and their order is of no account.
   */
  step(parameters: readonly Parameter[]): void;
  /**
   * What is kept from step to step for these parameters, and how many updates were done, be it for these parameters or for
   * others: an optimizer that is saved should train one model. One without this method trains as well, but its training
   * cannot be saved and taken up again.
   */
  saveState?(parameters: readonly Parameter[]): SavedState;
  /**
   * Goes on from a state that an optimizer with the same options has saved for the same parameters.
   *
   * @throws Error if it is not the state of such an optimizer for these parameters. Then nothing has changed.
   */
  restoreState?(parameters: readonly Parameter[], state: SavedState): void;
}

/**
 * Checks the option `learningRate`; what a schedule returns is checked when it is used.
 *
 * @throws RangeError `SGD: expected learningRate to be a finite number >= 0, got NaN (number).`
 */
export function expectLearningRate(where: string, learningRate: number | Schedule): number | Schedule {
  return typeof learningRate === "function"
    ? learningRate
    : expectNumber(where, "learningRate", learningRate, { min: 0 });
}

/**
 * The learning rate of a step.
 *
 * @throws RangeError `SGD: expected the learning rate of step 7 to be a finite number >= 0, got NaN (number).`
 */
export function rateAt(where: string, learningRate: number | Schedule, step: number): number {
  if (typeof learningRate === "number") return learningRate;
  return expectNumber(where, `the learning rate of step ${step}`, learningRate(step), { min: 0 });
}
