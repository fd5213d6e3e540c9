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
 * The state in a text, with its tensors out of `tensors`, those of a file but for the weights.
 *
 * @throws Error if a field is missing or unknown, or there are tensors of something that is not in the text; TypeError or
 * RangeError if a field is not what it should be.
 */
export function parseTrainingState(
  where: string,
  text: string,
  tensors: ReadonlyMap<string, Tensor>,
): TrainingState {
  const whole = new Fields(where, "training", parseStrictJson(where, "the training", text, DEEPEST));
  const keepers = new Map<string, SavedState & { readonly tensors: Map<string, Tensor> }>();
  const keeper = (name: string): SavedState => {
    const state = { numbers: whole.object(name).numbers(), tensors: new Map<string, Tensor>() };
    keepers.set(name, state);
    return state;
  };
  const sums = whole.object("sums");
  const history = whole.object("history");
  const [a, b, c, d] = whole.list("random", 4) as [number, number, number, number];
  const state: TrainingState = {
    epoch: whole.number("epoch"),
    batch: whole.number("batch"),
    sums: { images: sums.number("images"), loss: sums.number("loss"), correct: sums.number("correct") },
    seconds: whole.number("seconds"),
    learningRate: whole.number("learningRate"),
    stopped: whole.boolean("stopped"),
    history: createHistory((figure) => history.list(figure)),
    random: [a, b, c, d],
    steps: whole.number("steps"),
    optimizerType: whole.text("optimizerType"),
    optimizer: keeper("optimizer"),
    weightAverage: whole.has("weight_average") ? keeper("weight_average") : undefined,
    callbacks: whole.numbered("callback_").map(keeper),
  };
  for (const fields of [whole, sums, history]) fields.expectAllRead();
  expectTrainingState(where, state);
  for (const [full, tensor] of tensors) {
    const slash = full.indexOf("/");
    const owner = keepers.get(full.slice(0, Math.max(slash, 0)));
    if (!owner) {
      throw new Error(
        `${where}: expected only the tensors of the training, got ${describeJson(full)} as well.`,
      );
    }
    owner.tensors.set(full.slice(slash + 1), tensor);
  }
  return state;
}

/** The fields of a JSON object, by their names; each is of the type that is asked for, or an error names it. */
class Fields {
  readonly #where: string;
  readonly #path: string;
  readonly #object: JsonObject;
  readonly #read = new Set<string>();

  constructor(where: string, path: string, value: unknown) {
    this.#where = where;
    this.#path = path;
    this.#object = isJsonObject(value) ? value : this.#refuse("", "an object", value);
  }

  /** @param name of the field, as it stands behind the path: `.epoch`. */
  #refuse(name: string, wanted: string, got: unknown): never {
    throw new Error(
      `${this.#where}: expected ${this.#path}${name} to be ${wanted}, got ${describeJson(got)}.`,
    );
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name);
  }

  #get(name: string): unknown {
    this.#read.add(name);
    return this.#object[name];
  }

  /** The names `callback_1`, `callback_2` and so on, as far as they are there. */
  numbered(prefix: string): string[] {
    const names: string[] = [];
    while (this.has(`${prefix}${names.length + 1}`)) names.push(`${prefix}${names.length + 1}`);
    return names;
  }

  object(name: string): Fields {
    return new Fields(this.#where, `${this.#path}.${name}`, this.#get(name));
  }

  number(name: string): number {
    return this.#toNumber(`.${name}`, this.#get(name));
  }

  list(name: string, length?: number): number[] {
    const values = this.#get(name);
    if (!Array.isArray(values) || (length !== undefined && values.length !== length)) {
      return this.#refuse(`.${name}`, `a list of ${length === undefined ? "" : `${length} `}numbers`, values);
    }
    return values.map((value, i) => this.#toNumber(`.${name}[${i}]`, value));
  }

  /** All fields, each a number. */
  numbers(): Map<string, number> {
    const fields = Object.entries(this.#object);
    // their names are the file's, so they are quoted
    return new Map(fields.map(([name, value]) => [name, this.#toNumber(`[${describeJson(name)}]`, value)]));
  }

  boolean(name: string): boolean {
    const value = this.#get(name);
    return typeof value === "boolean" ? value : this.#refuse(`.${name}`, "true or false", value);
  }

  text(name: string): string {
    const value = this.#get(name);
    return typeof value === "string" ? value : this.#refuse(`.${name}`, "text", value);
  }

  /** @throws Error if there is a field that nobody has asked for. */
  expectAllRead(): void {
    const unknown = Object.keys(this.#object).find((name) => !this.#read.has(name));
    if (unknown === undefined) return;
    throw new Error(
      `${this.#where}: expected only known fields in ${this.#path}, got ${describeJson(unknown)} as well. A newer tinyconv may know it.`,
    );
  }

  #toNumber(name: string, value: unknown): number {
    if (typeof value === "number") return value;
    if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
    return this.#refuse(name, "a number", value);
  }
}
