import type { Optimizer } from "../optim/optimizer.js";
import { expectSavedState, type SavedState } from "../optim/saved-state.js";
import type { WeightAverage } from "../optim/weight-average.js";
import { describe, expectBoolean, expectInteger, refuse } from "../tensor/expect.js";
import { Random, type RandomState } from "../tensor/random.js";
import type { Callback } from "./callback.js";
import { FIGURES, type History } from "./history.js";
import type { BatchResult } from "./measure.js";
import type { Sequential } from "./sequential.js";

/** The position in a training. */
export interface Position {
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
}

/**
 * Where training is, between two steps. Together with the weights it is all that training needs to go on, on the same
 * data and with the same options, and to end with the same bits as if it had not been interrupted.
 *
 * The order of the images is not in it: it is drawn again from `random`, and the batches that are done are left out.
 */
export interface TrainingState extends Position {
  /** The state of the model's `random` when this epoch began. */
  readonly random: RandomState;
  /** Training steps of the model, in all epochs. */
  readonly steps: number;
  /** The `type` of the optimizer. */
  readonly optimizerType: string;
  readonly optimizer: SavedState;
  readonly weightAverage: SavedState | undefined;
  /** What those callbacks keep that have a `saveState`, in their order. */
  readonly callbacks: readonly SavedState[];
}

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
 * @throws TypeError if the optimizer or a callback cannot save its own.
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
    optimizerType: optimizer.type,
    optimizer: optimizer.saveState(model.parameters),
    weightAverage: weightAverage?.saveState(model.parameters),
    callbacks: keepersAmong(callbacks).map((callback) => callback.saveState()),
  };
}

/**
 * Hands out what a state holds. The weights are the model's, and must be those of the same moment.
 *
 * @throws TypeError, RangeError or Error if it is not the state of such a training.
 */
export function restoreTraining(state: TrainingState, participants: Participants): Position {
  const where = "Sequential.fit (resume)";
  const { model, optimizer, weightAverage, callbacks } = participants;
  expectTrainingState(where, state);
  if (!optimizer.restoreState) {
    throw new TypeError(
      `${where}: expected an optimizer that can restore its state, got a ${optimizer.type} without restoreState.`,
    );
  }
  if (optimizer.type !== state.optimizerType) {
    throw new TypeError(
      `${where}: expected ${state.optimizerType} as the optimizer, as before, got ${optimizer.type}.`,
    );
  }
  if ((weightAverage === undefined) !== (state.weightAverage === undefined)) {
    const [now, then] = weightAverage ? ["with", "without"] : ["without", "with"];
    throw new Error(`${where}: expected training ${then} a weight average, as before, got one ${now} it.`);
  }
  const keepers = keepersAmong(callbacks);
  if (keepers.length !== state.callbacks.length) {
    throw new Error(
      `${where}: expected ${state.callbacks.length} callbacks that keep a state, as before, got ${keepers.length}.`,
    );
  }
  optimizer.restoreState(model.parameters, state.optimizer);
  if (state.weightAverage) weightAverage?.restoreState(model.parameters, state.weightAverage);
  for (const [i, keeper] of keepers.entries()) keeper.restoreState(state.callbacks[i]!);
  model.random.setState(state.random);
  model.steps = state.steps;
  const { epoch, batch, sums, seconds, learningRate, stopped, history } = state;
  return { epoch, batch, sums, seconds, learningRate, stopped, history: structuredClone(history) };
}

type Keeper = Callback & Required<Pick<Callback, "saveState" | "restoreState">>;

/** The callbacks that keep a state. */
function keepersAmong(callbacks: readonly Callback[]): Keeper[] {
  return callbacks.flatMap((callback) => {
    if (!callback.saveState && !callback.restoreState) return [];
    if (isKeeper(callback)) return [callback];
    throw new TypeError(
      "Sequential.fit: expected a callback to have both saveState and restoreState, or neither, got one of them.",
    );
  });
}

function isKeeper(callback: Callback): callback is Keeper {
  return callback.saveState !== undefined && callback.restoreState !== undefined;
}

/**
 * Checks all of a state that does not depend on who is to go on with it.
 *
 * @throws TypeError or RangeError that names the field.
 */
export function expectTrainingState(where: string, state: TrainingState): void {
  const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
  if (!isObject(state) || !isObject(state.sums) || !isObject(state.history)) {
    throw new TypeError(`${where}: expected the state of a training, got ${describe(state)}.`);
  }
  const { epoch, batch, sums, seconds, learningRate, stopped, history, random, steps } = state;
  expectInteger(where, "epoch", epoch, { min: 1 });
  expectInteger(where, "batch", batch, { min: 0 });
  expectInteger(where, "sums.images", sums.images, { min: batch });
  for (const [name, value] of Object.entries({
    "sums.loss": sums.loss,
    "sums.correct": sums.correct,
    seconds,
    learningRate,
  })) {
    // NaN is the accuracy of a model without classes
    if (typeof value !== "number" || value < 0) {
      throw new RangeError(`${where}: expected ${name} to be a number >= 0, got ${describe(value)}.`);
    }
  }
  expectBoolean(where, "stopped", stopped);
  for (const figure of FIGURES) {
    const list = history[figure];
    const isOptional = figure.startsWith("val_");
    const fits = Array.isArray(list) && (list.length === epoch - 1 || (isOptional && list.length === 0));
    const isWhole = fits && list.every((value) => typeof value === "number");
    if (isWhole) continue;
    throw new RangeError(
      `${where}: expected history.${figure} to have ${epoch - 1} numbers, one for each epoch before, got ${Array.isArray(list) && !fits ? list.length : describe(list)}.`,
    );
  }
  expectInteger(where, "steps", steps, { min: 0 });
  try {
    Random.fromState(random);
  } catch (cause) {
    throw new RangeError(`${where}: expected random to be the state of a Random, got ${describe(random)}.`, {
      cause,
    });
  }
  if (typeof state.optimizerType !== "string") {
    refuse(where, "optimizerType", "the type of an optimizer", state.optimizerType);
  }
  expectSavedState(where, "optimizer", state.optimizer);
  if (state.weightAverage !== undefined) expectSavedState(where, "weightAverage", state.weightAverage);
  if (!Array.isArray(state.callbacks))
    refuse(where, "callbacks", "an array of saved states", state.callbacks);
  for (const saved of state.callbacks) expectSavedState(where, "each of callbacks", saved);
}
