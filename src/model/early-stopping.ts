import { expectSavedState, type SavedState } from "../optim/saved-state.js";
import { expectBoolean, expectInteger, expectNumber, expectOneOf, expectOptions } from "../tensor/expect.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Callback, CallbackResult, EpochEvent, TrainBeginEvent } from "./callback.js";
import type { Sequential } from "./sequential.js";

const MONITORED = ["loss", "accuracy", "val_loss", "val_accuracy"] as const;

/** Options of `EarlyStopping`. */
export interface EarlyStoppingOptions {
  /** The figure that should improve: a loss falls, an accuracy rises. @default "val_loss" */
  readonly monitor?: (typeof MONITORED)[number];
  /** Training stops at this many epochs in a row without improvement; 0 means what 1 does. @default 0 */
  readonly patience?: number | undefined;
  /** The least change that counts as an improvement. @default 0 */
  readonly minDelta?: number;
  /** When training ends, early or not, put back the weights of the best epoch. @default true (in Keras, false) */
  readonly restoreBestWeights?: boolean;
}

/**
 * Stops training when a figure no longer improves, and goes back to the weights of the best epoch: after `patience`
 * epochs in a row that are not better than the best by more than `minDelta`, training ends. NaN is never better.
 *
 * Source: Goodfellow, Bengio and Courville, "Deep Learning" (2016), algorithm 7.1.
 *
 * @throws RangeError if an option is out of range or unknown; TypeError if it is of another type.
 */
export class EarlyStopping implements Callback {
  readonly monitor: (typeof MONITORED)[number];
  readonly patience: number;
  readonly minDelta: number;
  readonly restoreBestWeights: boolean;
  #bestEpoch = 0;
  #bestValue = Number.NaN;
  #bestWeights: readonly Tensor[] = [];

  constructor(options: EarlyStoppingOptions = {}) {
    const {
      monitor = "val_loss",
      patience = 0,
      minDelta = 0,
      restoreBestWeights = true,
    } = expectOptions("EarlyStopping", options);
    this.monitor = expectOneOf("EarlyStopping", "monitor", monitor, MONITORED);
    this.patience = expectInteger("EarlyStopping", "patience", patience, { min: 0 });
    this.minDelta = expectNumber("EarlyStopping", "minDelta", minDelta, { min: 0 });
    this.restoreBestWeights = expectBoolean("EarlyStopping", "restoreBestWeights", restoreBestWeights);
  }

  /** The number of the best epoch, from 1; 0 before the first. */
  get bestEpoch(): number {
    return this.#bestEpoch;
  }

  /** The figure of the best epoch; NaN before the first. */
  get bestValue(): number {
    return this.#bestValue;
  }

  /** @throws Error if the figure would not be there after an epoch, before any time is spent on training. */
  onTrainBegin({ validates }: Pick<TrainBeginEvent, "validates">): void {
    if (!validates && this.monitor.startsWith("val_")) {
      throw new Error(
        `EarlyStopping: expected validation data, of which to monitor ${this.monitor}, got none. ` +
          "Give fit validationData or a validationSplit, or monitor the training loss.",
      );
    }
    this.#bestEpoch = 0;
    this.#bestValue = Number.NaN;
    this.#bestWeights = [];
  }

  onEpochEnd({ model, epoch, logs }: EpochEvent): CallbackResult {
    const value = logs[this.monitor] ?? Number.NaN; // there, as onTrainBegin has made sure
    const rises = this.monitor.endsWith("accuracy");
    const gain = rises ? value - this.#bestValue : this.#bestValue - value;
    const first = Number.isNaN(this.#bestValue) && !Number.isNaN(value);
    if (first || gain > this.minDelta) {
      this.#bestEpoch = epoch;
      this.#bestValue = value;
      if (this.restoreBestWeights) this.#bestWeights = model.getWeights();
      return undefined;
    }
    // the first epoch has nothing to be better than, even if its figure is NaN
    return epoch > 1 && epoch - this.#bestEpoch >= this.patience ? "stop" : undefined;
  }

  saveState(): SavedState {
    const numbers = new Map([
      [`best_epoch_of_${this.monitor}`, this.#bestEpoch],
      [`best_${this.monitor}`, this.#bestValue],
    ]);
    return {
      numbers,
      tensors: new Map(this.#bestWeights.map((weights, i) => [`best_weights_${i}`, weights])),
    };
  }

  /** @throws Error if it is not the state of an early stopping that monitors the same figure. */
  restoreState(state: SavedState): void {
    expectSavedState("EarlyStopping.restoreState", "state", state);
    const { numbers, tensors } = state;
    const bestEpoch = numbers.get(`best_epoch_of_${this.monitor}`);
    const bestValue = numbers.get(`best_${this.monitor}`);
    const weights = Array.from(tensors, (_, i) => tensors.get(`best_weights_${i}`));
    if (
      bestEpoch === undefined ||
      bestValue === undefined ||
      numbers.size !== 2 ||
      weights.includes(undefined)
    ) {
      const names = [...numbers.keys(), ...tensors.keys()].join(", ");
      throw new Error(
        `EarlyStopping.restoreState: expected a state with the best epoch, value and weights for ${this.monitor}, got ${names}.`,
      );
    }
    this.#bestEpoch = bestEpoch;
    this.#bestValue = bestValue;
    this.#bestWeights = weights.flatMap((tensor) => tensor?.clone() ?? []);
  }

  onTrainEnd(model: Sequential): void {
    if (this.#bestWeights.length > 0) model.setWeights(this.#bestWeights);
    this.#bestWeights = [];
  }
}
