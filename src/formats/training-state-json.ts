/**
 * The part of a checkpoint that is not tensors, as JSON:
 *
 *     {"epoch": 2, "batch": 17, "sums": {"images": 850, ...}, "history": {"loss": [0.3], ...}, "random": [1, 2, 3, 4], ...,
 *      "optimizer": {"iterations": 867, ...}, "weight_average": {...}, "callback_1": {...}}
 *
 * What the optimizer and the others keep has its numbers there under a name, and its tensors in the file under the same
 * name with a slash behind it. A number that JSON does not have is written as text: "NaN", "Infinity", "-Infinity".
 */

import type { History } from "../model/history.js";
import type { TrainingState } from "../model/training-state.js";
import type { SavedState } from "../optim/saved-state.js";
import type { RandomState } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { describeJson, isJsonObject, type JsonObject, parseStrictJson } from "./json.js";

const DEEPEST = 3; // the state, the history in it, a list in that
const SERIES = [
  "loss",
  "accuracy",
  "val_loss",
  "val_accuracy",
  "learningRate",
  "seconds",
  "imagesPerSecond",
] as const;

/** What keeps a state, by the names that it has in the file. */
function keepersOf({ optimizer, weightAverage, callbacks }: TrainingState): [string, SavedState][] {
  return [
    ["optimizer", optimizer],
    ...(weightAverage ? [["weight_average", weightAverage] satisfies [string, SavedState]] : []),
    ...callbacks.map((callback, i): [string, SavedState] => [`callback_${i + 1}`, callback]),
  ];
}

/** All tensors of a state, under their names in the file. */
export function tensorsOf(state: TrainingState): [string, Tensor][] {
  return keepersOf(state).flatMap(([keeper, { tensors }]) =>
    [...tensors].map(([name, tensor]): [string, Tensor] => [`${keeper}/${name}`, tensor]),
  );
}

/** A state as text, but for its tensors. */
export function formatTrainingState(state: TrainingState): string {
  const { epoch, batch, sums, seconds, learningRate, stopped, history, random, steps } = state;
  const kept = keepersOf(state).map(([keeper, { numbers }]) => [keeper, Object.fromEntries(numbers)]);
  const json = {
    epoch,
    batch,
    sums,
    seconds,
    learningRate,
    stopped,
    history,
    random,
    steps,
    ...Object.fromEntries(kept),
  };
  return JSON.stringify(json, (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );
}

/**
 * The state in a text, with its tensors out of `groups`, of which they are taken.
 *
 * @throws Error if a field is missing or not what it should be.
 */
export function parseTrainingState(
  where: string,
  text: string,
  groups: ReadonlyMap<string, Map<string, Tensor>>,
): TrainingState {
  const json = parseStrictJson(where, "the training", text, DEEPEST);
  const refuse = (name: string, wanted: string, got: unknown): never => {
    throw new Error(`${where}: expected ${name} of the training to be ${wanted}, got ${describeJson(got)}.`);
  };
  const objectIn = (parent: JsonObject, name: string): JsonObject => {
    const value = parent[name];
    return isJsonObject(value) ? value : refuse(name, "an object", value);
  };
  const numberIn = (parent: JsonObject, name: string): number => {
    const value = parent[name];
    if (typeof value === "number") return value;
    if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
    return refuse(name, "a number", value);
  };
  const numbersIn = (parent: JsonObject, name: string): number[] => {
    const values = parent[name];
    if (!Array.isArray(values)) return refuse(name, "a list of numbers", values);
    const list: JsonObject = { ...values };
    return values.map((_, i) => numberIn(list, String(i)));
  };
  const keeperIn = (name: string): SavedState => {
    const numbers = objectIn(state, name);
    const tensors = groups.get(name) ?? new Map<string, Tensor>();
    const taken = new Map(tensors);
    tensors.clear();
    return {
      numbers: new Map(Object.keys(numbers).map((key) => [key, numberIn(numbers, key)])),
      tensors: taken,
    };
  };

  const state = isJsonObject(json) ? json : refuse("the whole", "an object", json);
  const sums = objectIn(state, "sums");
  const history = objectIn(state, "history");
  const { stopped } = state;
  const callbacks: SavedState[] = [];
  while (`callback_${callbacks.length + 1}` in state) {
    callbacks.push(keeperIn(`callback_${callbacks.length + 1}`));
  }
  return {
    epoch: numberIn(state, "epoch"),
    batch: numberIn(state, "batch"),
    sums: {
      images: numberIn(sums, "images"),
      loss: numberIn(sums, "loss"),
      correct: numberIn(sums, "correct"),
    },
    seconds: numberIn(state, "seconds"),
    learningRate: numberIn(state, "learningRate"),
    stopped: typeof stopped === "boolean" ? stopped : refuse("stopped", "true or false", stopped),
    history: Object.fromEntries(SERIES.map((name) => [name, numbersIn(history, name)])) as Record<
      keyof History,
      number[]
    >,
    random: numbersIn(state, "random") as readonly number[] as RandomState, // fit checks it
    steps: numberIn(state, "steps"),
    optimizer: keeperIn("optimizer"),
    weightAverage: "weight_average" in state ? keeperIn("weight_average") : undefined,
    callbacks,
  };
}
