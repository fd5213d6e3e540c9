import { stat } from "node:fs/promises";
import { join } from "node:path";
import { loadCheckpoint, MODEL_PREFIX } from "../formats/checkpoint.js";
import { FORMATS } from "../formats/format-version.js";
import { loadModel } from "../formats/model-file.js";
import { importOnnx } from "../formats/onnx/import-onnx.js";
import { inspectOnnx, type OnnxContents } from "../formats/onnx/inspect-onnx.js";
import { weightBytes } from "../formats/weight-bytes.js";
import { showStart } from "../mnist/bytes.js";
import type { Sequential } from "../model/sequential.js";
import type { TrainingState } from "../model/training-state.js";
import { messageOf } from "./file-errors.js";
import { isSafetensors, listTensors, type StoredTensor } from "./inspect-safetensors.js";
import { describeTensor, sha256, type TensorInfo } from "./inspect-tensors.js";
import { parseFile } from "./model-files.js";
import { readWholeFile } from "./read-file.js";
import { RUN_FILES } from "./run-folder.js";

/** What kinds of files are told apart. */
export type FileKind = "model" | "checkpoint" | "safetensors" | "onnx";

/** A file of weights, as far as its bytes tell. */
export interface Inspection {
  readonly kind: FileKind;
  /** The version of the layout of our own files, as it stands in them. */
  readonly version?: string | undefined;
  /** The size of the file. */
  readonly bytes: number;
  /** Of the file. */
  readonly sha256: string;
  /** The model in it, if it can be read. */
  readonly model?: Sequential | undefined;
  /** Why there is no model, though the kind of file may hold one. */
  readonly problem?: string | undefined;
  /**
   * The SHA-256 of all weights: of `weightBytes(model)`. Where no model can be read of a safetensors file, of the tensors in
   * the order of the file, which is the same in files that tinyconv writes; undefined for such an ONNX file.
   */
  readonly weightsSha256?: string | undefined;
  readonly tensors: readonly TensorInfo[];
  /** Of a checkpoint that can be read. */
  readonly training?: { readonly state: TrainingState; readonly notes: string } | undefined;
  /** Of an ONNX file. */
  readonly onnx?: Omit<OnnxContents, "tensors"> | undefined;
}

/** The same, with the path of the file, which in a folder is that of the model. */
export interface FileInspection extends Inspection {
  readonly file: string;
}

/**
 * What is in a file: a model or checkpoint of tinyconv, another safetensors file, or an ONNX file, told apart by their
 * content. Of a folder that training wrote, its model. The file may come from anywhere; a model in it that cannot be read,
 * as it has unknown layers or weights that are NaN, is told of in `problem`.
 *
 * @throws Error that names the file, if it cannot be read, is damaged or of another kind.
 */
export async function inspectFile(path: string): Promise<FileInspection> {
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, RUN_FILES.model) : path;
  const remedy = "Give the folder of a run that was finished, or one of the files in it.";
  const bytes = await readWholeFile(file, isFolder ? { remedy } : {});
  return { file, ...parseFile(file, () => inspectBytes(bytes)) };
}

function inspectBytes(bytes: Uint8Array): Inspection {
  const common = { bytes: bytes.length, sha256: sha256([bytes]) };
  if (isSafetensors(bytes)) return { ...common, ...inspectSafetensors(bytes) };
  try {
    return { ...common, ...inspectOnnxFile(bytes) };
  } catch (cause) {
    if (beginsAsOnnx(bytes)) throw cause;
    const got = showStart(bytes);
    const message = `expected a safetensors or an ONNX file, got ${got}. It is cut short, or of another kind.`;
    throw new Error(message, { cause });
  }
}

/** True for what begins as every writer of ONNX begins a file: with its first field, the version. */
export function beginsAsOnnx(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08;
}

type Contents = Omit<Inspection, "bytes" | "sha256">;
type Reading = Pick<Contents, "model" | "training" | "problem">;

function inspectSafetensors(bytes: Uint8Array): Contents {
  const { tensors: stored, metadata } = listTensors(bytes);
  const tensors = stored.map(describeTensor);
  const format = metadata.get("format");
  const version = metadata.get("version");
  if (format === FORMATS.model.name) {
    const read = attempt(() => ({ model: loadModel(bytes) }));
    return { kind: "model", version, ...withWeights(read, stored), tensors };
  }
  if (format === FORMATS.checkpoint.name) {
    const read = attempt(() => {
      const { model, state, notes } = loadCheckpoint(bytes);
      return { model, training: { state, notes } };
    });
    const weights = stored.filter(({ name }) => name.startsWith(MODEL_PREFIX));
    return { kind: "checkpoint", version, ...withWeights(read, weights), tensors };
  }
  return { kind: "safetensors", ...withWeights({}, stored), tensors };
}

function inspectOnnxFile(bytes: Uint8Array): Contents {
  const { tensors, ...onnx } = inspectOnnx(bytes);
  const read = attempt(() => ({ model: importOnnx(bytes) }));
  return { kind: "onnx", ...withWeights(read), tensors: tensors.map(describeTensor), onnx };
}

/** What `read` returns, or the reason why it cannot. */
function attempt(read: () => Reading): Reading {
  try {
    return read();
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** Adds the SHA-256 of the weights, of a model or else of the tensors in the file. */
function withWeights(read: Reading, stored?: readonly StoredTensor[]) {
  const pieces = read.model ? [weightBytes(read.model)] : stored?.map(({ data }) => data);
  return { ...read, weightsSha256: pieces && sha256(pieces) };
}
