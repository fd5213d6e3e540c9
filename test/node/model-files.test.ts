import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saveCheckpoint } from "../../src/formats/checkpoint.js";
import { saveModel } from "../../src/formats/model-file.js";
import { Flatten } from "../../src/layers/flatten.js";
import { Sequential } from "../../src/model/sequential.js";
import type { TrainingState } from "../../src/model/training-state.js";
import { readCheckpoint, readModel, writeCheckpoint, writeModel } from "../../src/node/index.js";
import { bitsOf, line, smallDataset, smallNetwork } from "../helpers/models.js";

let folder: string;
let path: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tinyconv-models-"));
  path = join(folder, "model.safetensors");
});

afterAll(() => rmSync(folder, { recursive: true }));

class Mine extends Flatten {
  override readonly type = "Mine" as "Flatten";
}
const own = (): Sequential => new Sequential({ inputShape: [2, 2] }, [new Mine()]);

/** A training after its first epoch. */
async function trained(model: Sequential): Promise<TrainingState> {
  let saved: TrainingState | undefined;
  const save = {
    onCheckpoint: ({ logs, state }: { logs?: unknown; state: () => TrainingState }) => {
      if (logs) saved = state();
    },
  };
  await model.fit(smallDataset(4, 1), { callbacks: [save] });
  if (!saved) throw new Error("there was no epoch");
  return saved;
}

describe("writeModel and readModel", () => {
  test("give the model back, in the bytes of saveModel, and leave nothing beside the file", async () => {
    const model = smallNetwork(1);
    await writeModel(path, line(1, 2)); // which is replaced
    expect(await writeModel(path, model)).toBeUndefined();
    expect(new Uint8Array(readFileSync(path))).toEqual(saveModel(model));
    expect(bitsOf(await readModel(path))).toEqual(bitsOf(model));
    expect(readdirSync(folder)).toEqual(["model.safetensors"]);
  });

  test("take layers of one's own", async () => {
    await writeModel(path, own());
    expect((await readModel(path, { layers: { Mine } })).layers[0]).toBeInstanceOf(Mine);
    await expect(readModel(path)).rejects.toThrow(
      `${path}: Sequential.fromConfig: expected a layer type out of `,
    );
  });

  test("name the file in their errors", async () => {
    writeFileSync(path, "half");
    await expect(readModel(path)).rejects.toThrow(
      new Error(`${path}: decodeSafetensors: expected at least 8 bytes, got 4. The file is truncated.`),
    );
    await writeModel(path, line(Number.NaN, 0));
    await expect(readModel(path)).rejects.toThrow(
      `${path}: loadModel: expected finite weights, got NaN in "dense_1/kernel".`,
    );
    const nowhere = join(folder, "nowhere", "model.safetensors");
    await expect(readModel(nowhere)).rejects.toThrow(
      new Error(`Cannot read ${nowhere}: no such file or folder.`),
    );
    await expect(writeModel(nowhere, line(1, 2))).rejects.toThrow(
      new Error(`Cannot write ${nowhere}: no such file or folder.`),
    );
  });
});

describe("writeCheckpoint and readCheckpoint", () => {
  test("give the training back, in the bytes of saveCheckpoint", async () => {
    const model = smallNetwork(1);
    const state = await trained(model);
    await writeCheckpoint(path, model, state, "of a test");
    expect(new Uint8Array(readFileSync(path))).toEqual(saveCheckpoint(model, state, "of a test"));
    const read = await readCheckpoint(path);
    expect(read.notes).toBe("of a test");
    expect(read.state).toEqual(state);
    expect(bitsOf(read.model)).toEqual(bitsOf(model));
    await writeCheckpoint(path, model, state);
    expect((await readCheckpoint(path)).notes).toBe("");
  });

  test("take layers of one's own", async () => {
    const state = await trained(smallNetwork(1));
    await writeCheckpoint(path, own(), state);
    expect((await readCheckpoint(path, { layers: { Mine } })).model.layers[0]).toBeInstanceOf(Mine);
    await expect(readCheckpoint(path)).rejects.toThrow("expected a layer type out of ");
  });

  test("name the file in their errors", async () => {
    await writeModel(path, line(1, 2));
    await expect(readCheckpoint(path)).rejects.toThrow(
      new Error(
        `${path}: loadCheckpoint: expected a checkpoint saved by tinyconv, got a model saved by tinyconv. Read it with loadModel.`,
      ),
    );
    const taken = join(folder, "taken");
    mkdirSync(taken);
    await expect(readCheckpoint(taken)).rejects.toThrow(
      new Error(`Cannot read ${taken}: it is a folder, not a file.`),
    );
    const model = smallNetwork(1);
    await expect(writeCheckpoint(taken, model, await trained(model))).rejects.toThrow(
      new Error(`Cannot write ${taken}: it is a folder, not a file.`),
    );
  });

  test("refuse what is no model, in their own names", async () => {
    const none: unknown = {};
    const unwritten = join(folder, "unwritten");
    await expect(writeModel(unwritten, none as Sequential)).rejects.toThrow(
      new TypeError("writeModel: expected a Sequential, got an object."),
    );
    expect(existsSync(unwritten)).toBe(false);
  });
});
