import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { idxImages, idxLabels } from "./idx.js";

/** The built program. */
export const PROGRAM = resolve(import.meta.dirname, "..", "..", "dist", "cli", "main.js");

/** What a run of the program left behind. */
export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** @default PROGRAM */
  readonly program?: string;
  /** Options of Node. @default [] */
  readonly execArgv?: readonly string[];
  /** A command that runs the command behind it, as `nice`. @default none */
  readonly within?: readonly string[];
  /** Milliseconds after which the process is killed: it has hung. @default never */
  readonly timeout?: number;
  /** Called with each piece of stdout as it comes. */
  readonly onOutput?: (child: ChildProcessWithoutNullStreams, text: string) => void;
}

/** Runs the program as a user does, in a process of its own, and waits for its end. */
export function runProgram(
  args: readonly string[],
  { cwd, env, program = PROGRAM, execArgv = [], within = [], timeout, onOutput }: RunOptions,
): Promise<Ran> {
  const [command = process.execPath, ...before] = [...within, process.execPath];
  const child = spawn(command, [...before, ...execArgv, program, ...args], {
    cwd,
    env: { ...process.env, ...env },
    timeout,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    onOutput?.(child, text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (exitCode) => done({ exitCode, stdout, stderr }));
  });
}

/** Easy images of `side` x `side`, ten classes in turn: the one of class k has a white band in rows 2k to 2k + 3. */
export function bands(n: number, side = 28): { images: Uint8Array; labels: Uint8Array } {
  const pixels = new Uint8Array(n * side * side);
  const labels = Uint8Array.from({ length: n }, (_, i) => i % 10);
  for (const [i, k] of labels.entries()) {
    const start = i * side * side + 2 * k * side;
    pixels.fill(255, start, start + 4 * side);
  }
  return { images: idxImages(n, side, side, pixels), labels: idxLabels(labels) };
}

/** Writes the four IDX files of 40 training and 20 test images, or others in their place; `undefined` leaves one out. */
export function writeBands(
  folder: string,
  changes: Readonly<Record<string, Uint8Array | undefined>> = {},
): string {
  const train = bands(40);
  const test = bands(20);
  const files = {
    "train-images-idx3-ubyte": train.images,
    "train-labels-idx1-ubyte": train.labels,
    "t10k-images-idx3-ubyte": test.images,
    "t10k-labels-idx1-ubyte": test.labels,
    ...changes,
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) if (bytes) writeFileSync(join(folder, name), bytes);
  return folder;
}
