import assert from "node:assert/strict";
import { type Ran, runProgram } from "../../test/helpers/program.js";
import { commandFor, expectSameEnd, expectSuccess, newestStep, trainUndisturbed } from "./runs.js";
import { sideBySide } from "./side-by-side.js";

/** What a process has little of, in MB. */
export const SCARCITIES = {
  /** All memory that has addresses: what the system gives a process at most. */
  addresses: {
    within: (megabytes: number): readonly string[] => [
      ...["sh", "-c", 'ulimit -v "$1" && shift && exec "$@"', "sh"],
      String(1024 * megabytes),
    ],
    execArgv: (): readonly string[] => [],
  },
  /** The heap of the engine, in which objects are, but not the elements of arrays. */
  heap: {
    within: (): readonly string[] => [],
    execArgv: (megabytes: number): readonly string[] => [`--max-old-space-size=${megabytes}`],
  },
} as const;

export interface LittleMemoryOptions {
  /** An empty folder. */
  readonly cwd: string;
  readonly scarce: keyof typeof SCARCITIES;
  /** What each process has, in MB. */
  readonly megabytes: readonly number[];
  readonly log?: (line: string) => void;
}

/** How a training has ended: with the same bits, with an error of the library's, or because Node gave up. */
const ENDS = ["whole", "error", "before the first checkpoint", "after a checkpoint"] as const;

/** Trainings, by their end; those that Node has ended by what there was. */
export type LittleMemory = Readonly<Record<(typeof ENDS)[number], number>>;

// batches that take some megabytes, next to a process that does with few
const OPTIONS =
  "train --data digits --model lenet --epochs 3 --batch-size 400 --validation-split 0.2 --checkpoint-every 1";

/** Longer than any of these trainings takes, in seconds. */
const PATIENCE = 120;

/** What the library may say of less memory, and then go on. */
const WARNING =
  /^tinyconv: (?:WebAssembly SIMD is not to be had here|a worker thread failed|the memory of the SIMD kernels is full)/;
const ERROR =
  /^tinyconv: .*(?:expected a shape that fits into memory, got \[|there is not enough memory for it)/;

/**
 * Trains with the program in processes with little memory, on one thread and on two in turn, and goes on where one did not come
 * to its end, or begins anew, with all the memory there is.
 *
 * @throws AssertionError unless each comes to an end of its own: with the bits of a training that nothing was in the way of, or
 * with a clear error, or because Node itself gives up, as it does where it has no memory for itself; every checkpoint is
 * whole; and the training that is gone on with ends with the same bits.
 */
export async function trainWithLittleMemory(options: LittleMemoryOptions): Promise<LittleMemory> {
  const { cwd, scarce, megabytes, log } = options;
  const { within, execArgv } = SCARCITIES[scarce];
  const args = [...OPTIONS.split(" "), "--quiet", "--no-report"];
  const whole = await trainUndisturbed(cwd, args, 1000);

  const attempt = async (mb: number, i: number): Promise<(typeof ENDS)[number]> => {
    const out = `little-${i}`;
    const what = `${scarce}, ${mb} MB`;
    const begin = performance.now();
    const ran = await runProgram([...commandFor(whole, out, -1), "--threads", String(1 + (i % 2))], {
      ...{ cwd, within: within(mb), execArgv: execArgv(mb) },
      ...{ timeout: 1000 * PATIENCE, env: { TINYCONV_THREADS: "", TINYCONV_BACKEND: "" } },
    });
    assert(performance.now() - begin < 1000 * PATIENCE, `${what}: it hangs`);
    const step = newestStep(whole, out, -1); // throws where one is damaged
    const gaveUp = isAbort(ran);
    if (!gaveUp) expectClear(ran, what);
    if (ran.exitCode !== 0) expectSuccess(await runProgram(commandFor(whole, out, step), { cwd }));
    expectSameEnd(whole, out);
    const end = gaveUp ? (step < 0 ? "before the first checkpoint" : "after a checkpoint") : undefined;
    log?.(`${what}: exit code ${ran.exitCode}, ${step < 0 ? "no checkpoint" : `step ${step}`}`);
    return end ?? (ran.exitCode === 0 ? "whole" : "error");
  };
  const ends = await sideBySide([...megabytes.entries()], 2, ([i, mb]) => attempt(mb, i));
  const count = (end: (typeof ENDS)[number]): number => ends.filter((other) => other === end).length;
  return Object.fromEntries(ENDS.map((end) => [end, count(end)])) as LittleMemory;
}

/** True where Node has ended itself: of a signal, or on Windows with such a code, telling of its state, not of the cause. */
function isAbort({ exitCode }: Ran): boolean {
  return exitCode === null || exitCode >= 128;
}

/** @throws AssertionError unless what is said is a warning of the library's, and in the end, with an error, what was missing. */
function expectClear({ exitCode, stderr }: Ran, what: string): void {
  const lines = stderr.split("\n").filter((line) => line !== "");
  if (exitCode !== 0) assert.match(lines.pop() ?? "", ERROR, `${what}: exit code ${exitCode}`);
  for (const line of lines) assert.match(line, WARNING, what);
}
