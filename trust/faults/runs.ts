import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadCheckpoint } from "../../src/formats/checkpoint.js";
import { bands, type Ran, runProgram, writeBands } from "../../test/helpers/program.js";

/** A training of the program, in a folder with its images. */
export interface TrainingRun {
  readonly cwd: string;
  /** Trains in the folder `out`, which is left away here. */
  readonly args: readonly string[];
  /** The model that it ends with where nothing happens. */
  readonly model: Buffer;
  /** How long that takes, from the start of the process, in seconds. */
  readonly seconds: number;
  /** And from its first word on, which it says, unless it is quiet, when it is about to train. */
  readonly trainingSeconds: number;
}

/** Writes so many training images, and trains undisturbed, in the folder `whole`. */
export async function trainUndisturbed(
  cwd: string,
  args: readonly string[],
  images: number,
): Promise<TrainingRun> {
  const train = bands(images);
  writeBands(join(cwd, "digits"), {
    "train-images-idx3-ubyte": train.images,
    "train-labels-idx1-ubyte": train.labels,
  });
  const begin = performance.now();
  let word: number | undefined;
  const onOutput = (): void => {
    word ??= performance.now();
  };
  expectSuccess(await runProgram([...args, "--out", "whole"], { cwd, onOutput }));
  const end = performance.now();
  const [seconds, trainingSeconds] = [(end - begin) / 1000, (end - (word ?? begin)) / 1000];
  return {
    cwd,
    args,
    seconds,
    trainingSeconds,
    model: readFileSync(join(cwd, "whole", "model.safetensors")),
  };
}

/** The command that begins a run in the folder, or goes on with it, for as often as it has to be given. */
export function commandFor({ args }: TrainingRun, out: string, steps: number): readonly string[] {
  if (steps < 0) return [...args, "--out", out];
  return ["train", "--resume", out, ...args.filter((arg) => ["--quiet", "--no-report"].includes(arg))];
}

/**
 * The step of the newest checkpoint in the folder of a run; -1 where there is none.
 *
 * @throws unless each that has the name of a checkpoint is whole, and there is one at least as new as `before`.
 */
export function newestStep({ cwd }: TrainingRun, out: string, before: number): number {
  const folder = join(cwd, out, "checkpoints");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const steps = names
    .filter((name) => name.endsWith(".safetensors"))
    .map((name) => [name, loadCheckpoint(readFileSync(join(folder, name))).state.steps] as const)
    .filter(([name]) => name.startsWith("step-"))
    .map(([, step]) => step);
  const newest = Math.max(-1, ...steps);
  assert(newest >= before, `expected a checkpoint of step ${before} or later in ${folder}, got ${newest}`);
  return newest;
}

/** @throws unless the run has ended with the bits of the undisturbed one, and left nothing unfinished. */
export function expectSameEnd({ cwd, model }: TrainingRun, out: string): void {
  const folder = join(cwd, out);
  assert(readFileSync(join(folder, "model.safetensors")).equals(model), `${out}: other bits in the end`);
  assert.deepEqual(unfinishedIn(folder), []);
}

/** The unfinished files in a folder and those in it. */
export function unfinishedIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tmp"));
}

export function expectSuccess({ exitCode, stderr }: Ran): void {
  assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: "" });
}
