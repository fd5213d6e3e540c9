import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadCheckpoint } from "../../src/formats/checkpoint.js";
import type { FitOptions } from "../../src/model/fit.js";
import { Checkpoints, type CheckpointsOptions } from "../../src/node/checkpoints.js";
import { unfinishedPath } from "../../src/node/unfinished-file.js";
import { SGD } from "../../src/optim/sgd.js";
import { bitsOf, smallDataset, smallNetwork } from "../helpers/models.js";

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "tinyconv-checkpoints-")), "checkpoints");
});

afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

const data = smallDataset(12, 1); // three batches of 4

/** Trains for two epochs with checkpoints, and gives the model. */
async function train(options: CheckpointsOptions = {}, fit: FitOptions = {}) {
  const checkpoints = await Checkpoints.create(folder, options);
  const model = smallNetwork(2);
  const { callbacks = [], ...rest } = fit;
  const optimizer = new SGD({ learningRate: 0.1, momentum: 0.5 });
  const history = await model
    .fit(data, { epochs: 2, batchSize: 4, optimizer, ...rest, callbacks: [...callbacks, checkpoints] })
    .catch((error: unknown) => error);
  return { model, checkpoints, history };
}

const names = () => readdirSync(folder).sort();
const read = (name: string) => loadCheckpoint(readFileSync(join(folder, name)));

describe("Checkpoints", () => {
  test("keep the last two, and the best", async () => {
    await train();
    expect(names()).toEqual(["best.safetensors", "step-00000003.safetensors", "step-00000006.safetensors"]);
    await train({ every: 1 });
    expect(names()).toEqual(["best.safetensors", "step-00000005.safetensors", "step-00000006.safetensors"]);
    expect(read("step-00000006.safetensors").state).toMatchObject({ epoch: 3, batch: 0, steps: 6 });
    expect(read("step-00000005.safetensors").state).toMatchObject({ epoch: 2, batch: 2, steps: 5 });
  });

  test("are there from before the first step on, with their notes", async () => {
    const seen: string[][] = [];
    await train({ notes: "of a test" }, { callbacks: [{ onBatchEnd: () => void seen.push(names()) }] });
    expect(seen[0]).toEqual(["step-00000000.safetensors"]);
    expect(read("step-00000006.safetensors").notes).toBe("of a test");
  });

  test("call that the best which has the lowest validation loss, or else training loss", async () => {
    const losses = async (fit: FitOptions) => {
      rmSync(folder, { recursive: true, force: true });
      const { history } = await train({}, { epochs: 4, ...fit });
      return {
        history: history as { loss: number[]; val_loss: number[] },
        best: read("best.safetensors").state,
      };
    };
    const plain = await losses({});
    expect(plain.best.epoch - 1).toBe(1 + plain.history.loss.indexOf(Math.min(...plain.history.loss)));
    // a rate that makes the loss rise: the first epoch is the best
    const optimizer = new SGD({ learningRate: 30 });
    const rising = await losses({ validationData: smallDataset(6, 9), optimizer });
    expect(rising.history.val_loss[3]).toBeGreaterThan(rising.history.val_loss[0]!);
    expect(rising.best.epoch - 1).toBe(
      1 + rising.history.val_loss.indexOf(Math.min(...rising.history.val_loss)),
    );
  });

  test("remove those of an earlier training, what a killed writer left, and nothing else", async () => {
    await train({ every: 1 });
    writeFileSync(join(folder, unfinishedPath("step-00000009.safetensors")), "half");
    writeFileSync(join(folder, "mine.txt"), "mine");
    await Checkpoints.resume(folder);
    expect(names()).toEqual([
      "best.safetensors",
      "mine.txt",
      "step-00000005.safetensors",
      "step-00000006.safetensors",
    ]);
    await Checkpoints.create(folder);
    expect(names()).toEqual(["mine.txt"]);
  });

  test("flush saves the step that training was broken off at", async () => {
    const stop = new AbortController();
    const abort = {
      onBatchEnd: ({ batch }: { batch: number }) => void (batch === 2 && stop.abort(new Error("enough"))),
    };
    const { checkpoints, history, model } = await train({}, { signal: stop.signal, callbacks: [abort] });
    expect(history).toEqual(new Error("enough"));
    expect(names()).toEqual(["step-00000000.safetensors"]);
    expect(await checkpoints.flush()).toBe(2);
    expect(names()).toEqual(["step-00000000.safetensors", "step-00000002.safetensors"]);
    expect(bitsOf(read("step-00000002.safetensors").model)).toEqual(bitsOf(model));
    expect(await checkpoints.flush()).toBe(2); // and not once more
  });

  test("flush saves nothing before training", async () => {
    const checkpoints = await Checkpoints.create(folder);
    expect(await checkpoints.flush()).toBeUndefined();
  });

  test("flush saves no weights of a step that has failed in its middle, and tells of the step before", async () => {
    const optimizer = new SGD({ learningRate: 0.1 });
    const breaking = {
      type: optimizer.type,
      iterations: 0,
      learningRate: 0.1,
      step: (parameters: Parameters<typeof optimizer.step>[0]) => {
        optimizer.step(parameters);
        if (optimizer.iterations === 3) throw new Error("broken");
      },
      saveState: optimizer.saveState.bind(optimizer),
    };
    const { checkpoints, history } = await train({ every: 2 }, { optimizer: breaking });
    expect(history).toEqual(new Error("broken"));
    expect(await checkpoints.flush()).toBe(2);
    expect(names()).toEqual(["step-00000000.safetensors", "step-00000002.safetensors"]);
  });

  test("end training with a clear error where one cannot be written, and leave the last one whole", async () => {
    const place = join(folder, "step-00000002.safetensors");
    const inTheWay = {
      onBatchEnd: ({ batch }: { batch: number }) =>
        void (batch === 2 && mkdirSync(join(place, "full"), { recursive: true })),
    };
    const { history } = await train({ every: 1 }, { callbacks: [inTheWay] });
    expect(history).toMatchObject({ message: `Cannot write ${place}: it is a folder, not a file.` });
    expect(names().filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(read("step-00000001.safetensors").state.steps).toBe(1);
  });

  test("end training with a clear error where an old one cannot be removed, and the new one is saved", async () => {
    const old = join(folder, "step-00000001.safetensors");
    const inTheWay = { onBatchEnd: () => void mkdirSync(old, { recursive: true }) };
    const { history } = await train({ every: 2 }, { callbacks: [inTheWay] });
    expect(history).toMatchObject({ message: `Cannot remove ${old}: it is a folder, not a file.` });
    expect(read("step-00000003.safetensors").state.steps).toBe(3);
  });

  test("refuse a folder that cannot be, and steps that are none", async () => {
    writeFileSync(join(folder, "..", "file"), "");
    const inFile = join(folder, "..", "file", "checkpoints");
    await expect(Checkpoints.create(inFile)).rejects.toThrow(
      new Error(`Cannot write ${inFile}: it is not a folder, or lies in something that is not one.`),
    );
    await expect(Checkpoints.create(folder, { every: 0 })).rejects.toThrow(
      new RangeError("Checkpoints.create: expected every to be a whole number >= 1, got 0 (number)."),
    );
  });

  test("refuse notes that could not be written", async () => {
    const notes: unknown = 3;
    await expect(Checkpoints.create(folder, { notes: notes as string })).rejects.toThrow(
      new TypeError("Checkpoints.create: expected notes to be a text, got 3 (number)."),
    );
    await expect(Checkpoints.resume(folder, { notes: "a\ud800" })).rejects.toThrow(
      new TypeError(
        'Checkpoints.resume: expected notes to be Unicode, got half a surrogate pair in "a\\ud800".',
      ),
    );
  });
});

describe("Checkpoints.resume", () => {
  test("reads the newest, and goes on saving with its notes", async () => {
    await train({ every: 1, notes: "of a test" });
    const { path, state, damaged, notes, model, checkpoints } = (await Checkpoints.resume(folder))!;
    expect(path).toBe(join(folder, "step-00000006.safetensors"));
    expect({ steps: state.steps, damaged, notes }).toEqual({ steps: 6, damaged: [], notes: "of a test" });
    const optimizer = new SGD({ learningRate: 0.1, momentum: 0.5 });
    await model.fit(data, { epochs: 3, batchSize: 4, optimizer, callbacks: [checkpoints], resume: state });
    expect(names()).toEqual(["best.safetensors", "step-00000006.safetensors", "step-00000009.safetensors"]);
    expect(read("step-00000009.safetensors").notes).toBe("of a test");
  });

  test("reads the one before where the newest is damaged, says why, and keeps what comes after", async () => {
    await train({ every: 1 });
    const newest = join(folder, "step-00000006.safetensors");
    writeFileSync(newest, readFileSync(newest).subarray(0, 5));
    const { state, damaged, model, checkpoints } = (await Checkpoints.resume(folder, { every: 1 }))!;
    expect(state.steps).toBe(5);
    const reason = `${newest}: decodeSafetensors: expected at least 8 bytes, got 5. The file is truncated.`;
    expect(damaged.map(({ message }) => message)).toEqual([reason]);
    // the damaged one goes when the first of the new ones is there, and not one of those
    const seen: string[][] = [];
    const watcher = { onBatchEnd: () => void seen.push(names()) };
    const optimizer = new SGD({ learningRate: 0.1, momentum: 0.5 });
    await model.fit(data, {
      epochs: 2,
      batchSize: 4,
      optimizer,
      callbacks: [checkpoints, watcher],
      resume: state,
    });
    expect(seen).toEqual([["best.safetensors", "step-00000005.safetensors"]]);
    expect(names()).toEqual(["best.safetensors", "step-00000005.safetensors", "step-00000006.safetensors"]);

    for (const name of names()) writeFileSync(join(folder, name), "half");
    await expect(Checkpoints.resume(folder)).rejects.toThrow(
      new Error(`${newest}: decodeSafetensors: expected at least 8 bytes, got 4. The file is truncated.`),
    );
  });

  test("finds nothing in a folder without checkpoints, or where there is none", async () => {
    expect(await Checkpoints.resume(folder)).toBeUndefined();
    await Checkpoints.create(folder);
    expect(await Checkpoints.resume(folder)).toBeUndefined();
  });

  test("does not take a folder that cannot be looked into for one that is not there", async () => {
    const file = join(folder, "..", "file");
    writeFileSync(file, "");
    const below = join(file, "checkpoints");
    await expect(Checkpoints.resume(below)).rejects.toThrow(
      new Error(`Cannot read ${below}: it is not a folder, or lies in something that is not one.`),
    );
  });

  test("refuses steps that are none even where there is nothing to read", async () => {
    await expect(Checkpoints.resume(folder, { every: 0.5 })).rejects.toThrow(
      new RangeError("Checkpoints.resume: expected every to be a whole number >= 1, got 0.5 (number)."),
    );
  });
});
