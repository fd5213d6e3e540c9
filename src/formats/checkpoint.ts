import { expectSequential, type Sequential } from "../model/sequential.js";
import { expectTrainingState, type TrainingState } from "../model/training-state.js";
import { expectOptions, quote, refuse } from "../tensor/expect.js";
import type { Tensor } from "../tensor/tensor.js";
import { buildSavedModel, formatArchitecture } from "./architecture.js";
import { expectVersion, FORMATS, writeVersion } from "./format-version.js";
import { isUnicode } from "./json.js";
import type { LoadModelOptions } from "./model-file.js";
import { decodeSafetensors, encodeSafetensors, expectBytes } from "./safetensors.js";
import { formatTrainingState, parseTrainingState, tensorsOf } from "./training-state-json.js";

/** What stands in front of the names of weights. */
export const MODEL_PREFIX = "model/";

/** A training that was saved, ready to go on. */
export interface Checkpoint {
  /** The model with the weights of that moment. */
  readonly model: Sequential;
  /** What `fit` and `trainByRecipe` take as `resume`. */
  readonly state: TrainingState;
  /** The text that was given to `saveCheckpoint`. */
  readonly notes: string;
}

/**
 * A training between two steps as the bytes of a safetensors file: the weights (`model/conv2d_1/kernel`), what the
 * optimizer keeps (`optimizer/conv2d_1/kernel/m`), the weight average and the callbacks, and in the `__metadata__` the
 * entries `format` ("tinyconv-checkpoint"), `version`, `architecture`, `training` (epoch, batch, sums, history, random
 * state and all other numbers as JSON) and `notes`.
 *
 * ```ts
 * const save: Callback = {
 *   async onCheckpoint({ model, logs, state }) {
 *     if (logs) await writeFile("last.safetensors", saveCheckpoint(model, state())); // once an epoch
 *   },
 * };
 * await model.fit(train, { optimizer: new Adam(), callbacks: [save] });
 * // later, in another process:
 * const { model, state } = loadCheckpoint(await readFile("last.safetensors"));
 * await model.fit(train, { optimizer: new Adam(), resume: state });
 * ```
 *
 * @param notes Any text to keep with it, such as the settings of the training as JSON.
 */
export function saveCheckpoint(model: Sequential, state: TrainingState, notes = ""): Uint8Array {
  const where = "saveCheckpoint";
  expectSequential(where, model);
  expectTrainingState(`${where} (state)`, state);
  expectNotes(where, notes);
  const tensors = new Map<string, Tensor>();
  for (const { name, value } of model.weights) tensors.set(MODEL_PREFIX + name, value);
  for (const [name, value] of tensorsOf(state)) tensors.set(name, value);
  return encodeSafetensors(tensors, {
    ...writeVersion(FORMATS.checkpoint),
    architecture: formatArchitecture(model),
    training: formatTrainingState(state),
    notes,
  });
}

/**
 * Checks notes, which have to survive UTF-8.
 *
 * @throws TypeError if they are no text, or have half a surrogate pair in them.
 */
export function expectNotes(where: string, notes: string): void {
  if (typeof notes !== "string") refuse(where, "notes", "a text", notes);
  if (!isUnicode(notes)) {
    throw new TypeError(
      `${where}: expected notes to be Unicode, got half a surrogate pair in ${quote(notes)}.`,
    );
  }
}

/**
 * The training that `saveCheckpoint` turned into bytes. Whether the state suits the optimizer is for `fit` to say.
 *
 * The file may come from anywhere, as that of `loadModel`.
 *
 * @throws Error if the bytes are not a safetensors file or no checkpoint of tinyconv, or if something in it is missing,
 * left over or not what it should be, as a weight that is NaN or infinite; TypeError or RangeError for options of layers
 * and numbers of the training that are none.
 */
export function loadCheckpoint(bytes: Uint8Array, options: LoadModelOptions = {}): Checkpoint {
  const { layers } = expectOptions("loadCheckpoint", options);
  expectBytes("loadCheckpoint", bytes);
  const where = "loadCheckpoint";
  const { tensors, metadata } = decodeSafetensors(bytes);
  expectVersion(where, metadata, FORMATS.checkpoint);
  const architecture = metadata.get("architecture") ?? "";
  const weights = new Map<string, Tensor>();
  const others = new Map<string, Tensor>();
  for (const [name, tensor] of tensors) {
    if (name.startsWith(MODEL_PREFIX)) weights.set(name.slice(MODEL_PREFIX.length), tensor);
    else others.set(name, tensor);
  }
  const model = buildSavedModel(where, { architecture, tensors: weights, prefix: MODEL_PREFIX }, layers);
  const state = parseTrainingState(where, metadata.get("training") ?? "", others);
  return { model, state, notes: metadata.get("notes") ?? "" };
}
