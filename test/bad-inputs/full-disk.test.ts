import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadCheckpoint } from "../../src/formats/checkpoint.js";
import type { History } from "../../src/model/history.js";
import type { Sequential } from "../../src/model/sequential.js";
import type { TrainingState } from "../../src/model/training-state.js";
import { Checkpoints } from "../../src/node/checkpoints.js";
import { Adam } from "../../src/optim/adam.js";
import { bitsOf, smallDataset, smallNetwork } from "../helpers/models.js";

// how many operations were asked of the disk, which of them it refuses, and the file of the last one that it refused
const disk = vi.hoisted(() => ({
  operations: 0,
  isFull: (_operation: number): boolean => false,
  refused: "",
}));

vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  /** Counts an operation on a file, or on the unfinished one that is to take its place. */
  const act = (file: unknown) => {
    if (!disk.isFull(++disk.operations)) return;
    disk.refused = String(file).replace(/\.[0-9a-f-]+\.tmp$/, "");
    throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  };
  return {
    ...original,
    open: async (...args: Parameters<typeof original.open>) => {
      const [file] = args;
      act(file);
      const handle = await original.open(...args);
      const { close, writeFile } = handle;
      handle.writeFile = async (data) => {
        try {
          act(file);
        } catch (error) {
          await writeFile.call(handle, (data as Uint8Array).subarray(0, 100)); // what there was room for
          throw error;
        }
        await writeFile.call(handle, data);
      };
      handle.sync = async () => act(file);
      handle.close = async () => {
        await close.call(handle); // in any case, so that none stays open
        act(file);
      };
      return handle;
    },
    rename: async (...args: Parameters<typeof original.rename>) => act(args[0]) ?? original.rename(...args),
    mkdir: async (...args: Parameters<typeof original.mkdir>) => act(args[0]) ?? original.mkdir(...args),
  };
});

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "tinyconv-full-")), "checkpoints");
  disk.operations = 0;
  disk.isFull = () => false;
});

afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

const data = smallDataset(12, 1);

/** Two epochs of two steps; saved before the first step, after the third one and after each epoch. */
async function train(state?: TrainingState, model = smallNetwork(2), resumed?: Checkpoints) {
  let checkpoints = resumed;
  let history: History | undefined;
  let error: unknown;
  try {
    checkpoints ??= await Checkpoints.create(folder, { every: 3 });
    const options = { epochs: 2, batchSize: 6, optimizer: new Adam({ learningRate: 0.01 }) };
    history = await model.fit(data, { ...options, callbacks: [checkpoints], resume: state });
  } catch (reason) {
    error = reason;
  }
  return { model, checkpoints, history, error };
}

const names = () => readdirSync(folder).sort();
const read = (name: string) => loadCheckpoint(readFileSync(join(folder, name)));

/** All that is the same whenever and wherever the training runs: not its times. */
const result = (model: Sequential, history: History | undefined) => ({
  bits: bitsOf(model),
  losses: history?.loss,
  files: names(),
  best: bitsOf(read("best.safetensors").model),
});

/** Goes on from the last checkpoint, and gives the result. */
async function resume() {
  const { checkpoints, ...saved } = (await Checkpoints.resume(folder, { every: 3 }))!;
  const { model, history } = await train(saved.state, saved.model, checkpoints);
  return result(model, history);
}

/** What comes of a training on a disk that has room, and of how many operations on the disk. */
async function trainWithRoom() {
  const { model, history } = await train();
  const [expected, { operations }] = [result(model, history), { ...disk }];
  rmSync(folder, { recursive: true });
  return { expected, operations };
}

/** The error names the file; where the folder's list of names could not be written, that of which the name is new. */
const noSpace = () => {
  const inFolder = `^Cannot write ${folder}/\\S+: no space left on the disk\\. It is in its place, but may not be on the disk yet\\.$`;
  const message = `^Cannot write ${disk.refused}: no space left on the disk\\.$`;
  return {
    message: expect.stringMatching(new RegExp(disk.refused === folder ? `${inFolder}|${message}` : message)),
  };
};

describe("a disk that is full", () => {
  // for good, or until somebody has made room
  const kinds: [string, (k: number) => (operation: number) => boolean][] = [
    ["from", (k) => (operation) => operation >= k],
    ["only at", (k) => (operation) => operation === k],
  ];

  test.each(kinds)(
    "%s any operation ends training with a clear error, and the last checkpoint leads to the same end",
    async (_, isFullAt) => {
      const { expected, operations } = await trainWithRoom();
      expect(operations).toBeGreaterThan(40);
      let refusals = 0;
      for (let k = 1; k <= operations; k++) {
        disk.operations = 0;
        disk.isFull = isFullAt(k);
        const { model, history, error } = await train();
        // a folder that cannot be put onto the disk is no failure: the file is in its place
        if (error === undefined) expect(result(model, history)).toEqual(expected);
        else {
          refusals++;
          expect(error).toMatchObject(noSpace());
        }
        disk.isFull = () => false;

        const left = k === 1 ? [] : names(); // at first there is not even the folder
        for (const name of left) expect(read(name).state.steps).toBeLessThanOrEqual(model.steps);
        if (left.length > 0) expect(await resume()).toEqual(expected);
        else expect({ error, steps: model.steps }).toEqual({ error: expect.any(Error), steps: 0 });
        rmSync(folder, { recursive: true, force: true });
      }
      expect(refusals).toBeGreaterThan(20);
    },
  );

  test("at any operation, and then has room, gets the step that training ended at by flush", async () => {
    const { expected, operations } = await trainWithRoom();
    for (let k = 2; k <= operations; k++) {
      disk.operations = 0;
      disk.isFull = (operation) => operation >= k;
      const { model, checkpoints, error } = await train();
      if (error === undefined) continue;
      expect(await checkpoints?.flush().catch((error: unknown) => error)).toMatchObject(noSpace());
      disk.isFull = () => false;
      expect(await checkpoints?.flush()).toBe(model.steps);
      const saved = (await Checkpoints.resume(folder))!;
      expect(saved.state.steps).toBe(model.steps);
      expect(bitsOf(saved.model)).toEqual(bitsOf(model));
      expect(await resume()).toEqual(expected);
      rmSync(folder, { recursive: true });
    }
  });
});
