import type { LayerTable } from "../model/layer-table.js";
import { Sequential, type SequentialConfig } from "../model/sequential.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { expectFiniteWeights } from "./finite-weights.js";
import { describeJson, isJsonObject, parseStrictJson } from "./json.js";
import { LimitedWorkspace, MOST_AXES, MOST_LAYERS } from "./limited-workspace.js";

// the options of the library's layers reach 5 deep, those of other layers may go deeper
const DEEPEST_ARCHITECTURE = 50;

const DIVERGED = "The training that made them has diverged; decodeSafetensors gives the tensors as they are.";

/** A model's architecture as text. */
export function formatArchitecture(model: Sequential): string {
  return JSON.stringify(model.config());
}

/** What a file says of its model. */
export interface SavedModel {
  readonly architecture: string;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** What the tensors' names have in front of them in the file, for messages: `model/`. @default "" */
  readonly prefix?: string;
}

/**
 * The model of an architecture, with its weights, which are all of `tensors`.
 *
 * The file may come from anywhere: it can make no other layers than those of the library and of `layers`, and no more
 * memory is taken than its weights call for.
 *
 * @throws Error if the text is no architecture, a layer or an option of one is unknown, or a weight is missing, left
 * over, of the wrong shape or not finite; what a layer throws for its options.
 */
export function buildSavedModel(
  where: string,
  { architecture: text, tensors, prefix = "" }: SavedModel,
  layers: LayerTable = {},
): Sequential {
  const architecture = parseStrictJson(where, "the architecture", text, DEEPEST_ARCHITECTURE);
  expectArchitecture(where, architecture);
  const numbers = [...tensors.values()].reduce((sum, { size }) => sum + size, 0);
  const workspace = new LimitedWorkspace(where, numbers);
  const model = Sequential.fromConfig(architecture, { layers, workspace });
  expectKnownOptions(where, architecture, model, layers);
  for (const { name, value } of model.weights) {
    const saved = tensors.get(name);
    const shown = describeJson(prefix + name);
    if (!saved) throw new Error(`${where}: expected a tensor ${shown}, got none of that name.`);
    if (!sameShape(saved.shape, value.shape)) {
      throw new Error(
        `${where}: expected ${shown} to have shape ${formatShape(value.shape)}, got ${formatShape(saved.shape)}.`,
      );
    }
    value.data.set(saved.data);
  }
  const names = new Set(model.weights.map(({ name }) => name));
  for (const name of tensors.keys()) {
    if (names.has(name)) continue;
    throw new Error(
      `${where}: expected only the weights of the architecture, got ${describeJson(prefix + name)} as well.`,
    );
  }
  const weights = model.weights.map(({ name, value }) => ({ name: prefix + name, value }));
  expectFiniteWeights(where, weights, DIVERGED);
  return model;
}

/** @throws Error unless it has the outline of a config; what is in it is checked by the constructors it is handed to. */
function expectArchitecture(where: string, value: unknown): asserts value is SequentialConfig {
  const isOutline =
    isJsonObject(value) &&
    Array.isArray(value.inputShape) &&
    Array.isArray(value.layers) &&
    value.layers.every(isJsonObject);
  if (!isOutline) {
    throw new Error(
      `${where}: expected the architecture to be { inputShape, seed, layers }, got ${describeJson(value)}.`,
    );
  }
  const { inputShape, seed: _, layers, ...more } = value;
  expectNothingMore(where, "inputShape, seed and layers in the architecture", Object.keys(more));
  expectAtMost(where, MOST_LAYERS, "layers", layers);
  expectAtMost(where, MOST_AXES, "axes in inputShape", inputShape);
}

function expectAtMost(where: string, most: number, what: string, list: unknown): void {
  if (!Array.isArray(list) || list.length <= most) return;
  throw new Error(`${where}: expected an architecture of at most ${most} ${what}, got ${list.length}.`);
}

/**
 * A layer takes no notice of an option that it does not have, such as the `activation` that others give a Dense; but
 * without it the model would be another one.
 *
 * @throws Error that names the option and the layer. A layer of one's own may read what it no longer writes.
 */
function expectKnownOptions(
  where: string,
  { layers: configs }: SequentialConfig,
  model: Sequential,
  own: LayerTable,
): void {
  for (const [i, layer] of model.layers.entries()) {
    const { type, name: _, ...options } = configs[i]!;
    if (Object.hasOwn(own, type)) continue;
    const known = new Set(Object.keys(layer.config()));
    const unknown = Object.keys(options).filter((option) => !known.has(option));
    expectNothingMore(where, `options of ${type} in layer ${i + 1}`, unknown);
  }
}

function expectNothingMore(where: string, what: string, [unknown]: readonly string[]): void {
  if (unknown === undefined) return;
  throw new Error(
    `${where}: expected only ${what}, got ${describeJson(unknown)} as well. A newer tinyconv may know it.`,
  );
}
