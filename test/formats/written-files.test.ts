import { describe, expect, test } from "vitest";
import { loadCheckpoint } from "../../src/formats/checkpoint.js";
import { saveModel } from "../../src/formats/model-file.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { allLayers, checkpointFiles } from "../helpers/files.js";

interface Field {
  readonly dtype: unknown;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * The tensors of a safetensors file, read in the plainest way there is and checked against every sentence under "Format"
 * in https://github.com/huggingface/safetensors.
 */
function tensorsOf(file: Uint8Array): Map<string, Tensor> {
  const bytes = Buffer.from(file);
  const length = Number(bytes.readBigUInt64LE(0));
  expect(length % 8).toBe(0); // not asked for, but then the numbers are aligned
  const header = bytes.toString("utf8", 8, 8 + length);
  expect(header).toMatch(/^\{.*\} *$/s); // padded with spaces alone
  const { __metadata__: metadata, ...fields } = JSON.parse(header) as Record<string, Field>;
  for (const text of Object.values(metadata ?? {})) expect(typeof text).toBe("string");

  const data = bytes.subarray(8 + length);
  const owners = new Uint8Array(data.length); // how many tensors have each byte
  const tensors = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data_offsets: offsets, ...more }] of Object.entries(fields)) {
    const [begin, end] = offsets;
    expect({ dtype, more }).toEqual({ dtype: "F32", more: {} });
    expect(end).toBeLessThanOrEqual(data.length);
    for (let i = begin; i < end; i++) owners[i]!++;
    const numbers = Array.from({ length: (end - begin) / 4 }, (_, i) => data.readFloatLE(begin + 4 * i));
    tensors.set(name, Tensor.from(numbers, shape));
  }
  expect(owners.every((count) => count === 1)).toBe(true); // neither overlaps nor holes
  return tensors;
}

describe("the safetensors format is", () => {
  test("what saveModel writes", () => {
    for (const model of allLayers()) {
      const weights = model.weights.map(({ name, value }) => [name, value] as const);
      expect(tensorsOf(saveModel(model))).toEqual(new Map(weights));
    }
  });

  test("what saveCheckpoint writes", async () => {
    for (const file of await checkpointFiles()) {
      const { model, state } = loadCheckpoint(file);
      const tensors = tensorsOf(file);
      for (const { name, value } of model.weights) expect(tensors.get(`model/${name}`)).toEqual(value);
      for (const [name, value] of state.optimizer.tensors) {
        expect(tensors.get(`optimizer/${name}`)).toEqual(value);
      }
    }
  });
});
