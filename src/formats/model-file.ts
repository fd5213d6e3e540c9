import type { LayerTable } from "../model/layer-table.js";
import { Sequential, type SequentialConfig } from "../model/sequential.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";
import { createWorkspace } from "../tensor/simd/backend.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Batch, Workspace } from "../tensor/workspace.js";
import { describeJson, isJsonObject, parseStrictJson } from "./json.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

/** The version of the layout described at `saveModel`; a reader refuses a newer one. */
const FORMAT_VERSION = 1;

// the options of the library's layers reach 5 deep, those of other layers may go deeper
const DEEPEST_ARCHITECTURE = 50;

/** Options of `loadModel`. */
export interface LoadModelOptions {
  /** Layer classes of your own, by their `type`. @default none */
  readonly layers?: LayerTable | undefined;
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
 * The model that `saveModel` turned into bytes: the same layers, and weights equal in every bit. The state of an
 * optimizer and the number of steps done are not in the file.
 *
 * The file may come from anywhere: it can make no other layers than those of the library and of `layers`, and no more
 * memory is taken than its weights call for.
 *
 * @throws Error if the bytes are not a safetensors file or none of tinyconv, a layer is unknown, or a weight is missing,
 * left over or of the wrong shape; what a layer throws for its options.
 */
export function loadModel(bytes: Uint8Array, { layers }: LoadModelOptions = {}): Sequential {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const architecture = parseArchitecture(metadata);
  const workspace = new LimitedWorkspace([...tensors.values()].reduce((sum, { size }) => sum + size, 0));
  const model = Sequential.fromConfig(architecture, { layers, workspace });
  for (const { name, value } of model.weights) {
    const saved = tensors.get(name);
    if (!saved) {
      throw new Error(`loadModel: expected a tensor ${JSON.stringify(name)}, got none of that name.`);
    }
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

// For each number that a layer saves, it has a gradient, and at most a few rows of its own beside them (3 in batch
// normalisation without γ and β). What every layer may have in any case keeps the smallest models out of this.
const NUMBERS_FOR_EACH_SAVED = 16;
const NUMBERS_IN_ANY_CASE = 2 ** 20;

/** Memory for a model of which `saved` numbers are in the file: a few bytes there cannot ask for gigabytes here. */
class LimitedWorkspace implements Workspace {
  readonly #workspace = createWorkspace();
  readonly #saved: number;
  #left: number;

  constructor(saved: number) {
    this.#saved = saved;
    this.#left = NUMBERS_FOR_EACH_SAVED * saved + NUMBERS_IN_ANY_CASE;
  }

  tensor(name: string, shape: Shape): Tensor {
    this.#left -= sizeOf(shape);
    if (this.#left < 0) {
      throw new Error(
        `loadModel: expected an architecture for the ${this.#saved} numbers in the file, got a ${name} of shape ${formatShape(shape)}.`,
      );
    }
    return this.#workspace.tensor(name, shape);
  }

  batch(name: string, sampleShape: Shape): Batch {
    return this.#workspace.batch(name, sampleShape);
  }
}

/** The architecture out of a file's metadata. */
function parseArchitecture(metadata: ReadonlyMap<string, string>): SequentialConfig {
  const format = metadata.get("format");
  if (format !== "tinyconv") {
    throw new Error(
      `loadModel: expected a model saved by tinyconv, got a safetensors file of format ${describeJson(format)}. ` +
        "Read its tensors with decodeSafetensors.",
    );
  }
  const version = metadata.get("version");
  if (version !== String(FORMAT_VERSION)) {
    throw new Error(
      `loadModel: expected format version "${FORMAT_VERSION}", got ${describeJson(version)}. A newer tinyconv may read it.`,
    );
  }
  const text = metadata.get("architecture") ?? "";
  const architecture = parseStrictJson("loadModel", "the architecture", text, DEEPEST_ARCHITECTURE);
  if (isArchitecture(architecture)) return architecture;
  throw new Error(
    `loadModel: expected the architecture to be { inputShape, seed, layers }, got ${describeJson(architecture)}.`,
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
