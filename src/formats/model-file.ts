import type { LayerTable } from "../model/layer-table.js";
import { expectSequential, type Sequential } from "../model/sequential.js";
import { expectOptions } from "../tensor/expect.js";
import { buildSavedModel, formatArchitecture } from "./architecture.js";
import { expectVersion, FORMATS, writeVersion } from "./format-version.js";
import { decodeSafetensors, encodeSafetensors, expectBytes } from "./safetensors.js";

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
  expectSequential("saveModel", model);
  return encodeSafetensors(new Map(model.weights.map(({ name, value }) => [name, value])), {
    ...writeVersion(FORMATS.model),
    architecture: formatArchitecture(model),
  });
}

/**
 * The model that `saveModel` turned into bytes: the same layers, and weights equal in every bit. The state of an
 * optimizer and the number of steps done are not in the file; `saveCheckpoint` saves them.
 *
 * The file may come from anywhere: it can make no other layers than those of the library and of `layers`, and no more
 * memory is taken than its weights call for.
 *
 * @throws Error if the bytes are not a safetensors file or none of tinyconv, a layer or an option of one is unknown, or a
 * weight is missing, left over, of the wrong shape, NaN or infinite; what a layer throws for its options.
 */
export function loadModel(bytes: Uint8Array, options: LoadModelOptions = {}): Sequential {
  const { layers } = expectOptions("loadModel", options);
  expectBytes("loadModel", bytes);
  const { tensors, metadata } = decodeSafetensors(bytes);
  expectVersion("loadModel", metadata, FORMATS.model);
  return buildSavedModel("loadModel", { architecture: metadata.get("architecture") ?? "", tensors }, layers);
}
