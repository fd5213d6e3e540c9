import { importOnnx } from "../../../src/formats/onnx/import-onnx.js";
import {
  decodeSafetensors,
  encodeSafetensors,
  loadCheckpoint,
  loadModel,
  saveCheckpoint,
  saveModel,
} from "../../../src/index.js";
import { checkpointFiles, modelFiles, onnxFiles } from "../../../test/helpers/files.js";
import { pytorchModels } from "../../../test/helpers/pytorch-models.js";
import type { Reader } from "./reader.js";

/** Gives a safetensors file the length of the header that leaves the data as long as they were. */
function mendHeaderLength(mutated: Uint8Array, original: Uint8Array): Uint8Array {
  if (mutated.length < 8) return mutated;
  const mended = mutated.slice();
  const { buffer } = original.slice();
  const grown = BigInt(mutated.length - original.length);
  const length = new DataView(buffer).getBigUint64(0, true) + grown;
  new DataView(mended.buffer).setBigUint64(0, length, true);
  return mended;
}

/** Models and trainings, as tinyconv and as others write them. */
export const MODEL_READERS: readonly Reader[] = [
  {
    name: "decodeSafetensors",
    corpus: async () => [...modelFiles(), ...(await checkpointFiles())],
    read: (file) => {
      const { tensors, metadata } = decodeSafetensors(file);
      return encodeSafetensors(tensors, metadata);
    },
    mend: mendHeaderLength,
    kinds: 15,
  },
  {
    name: "loadModel",
    corpus: async () => modelFiles(),
    read: (file) => saveModel(loadModel(file)),
    mend: mendHeaderLength,
    kinds: 50,
  },
  {
    name: "loadCheckpoint",
    corpus: async () => checkpointFiles(),
    read: (file) => {
      const { model, state, notes } = loadCheckpoint(file);
      return saveCheckpoint(model, state, notes);
    },
    mend: mendHeaderLength,
    kinds: 50,
  },
  {
    name: "importOnnx",
    corpus: async () => [
      ...onnxFiles(),
      ...pytorchModels.filter(({ refused }) => !refused).map(({ file }) => file),
    ],
    read: (file) => saveModel(importOnnx(file)),
    readAgain: (file) => saveModel(loadModel(file)),
    kinds: 50,
  },
];
