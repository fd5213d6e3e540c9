import { type Checkpoint, loadCheckpoint, saveCheckpoint } from "../formats/checkpoint.js";
import { type LoadModelOptions, loadModel, saveModel } from "../formats/model-file.js";
import { expectLayerTable } from "../model/layer-table.js";
import { expectSequential, type Sequential } from "../model/sequential.js";
import type { TrainingState } from "../model/training-state.js";
import { expectOptions } from "../tensor/expect.js";
import { expectFilePath } from "./expect-path.js";
import { inFile } from "./file-errors.js";
import { readWholeFile } from "./read-file.js";
import { writeFileAtomically } from "./write-file.js";

/**
 * The model in a file that `writeModel` or training wrote. The file may come from anywhere, as the bytes of `loadModel`.
 *
 * @throws Error that names the file, if it cannot be read or what is in it is no model.
 */
export async function readModel(path: string, options: LoadModelOptions = {}): Promise<Sequential> {
  expectFilePath("readModel", path);
  expectLoadOptions("readModel", options);
  const bytes = await readWholeFile(path);
  return parseFile(path, () => loadModel(bytes, options));
}

/**
 * Writes a model into a file, as `saveModel` makes it. The path never names half a model, even if the machine stops in
 * the middle.
 *
 * @throws Error that names the file, if it cannot be written; what was there before still is.
 */
export async function writeModel(path: string, model: Sequential): Promise<void> {
  expectFilePath("writeModel", path);
  expectSequential("writeModel", model);
  await writeFileAtomically(path, saveModel(model));
}

/**
 * The training in a file that `writeCheckpoint` or `Checkpoints` wrote. The file may come from anywhere.
 *
 * @throws Error that names the file, if it cannot be read or what is in it is no checkpoint.
 */
export async function readCheckpoint(path: string, options: LoadModelOptions = {}): Promise<Checkpoint> {
  expectFilePath("readCheckpoint", path);
  expectLoadOptions("readCheckpoint", options);
  const bytes = await readWholeFile(path);
  return parseFile(path, () => loadCheckpoint(bytes, options));
}

/**
 * Writes a training between two steps into a file, as `saveCheckpoint` makes it, and as safely as `writeModel`.
 * `Checkpoints` does so by itself while a training runs.
 *
 * @param notes Any text to keep with it. @default ""
 * @throws Error that names the file, if it cannot be written; what was there before still is.
 */
export async function writeCheckpoint(
  path: string,
  model: Sequential,
  state: TrainingState,
  notes = "",
): Promise<void> {
  expectFilePath("writeCheckpoint", path);
  await writeFileAtomically(path, saveCheckpoint(model, state, notes));
}

/**
 * Checks the options of what reads a model, before the file is read: an error that names the file is of what is in it.
 *
 * @throws TypeError if they are no options, or `layers` is no table of classes.
 */
export function expectLoadOptions(where: string, options: LoadModelOptions): void {
  const { layers } = expectOptions(where, options);
  expectLayerTable(where, layers);
}

/** What `parse` makes of a file's bytes; its errors are given the name of the file. */
export function parseFile<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw inFile(path, cause);
  }
}
