import type { LayerTable } from "../model/layer-table.js";
import { Sequential, type SequentialConfig } from "../model/sequential.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import { describeJson, isJsonObject, parseStrictJson } from "./json.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

/** The version of the layout described at `saveModel`; a reader refuses a newer one. */
const FORMAT_VERSION = 1;

// the architecture is a list of layers with pairs of pairs in their options
const DEEPEST_ARCHITECTURE = 10;

export interface LoadModelOptions {
  /** Layer classes of one's own, by their `type`. @default none */
  readonly layers?: LayerTable;
}

/**
 * A model as the bytes of a safetensors file: each weight under its full name (`conv2d_1/kernel`), float32, and in the
 * `__metadata__` the entries `format` ("tinyconv"), `version` and `architecture` (the model's `config()` as JSON).
 *
 * ```ts
 * await writeFile("model.safetensors", saveModel(model));
 * ```
 */
export function saveModel(model: Sequential): Uint8Array {
  return encodeSafetensors(new Map(model.weights.map(({ name, value }) => [name, value])), {
    format: "tinyconv",
    version: String(FORMAT_VERSION),
    architecture: JSON.stringify(model.config()),
  });
}

/**
 * The model that `saveModel` turned into bytes: the same layers, and weights equal in every bit.
 *
 * @throws Error if the bytes are no safetensors file or none of tinyconv, a layer is unknown, or a weight is missing,
 * left over or of the wrong shape.
 */
export function loadModel(bytes: Uint8Array, { layers = {} }: LoadModelOptions = {}): Sequential {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const architecture = metadata.get("architecture");
  if (metadata.get("format") !== "tinyconv" || architecture === undefined) {
    throw new Error(
      "loadModel: expected a model saved by tinyconv, got a safetensors file without its architecture. " +
        "Read its tensors with decodeSafetensors.",
    );
  }
  const version = metadata.get("version");
  if (version !== String(FORMAT_VERSION)) {
    throw new Error(
      `loadModel: expected format version ${FORMAT_VERSION}, got ${JSON.stringify(version)}. A newer tinyconv may read it.`,
    );
  }
  const model = Sequential.fromConfig(parseArchitecture(architecture), { layers });
  const weights = model.weights;
  for (const { name, value } of weights) {
    const saved = tensors.get(name);
    if (!saved)
      throw new Error(`loadModel: expected a tensor ${JSON.stringify(name)}, got none of that name.`);
    if (!sameShape(saved.shape, value.shape)) {
      throw new Error(
        `loadModel: expected ${JSON.stringify(name)} to have shape ${formatShape(value.shape)}, got ${formatShape(saved.shape)}.`,
      );
    }
    value.data.set(saved.data);
    tensors.delete(name);
  }
  for (const name of tensors.keys()) {
    throw new Error(
      `loadModel: expected only the weights of the architecture, got ${JSON.stringify(name)} as well.`,
    );
  }
  return model;
}

function parseArchitecture(text: string): SequentialConfig {
  const value = parseStrictJson("loadModel", "the architecture", text, DEEPEST_ARCHITECTURE);
  if (isArchitecture(value)) return value;
  throw new Error(
    `loadModel: expected the architecture to be { inputShape, seed, layers }, got ${describeJson(value)}.`,
  );
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
