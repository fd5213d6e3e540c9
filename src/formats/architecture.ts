import type { LayerTable } from "../model/layer-table.js";
import { Sequential, type SequentialConfig } from "../model/sequential.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";
import { createWorkspace } from "../tensor/simd/backend.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Batch, Workspace } from "../tensor/workspace.js";
import { describeJson, isJsonObject, parseStrictJson } from "./json.js";

// the options of the library's layers reach 5 deep, those of other layers may go deeper
const DEEPEST_ARCHITECTURE = 50;

/** A model's architecture as text. */
export function formatArchitecture(model: Sequential): string {
  return JSON.stringify(model.config());
}

/**
 * The model of an architecture, with its weights, which are all of `tensors`.
 *
 * The file may come from anywhere: it can make no other layers than those of the library and of `layers`, and no more
 * memory is taken than its weights call for.
 *
 * @throws Error if the text is no architecture, a layer is unknown, or a weight is missing, left over or of the wrong
 * shape; what a layer throws for its options.
 */
export function buildSavedModel(
  where: string,
  text: string,
  tensors: ReadonlyMap<string, Tensor>,
  layers: LayerTable | undefined,
): Sequential {
  const architecture = parseStrictJson(where, "the architecture", text, DEEPEST_ARCHITECTURE);
  if (!isArchitecture(architecture)) {
    throw new Error(
      `${where}: expected the architecture to be { inputShape, seed, layers }, got ${describeJson(architecture)}.`,
    );
  }
  const numbers = [...tensors.values()].reduce((sum, { size }) => sum + size, 0);
  const workspace = new LimitedWorkspace(where, numbers);
  const model = Sequential.fromConfig(architecture, { layers, workspace });
  for (const { name, value } of model.weights) {
    const saved = tensors.get(name);
    if (!saved) {
      throw new Error(`${where}: expected a tensor ${JSON.stringify(name)}, got none of that name.`);
    }
    if (!sameShape(saved.shape, value.shape)) {
      throw new Error(
        `${where}: expected ${JSON.stringify(name)} to have shape ${formatShape(value.shape)}, got ${formatShape(saved.shape)}.`,
      );
    }
    value.data.set(saved.data);
  }
  const names = new Set(model.weights.map(({ name }) => name));
  for (const name of tensors.keys()) {
    if (names.has(name)) continue;
    throw new Error(
      `${where}: expected only the weights of the architecture, got ${JSON.stringify(name)} as well.`,
    );
  }
  return model;
}

// For each number that a layer saves, it has a gradient, and at most a few rows of its own beside them (3 in batch
// normalisation without γ and β). What every layer may have in any case keeps the smallest models out of this.
const NUMBERS_FOR_EACH_SAVED = 16;
const NUMBERS_IN_ANY_CASE = 2 ** 20;

/** Memory for a model of which `saved` numbers are in the file: a few bytes there cannot ask for gigabytes here. */
class LimitedWorkspace implements Workspace {
  readonly #workspace = createWorkspace();
  readonly #where: string;
  readonly #saved: number;
  #left: number;

  constructor(where: string, saved: number) {
    this.#where = where;
    this.#saved = saved;
    this.#left = NUMBERS_FOR_EACH_SAVED * saved + NUMBERS_IN_ANY_CASE;
  }

  tensor(name: string, shape: Shape): Tensor {
    this.#left -= sizeOf(shape);
    if (this.#left < 0) {
      throw new Error(
        `${this.#where}: expected an architecture for the ${this.#saved} numbers in the file, got a ${name} of shape ${formatShape(shape)}.`,
      );
    }
    return this.#workspace.tensor(name, shape);
  }

  batch(name: string, sampleShape: Shape): Batch {
    return this.#workspace.batch(name, sampleShape);
  }
}

/** True for the outline of a config; what is in it is checked by the constructors that it is handed to. */
function isArchitecture(value: unknown): value is SequentialConfig {
  return (
    isJsonObject(value) &&
    Array.isArray(value.inputShape) &&
    Array.isArray(value.layers) &&
    value.layers.every(isJsonObject)
  );
}
