/**
 * The part of a checkpoint that is not tensors, as JSON:
 *
 *     {"epoch": 2, "batch": 17, "sums": {"images": 850, ...}, "history": {"loss": [0.3], ...}, "random": [1, 2, 3, 4], ...,
 *      "optimizer": {"iterations": 867, ...}, "weight_average": {...}, "callback_1": {...}}
 *
 * What the optimizer and the others keep has its numbers there under a name, and its tensors in the file under the same
 * name with a slash behind it. A number that JSON does not have is written as text: "NaN", "Infinity", "-Infinity".
 */

import { createHistory } from "../model/history.js";
import { expectTrainingState, type TrainingState } from "../model/training-state.js";
import type { SavedState } from "../optim/saved-state.js";
import type { Tensor } from "../tensor/tensor.js";
import { describeJson, isJsonObject, type JsonObject, parseStrictJson } from "./json.js";

const DEEPEST = 3; // the state, the history in it, a list in that

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
  const { optimizer: _, weightAverage: __, callbacks: ___, ...rest } = state;
  const kept = keepersOf(state).map(([keeper, { numbers }]) => [keeper, Object.fromEntries(numbers)]);
  return JSON.stringify({ ...rest, ...Object.fromEntries(kept) }, (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );
}

/**
 * The state in a text, with its tensors out of `groups`, the tensors of a file by what keeps them.
 *
 * @throws Error if a field is missing, or there are tensors of something that is not in the text; TypeError or RangeError
 * if a field is not what it should be.
 */
export function parseTrainingState(
  where: string,
  text: string,
  groups: ReadonlyMap<string, ReadonlyMap<string, Tensor>>,
): TrainingState {
  const whole = new Fields(where, "training", parseStrictJson(where, "the training", text, DEEPEST));
  const sums = whole.object("sums");
  const history = whole.object("history");
  const keeper = (name: string): SavedState => ({
    numbers: whole.object(name).numbers(),
    tensors: groups.get(name) ?? new Map(),
  });
  const callbackNames: string[] = [];
  while (whole.has(`callback_${callbackNames.length + 1}`))
    callbackNames.push(`callback_${callbackNames.length + 1}`);
  const hasAverage = whole.has("weight_average");
  const random = whole.list("random");
  const state: TrainingState = {
    epoch: whole.number("epoch"),
    batch: whole.number("batch"),
    sums: { images: sums.number("images"), loss: sums.number("loss"), correct: sums.number("correct") },
    seconds: whole.number("seconds"),
    learningRate: whole.number("learningRate"),
    stopped: whole.boolean("stopped"),
    history: createHistory((figure) => history.list(figure)),
    random: [random[0]!, random[1]!, random[2]!, random[3]!],
    steps: whole.number("steps"),
    optimizerType: whole.text("optimizerType"),
    optimizer: keeper("optimizer"),
    weightAverage: hasAverage ? keeper("weight_average") : undefined,
    callbacks: callbackNames.map(keeper),
  };
  expectTrainingState(where, state);
  const keepers = ["optimizer", ...(hasAverage ? ["weight_average"] : []), ...callbackNames];
  for (const [group, tensors] of groups) {
    if (keepers.includes(group)) continue;
    const [name] = tensors.keys();
    throw new Error(
      `${where}: expected only the tensors of the training, got ${describeJson(`${group}/${name}`)} as well.`,
    );
  }
  return state;
}

/** The fields of a JSON object, by their names; each is of the type that is asked for, or an error names it. */
class Fields {
  readonly #where: string;
  readonly #path: string;
  readonly #object: JsonObject;

  constructor(where: string, path: string, value: unknown) {
    this.#where = where;
    this.#path = path;
    this.#object = isJsonObject(value) ? value : this.#refuse("", "an object", value);
  }

  #refuse(name: string, wanted: string, got: unknown): never {
    const path = name === "" ? this.#path : `${this.#path}.${name}`;
    throw new Error(`${this.#where}: expected ${path} to be ${wanted}, got ${describeJson(got)}.`);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name);
  }

  object(name: string): Fields {
    return new Fields(this.#where, `${this.#path}.${name}`, this.#object[name]);
  }

  number(name: string): number {
    return this.#toNumber(name, this.#object[name]);
  }

  list(name: string): number[] {
    const values = this.#object[name];
    if (!Array.isArray(values)) return this.#refuse(name, "a list of numbers", values);
    return values.map((value, i) => this.#toNumber(`${name}[${i}]`, value));
  }

  /** All fields, each a number. */
  numbers(): Map<string, number> {
    return new Map(Object.keys(this.#object).map((name) => [name, this.number(name)]));
  }

  boolean(name: string): boolean {
    const value = this.#object[name];
    return typeof value === "boolean" ? value : this.#refuse(name, "true or false", value);
  }

  text(name: string): string {
    const value = this.#object[name];
    return typeof value === "string" ? value : this.#refuse(name, "text", value);
  }

  #toNumber(name: string, value: unknown): number {
    if (typeof value === "number") return value;
    if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
    return this.#refuse(name, "a number", value);
  }
}
