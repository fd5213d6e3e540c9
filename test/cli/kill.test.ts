import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCheckpoint } from "../../src/formats/checkpoint.js";
import { Random } from "../../src/tensor/random.js";
import { bands, PROGRAM, runProgram, writeBands } from "../helpers/program.js";

/** How many processes are killed; `npm run kills` kills more. */
const KILLS = Number(process.env.KILLS ?? 5);

// all that a checkpoint holds is in use: AdamW, one cycle, averaged weights, batch statistics, augmentation, validation
const OPTIONS =
  "train --data digits --model compact --epochs 5 --batch-size 8 --validation-split 0.2 --checkpoint-every 3"
    .split(" ")
    .concat("--threads", "1", "--no-report", "--quiet", "--out");

let cwd: string;
let wholeSeconds: number;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "tinyconv-kill-"));
  const train = bands(300);
  writeBands(join(cwd, "digits"), {
    "train-images-idx3-ubyte": train.images,
    "train-labels-idx1-ubyte": train.labels,
  });
  const begin = performance.now();
  expect(await runProgram([...OPTIONS, "whole"], { cwd })).toMatchObject({ exitCode: 0, stderr: "" });
  wholeSeconds = (performance.now() - begin) / 1000;
});

afterAll(() => rmSync(cwd, { recursive: true }));

/** Starts the program, and kills it after so many seconds, unless it has come to its end before. */
function runAndKill(args: readonly string[], seconds: number): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, stdio: "ignore" });
  const timer = setTimeout(() => child.kill("SIGKILL"), 1000 * seconds);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const model = (out: string) => readFileSync(join(cwd, out, "model.safetensors"));
const checkpointsOf = (out: string) => {
  const folder = join(cwd, out, "checkpoints");
  return readdirSync(folder)
    .filter((name) => /^step-\d+\.safetensors$/.test(name))
    .map((name) => readFileSync(join(folder, name)));
};

// Windows has no signals, but kill ends the process there as well
describe("a run that is killed", () => {
  const random = new Random(Number(process.env.KILL_SEED ?? 1));
  const moments = Array.from({ length: KILLS }, () => random.uniform(0.15, 1));

  test.each(moments)(
    "at %f of its time, and resumed, ends with the bits of one that was not",
    async (moment) => {
      const out = `killed-${moment}`;
      await runAndKill([...OPTIONS, out], moment * wholeSeconds);
      // killed once more while it goes on
      await runAndKill(["train", "--resume", out, "--quiet", "--no-report"], 0.5 * wholeSeconds);
      let left: Uint8Array[] = [];
      try {
        left = checkpointsOf(out);
      } catch {
        // it was killed before it had made the folder
      }
      // whatever the moment: what has the name of a checkpoint is whole
      for (const bytes of left) expect(loadCheckpoint(bytes).state.steps).toBeGreaterThanOrEqual(0);
      const resumed = await runProgram(["train", "--resume", out, "--quiet", "--no-report"], { cwd });
      if (left.length === 0) {
        expect(resumed).toMatchObject({ exitCode: 2 });
        return;
      }
      expect(resumed).toMatchObject({ exitCode: 0, stderr: "" });
      expect(model(out).equals(model("whole"))).toBe(true);
      expect(readdirSync(join(cwd, out, "checkpoints")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    },
    60_000,
  );
});
