import type { SavedState } from "../optim/saved-state.js";
import type { EpochLogs } from "./history.js";
import type { Sequential } from "./sequential.js";
import type { TrainingState } from "./training-state.js";

/** What is about to be trained. */
export interface TrainBeginEvent {
  readonly model: Sequential;
  readonly epochs: number;
  /** Whether there is validation data, and so `val_loss` and `val_accuracy` after each epoch. */
  readonly validates: boolean;
}

/** The state of training after a step. */
export interface BatchEvent {
  readonly model: Sequential;
  /** Counts from 1. */
  readonly epoch: number;
  /** The number of the batch in its epoch, from 1. */
  readonly batch: number;
  /** Batches in the epoch; undefined where a batch source does not tell. */
  readonly batches: number | undefined;
  /** Images seen in this epoch. */
  readonly images: number;
  /** Mean over the epoch so far. */
  readonly loss: number;
  /** Mean over the epoch so far. */
  readonly accuracy: number;
  /** The learning rate of this step. */
  readonly learningRate: number;
  /** The time that the epoch has taken so far, in seconds. */
  readonly seconds: number;
}

/** The state of training after an epoch. */
export interface EpochEvent {
  readonly model: Sequential;
  /** Counts from 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly logs: EpochLogs;
}

/** A moment from which training could be taken up again. */
export interface CheckpointEvent {
  readonly model: Sequential;
  /** Training steps of the model so far, in all epochs. */
  readonly step: number;
  /** The figures of the epoch, where it has just come to its end. */
  readonly logs: EpochLogs | undefined;
  /** True until training goes on; then `state` can no longer be asked for. */
  readonly isCurrent: boolean;
  /**
   * What `fit` takes as `resume`, along with the model's weights. It holds tensors that change with the next step;
   * `saveCheckpoint` turns both into bytes.
   *
   * @throws Error once training has gone on; TypeError if the optimizer or a callback cannot save its own state.
   */
  state(): TrainingState;
}

/** What a callback may answer: "stop" ends training after this event. */
export type CallbackResult = "stop" | void | undefined;

/**
 * Something that watches training, and may stop it by returning "stop". Every method may be asynchronous; training
 * waits for it.
 *
 * ```ts
 * await model.fit(train, { callbacks: [{ onEpochEnd: ({ logs }) => (logs.accuracy > 0.99 ? "stop" : undefined) }] });
 * ```
 */
export interface Callback {
  /** Before the first step. */
  onTrainBegin?(event: TrainBeginEvent): void | Promise<void>;
  onBatchEnd?(event: BatchEvent): CallbackResult | Promise<CallbackResult>;
  onEpochEnd?(event: EpochEvent): CallbackResult | Promise<CallbackResult>;
  /**
   * The moments to save training at: before the first step, after each step, and after each epoch, with its `logs`, when
   * all callbacks have been told of its end. After the last step of an epoch it is called for both.
   */
  onCheckpoint?(event: CheckpointEvent): void | Promise<void>;
  /** After the last step, however training came to its end unless by an error. */
  onTrainEnd?(model: Sequential): void | Promise<void>;
  /** What the callback keeps from step to step, if that is to be saved with training. Goes with `restoreState`. */
  saveState?(): SavedState;
  /**
   * Goes on from what it has saved; called after `onTrainBegin`.
   *
   * @throws Error if it is not the state of such a callback.
   */
  restoreState?(state: SavedState): void;
}
