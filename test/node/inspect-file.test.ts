import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saveCheckpoint } from "../../src/formats/checkpoint.js";
import { saveModel } from "../../src/formats/model-file.js";
import { exportOnnx } from "../../src/formats/onnx/export-onnx.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.js";
import { weightBytes } from "../../src/formats/weight-bytes.js";
import type { TrainingState } from "../../src/model/training-state.js";
import { inspectFile } from "../../src/node/inspect-file.js";
import { sha256 } from "../../src/node/inspect-tensors.js";
import { Adam } from "../../src/optim/adam.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { smallDataset, smallNetwork } from "../helpers/models.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tinyconv-inspect-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What is told of a file with these bytes. */
const inspect = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return inspectFile(path);
};

const model = smallNetwork(1);
const weightsSha256 = sha256([weightBytes(model)]);

/** The file with another text in its metadata, or a tensor changed. */
const changed = (bytes: Uint8Array, texts: Record<string, string>, tensors: [string, Tensor][] = []) => {
  const file = decodeSafetensors(bytes);
  for (const [name, tensor] of tensors) file.tensors.set(name, tensor);
  return encodeSafetensors(file.tensors, { ...Object.fromEntries(file.metadata), ...texts });
};

async function checkpoint(): Promise<Uint8Array> {
  const trained = smallNetwork(1);
  let state: TrainingState | undefined;
  await trained.fit(smallDataset(10, 1), {
    epochs: 2,
    batchSize: 5,
    optimizer: new Adam(),
    callbacks: [
      {
        onCheckpoint(event) {
          state = event.state();
        },
      },
    ],
  });
  return saveCheckpoint(trained, state!, "notes");
}

describe("inspectFile", () => {
  test("knows each kind by its content, whatever the file is called", async () => {
    expect(await inspect("a.onnx", saveModel(model))).toMatchObject({ kind: "model", version: "1" });
    expect(await inspect("b.txt", await checkpoint())).toMatchObject({ kind: "checkpoint", version: "1" });
    expect(await inspect("c.safetensors", exportOnnx(model))).toMatchObject({ kind: "onnx" });
    const other = encodeSafetensors(new Map([["a", new Tensor([2])]]), { format: "pt" });
    expect(await inspect("d", other)).toMatchObject({ kind: "safetensors", tensors: [{ name: "a" }] });
  });

  test("tells of the file, and of each tensor in it", async () => {
    const bytes = saveModel(model);
    const told = await inspect("model.safetensors", bytes);
    expect(told).toMatchObject({ bytes: bytes.length, sha256: sha256([bytes]) });
    expect(told.problem).toBeUndefined();
    expect(told.tensors[1]).toEqual({
      name: "conv2d_1/bias",
      type: "F32",
      shape: [2],
      elements: 2,
      sha256: sha256([new Uint8Array(8)]),
      notFinite: 0,
    });
    expect(told.model?.getWeights()).toEqual(model.getWeights());
  });

  test("finds the same weights in a model, in its ONNX file and in its checkpoint", async () => {
    expect((await inspect("same", saveModel(model))).weightsSha256).toBe(weightsSha256);
    expect((await inspect("same", exportOnnx(model))).weightsSha256).toBe(weightsSha256);
    const bytes = await checkpoint();
    const told = await inspect("same", bytes);
    expect(told.weightsSha256).not.toBe(weightsSha256); // it was trained on
    expect(told.weightsSha256).toBe(sha256([weightBytes(told.model!)]));
  });

  test("tells where the training of a checkpoint is", async () => {
    const { training } = await inspect("checkpoint", await checkpoint());
    expect(training).toMatchObject({ notes: "notes", state: { epoch: 3, batch: 0, steps: 4 } });
  });

  test("tells why there is no model, and of all else, with the hash of the weights as they lie", async () => {
    const bias = new Tensor([2], Float32Array.of(1, Number.NaN));
    const broken = await inspect("nan", changed(saveModel(model), {}, [["conv2d_1/bias", bias]]));
    expect(broken).toMatchObject({ kind: "model" });
    expect(broken.model).toBeUndefined();
    expect(broken.problem).toMatch(/^loadModel: expected finite weights, got NaN in "conv2d_1\/bias"\. /);
    expect(broken.tensors[1]).toMatchObject({ name: "conv2d_1/bias", notFinite: 1 });

    const newer = await inspect("newer", changed(saveModel(model), { version: "2" }));
    expect(newer).toMatchObject({ version: "2", weightsSha256 });
    expect(newer.problem).toBe(
      'loadModel: expected format version "1", got "2". A newer tinyconv may read it.',
    );

    const trained = await checkpoint();
    const { weightsSha256: right } = await inspect("right", trained);
    const unreadable = await inspect("state", changed(trained, { training: "{" }));
    expect(unreadable).toMatchObject({ kind: "checkpoint", weightsSha256: right });
    expect(unreadable.training).toBeUndefined();
    expect(unreadable.problem).toMatch(/^loadCheckpoint: /);
  });

  test("tells of the model in the folder of a run", async () => {
    const run = join(folder, "run");
    mkdirSync(run);
    await expect(inspectFile(run)).rejects.toThrow(
      new Error(
        `Cannot read ${join(run, "model.safetensors")}: no such file or folder. Give the folder of a run that was finished, or one of the files in it.`,
      ),
    );
    writeFileSync(join(run, "model.safetensors"), saveModel(model));
    expect(await inspectFile(run)).toMatchObject({ file: join(run, "model.safetensors"), weightsSha256 });
  });

  test.each([
    [
      "text",
      new TextEncoder().encode("PK.."),
      "expected a safetensors or an ONNX file, got the bytes 50 4b 2e 2e. It is cut short, or of another kind.",
    ],
    [
      "nothing",
      new Uint8Array(0),
      "expected a safetensors or an ONNX file, got an empty file. It is cut short, or of another kind.",
    ],
    [
      "an ONNX file that is cut short",
      exportOnnx(model).subarray(0, -1),
      "inspectOnnx: expected a protocol buffer, got bytes that are none. The file is truncated, damaged or of another kind.",
    ],
    [
      "a model that is cut short",
      saveModel(model).subarray(0, -1),
      'inspectFile: expected tensor "dense_1/bias" to have dtype, shape and data_offsets within 187 bytes of data, got [176, 188]. The file is damaged.',
    ],
  ])("refuses %s, and names the file", async (_, bytes, message) => {
    await expect(inspect("other", bytes)).rejects.toThrow(new Error(`${join(folder, "other")}: ${message}`));
  });

  test("says which file is missing", async () => {
    await expect(inspectFile("nowhere")).rejects.toThrow(
      new Error("Cannot read nowhere: no such file or folder."),
    );
  });
});
