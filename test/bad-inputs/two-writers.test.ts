import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadCheckpoint } from "../../src/formats/checkpoint.js";
import { Checkpoints } from "../../src/node/checkpoints.js";
import { bitsOf, smallDataset, smallNetwork } from "../helpers/models.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tinyconv-two-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const LENGTH = 300_000; // more than a disk takes in one piece

/** Writes the file in a process of its own, 30 times; fails with what that has printed. */
function writeInProcess(path: string, letter: string): Promise<void> {
  const writer = resolve("test/helpers/atomic-writer.ts");
  const child = spawn(process.execPath, ["--import", "tsx", writer, path, letter, String(LENGTH), "30"]);
  let printed = "";
  child.stderr.on("data", (text: Buffer) => {
    printed += text.toString();
  });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (exitCode) => (exitCode === 0 ? done() : fail(new Error(printed))));
  });
}

// Windows refuses to replace a file while somebody else opens it, which the writer tells of
describe.skipIf(process.platform === "win32")("two processes that write one file", () => {
  test("leave it whole at any time, and nothing beside it", async () => {
    const path = join(folder, "a");
    let isDone = false;
    const writers = Promise.all(["x", "y"].map((letter) => writeInProcess(path, letter))).finally(() => {
      isDone = true;
    });
    const whole = ["x", "y"].map((letter) => letter.repeat(LENGTH));
    const seen = new Set<string>();
    while (!isDone) {
      await setTimeout(1);
      if (!existsSync(path)) continue; // the processes have only started
      const text = readFileSync(path, "utf8");
      expect(whole.includes(text)).toBe(true);
      seen.add(text);
    }
    await writers;
    expect(seen.size).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual(["a"]);
  });
});

test("two trainings that save in one folder leave checkpoints of which each is whole, and of one of them", async () => {
  const data = smallDataset(12, 1);
  const savers = [
    await Checkpoints.create(folder, { every: 1 }),
    await Checkpoints.create(folder, { every: 1 }),
  ];
  /** Trains, and gives the weights after each step. */
  const train = async (checkpoints: Checkpoints, seed: number) => {
    const model = smallNetwork(seed);
    const weights = [bitsOf(model)];
    const watch = { onBatchEnd: () => void weights.push(bitsOf(model)) };
    await model.fit(data, { epochs: 3, batchSize: 4, callbacks: [watch, checkpoints] });
    return weights;
  };
  const weights = await Promise.all(savers.map(train));
  const names = readdirSync(folder).sort();
  expect(names).toEqual(["best.safetensors", "step-00000008.safetensors", "step-00000009.safetensors"]);
  for (const name of names) {
    const { model, state } = loadCheckpoint(readFileSync(join(folder, name)));
    expect(weights.map((steps) => steps[state.steps])).toContainEqual(bitsOf(model));
  }
  const { model, state, damaged } = (await Checkpoints.resume(folder))!;
  expect(damaged).toEqual([]);
  const history = await model.fit(data, { epochs: 4, batchSize: 4, resume: state });
  expect(history.loss).toHaveLength(4);
});
