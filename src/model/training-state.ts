import type { Optimizer } from "../optim/optimizer.js";
import type { SavedState } from "../optim/saved-state.js";
import type { WeightAverage } from "../optim/weight-average.js";
import { describe, expectInteger } from "../tensor/expect.js";
import { Random, type RandomState } from "../tensor/random.js";
import type { Callback } from "./callback.js";
import type { History } from "./history.js";
import type { BatchResult } from "./measure.js";
import type { Sequential } from "./sequential.js";

/**
 * Where training is, between two steps. Together with the weights it is all that training needs to go on, on the same
 * data and with the same options, and to end with the same bits as if it had not been interrupted.
 *
 * The order of the images is not in it: it is drawn again from `random`, and the batches that are done are left out.
 */
export interface TrainingState {
  /** The epoch that training is in, from 1. */
  readonly epoch: number;
  /** The batches of this epoch that are done. */
  readonly batch: number;
  /** Sums over those batches, as `RunningMeans` keeps them. */
  readonly sums: BatchResult;
  /** The time that those batches took, in seconds. */
  readonly seconds: number;
  /** The learning rate of the last step. */
  readonly learningRate: number;
  /** A callback has ended training: no further epoch begins. */
  readonly stopped: boolean;
  /** The epochs before this one. */
  readonly history: History;
  /** The state of the model's `random` when this epoch began. */
  readonly random: RandomState;
  /** Training steps of the model, in all epochs. */
  readonly steps: number;
  readonly optimizer: SavedState;
  readonly weightAverage: SavedState | undefined;
  /** What those callbacks keep that have a `saveState`, in their order. */
  readonly callbacks: readonly SavedState[];
}

/** The position in a training, without what others keep. */
export type Position = Pick<
  TrainingState,
  "epoch" | "batch" | "sums" | "seconds" | "learningRate" | "stopped" | "history"
>;

/** Before the first step of an epoch. */
export function startOfEpoch(
  epoch: number,
  { learningRate, stopped, history }: Pick<Position, "learningRate" | "stopped" | "history">,
): Position {
  return {
    epoch,
    batch: 0,
    sums: { images: 0, loss: 0, correct: 0 },
    seconds: 0,
    learningRate,
    stopped,
    history,
  };
}

/** What takes part in a training and keeps something from step to step. */
export interface Participants {
  readonly model: Sequential;
  readonly optimizer: Optimizer;
  readonly weightAverage: WeightAverage | undefined;
  readonly callbacks: readonly Callback[];
}

/**
 * The state of a training.
 *
 * @throws TypeError if the optimizer cannot save its own.
 */
export function saveTraining(
  position: Position,
  random: RandomState,
  { model, optimizer, weightAverage, callbacks }: Participants,
): TrainingState {
  if (!optimizer.saveState) {
    throw new TypeError(
      `Sequential.fit: expected an optimizer that can save its state, got a ${optimizer.type} without saveState.`,
    );
  }
  return {
    ...position,
    history: structuredClone(position.history),
    random,
    steps: model.steps,
    optimizer: optimizer.saveState(model.parameters),
    weightAverage: weightAverage?.saveState(model.parameters),
    callbacks: callbacks.flatMap((callback) => callback.saveState?.() ?? []),
  };
}

/**
 * Hands out what a state holds. The weights are the model's, and must be those of the same moment.
 *
 * @throws TypeError or Error if it is not the state of such a training.
 */
export function restoreTraining(state: TrainingState, participants: Participants): Position {
  const where = "Sequential.fit (resume)";
  const { model, optimizer, weightAverage, callbacks } = participants;
  if (typeof state !== "object" || state === null || typeof state.sums !== "object") {
    throw new TypeError(`${where}: expected the state of a training, got ${describe(state)}.`);
  }
  expectInteger(where, "epoch", state.epoch, { min: 1 });
  expectInteger(where, "batch", state.batch, { min: 0 });
  expectInteger(where, "steps", state.steps, { min: 0 });
  if (!optimizer.restoreState) {
    throw new TypeError(
      `${where}: expected an optimizer that can restore its state, got a ${optimizer.type} without restoreState.`,
    );
  }
  if ((weightAverage === undefined) !== (state.weightAverage === undefined)) {
    const [now, then] = weightAverage ? ["with", "without"] : ["without", "with"];
    throw new Error(`${where}: expected training ${then} a weight average, as before, got one ${now} it.`);
  }
  const keeping = callbacks.filter((callback) => callback.saveState);
  if (keeping.length !== state.callbacks.length) {
    throw new Error(
      `${where}: expected ${state.callbacks.length} callbacks that keep a state, as before, got ${keeping.length}.`,
    );
  }
  Random.fromState(state.random); // checks it, before anything is changed
  optimizer.restoreState(model.parameters, state.optimizer);
  if (state.weightAverage) weightAverage?.restoreState(model.parameters, state.weightAverage);
  for (const [i, callback] of keeping.entries()) callback.restoreState?.(state.callbacks[i]!);
  model.random.setState(state.random);
  model.steps = state.steps;
  return { ...state, history: structuredClone(state.history) };
}
