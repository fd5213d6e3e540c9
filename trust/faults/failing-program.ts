import assert from "node:assert/strict";
import { join } from "node:path";
import { runProgram } from "../../test/helpers/program.js";
import { DISK_ERRORS, type DiskCall, type DiskError } from "./disk.js";
import { runHooked } from "./hooked.js";
import { commandFor, expectSameEnd, expectSuccess, newestStep, trainUndisturbed } from "./runs.js";
import { sideBySide } from "./side-by-side.js";

export interface FailingProgramOptions {
  /** An empty folder. */
  readonly cwd: string;
  /** From one call that fails to the next. */
  readonly stride: number;
  readonly log?: (line: string) => void;
}

export interface FailingProgram {
  /** Calls to the disk of a run that nothing comes in the way of. */
  readonly calls: number;
  /** Runs by their exit codes. */
  readonly exitCodes: ReadonlyMap<number, number>;
}

const OPTIONS =
  "train --data digits --model lenet --epochs 1 --batch-size 8 --checkpoint-every 2 --threads 1 --quiet --no-report";

/**
 * Trains with the program as often as it makes calls to the disk, and lets another one fail each time; then goes on.
 *
 * @throws AssertionError unless the exit code is 2 before training and 1 later, or 0 where the call was not needed; one line
 * on stderr names a file of the run and says what went wrong; every checkpoint is whole; and the run, gone on with or begun
 * anew, ends with the bits of one that was left alone.
 */
export async function failProgram({ cwd, stride, log }: FailingProgramOptions): Promise<FailingProgram> {
  const whole = await trainUndisturbed(cwd, OPTIONS.split(" "), 40);
  const codes = Object.keys(DISK_ERRORS) as DiskError[];
  const hooked = (out: string, k: number, act: DiskError) =>
    runHooked(
      commandFor(whole, out, -1),
      { cwd },
      { folder: join(cwd, out), log: join(cwd, `${out}.calls`), k, act },
    );

  const { calls } = await hooked("counted", 0, "EIO");
  const first = calls.findIndex(isOfFirstCheckpoint) + 1;
  const saved = calls.findIndex((call) => call.name === "rename" && isOfFirstCheckpoint(call)) + 1;
  const exitCodes = new Map<number, number>();
  const fail = async (k: number): Promise<void> => {
    const out = `failed-${k}`;
    const code = codes[k % codes.length]!;
    const { exitCode, stderr, calls: made } = await hooked(out, k, code);
    const { name, path } = made[k - 1]!;
    const what = `${code} at call ${k}, ${name} ${path}`;
    assert(exitCode !== null, `${what}: no exit code`);
    exitCodes.set(exitCode, (exitCodes.get(exitCode) ?? 0) + 1);
    if (exitCode !== 0) {
      assert.equal(exitCode, k < first ? 2 : 1, what);
      expectClear(stderr, out, code, what);
      const step = newestStep(whole, out, k <= saved ? -1 : 0);
      expectSuccess(await runProgram(commandFor(whole, out, step), { cwd }));
    }
    expectSameEnd(whole, out);
    log?.(`${what}: ${exitCode}`);
  };
  const all = Array.from(calls, (_, i) => i + 1);
  const chosen = all.filter((k) => (k - 1) % stride === 0);
  await sideBySide(chosen, 2, fail);
  return { calls: calls.length, exitCodes };
}

/** The first call after those that are there to find out whether one can write. */
function isOfFirstCheckpoint({ path }: DiskCall): boolean {
  return path.includes("step-");
}

function expectClear(stderr: string, out: string, code: DiskError, what: string): void {
  const [line = "", ...more] = stderr.trimEnd().split("\n");
  assert.deepEqual(more, [], what);
  const isClear =
    line.startsWith("tinyconv: Cannot ") && line.includes(`${out}`) && line.includes(DISK_ERRORS[code]);
  assert(isClear, `${what}: expected a clear error, got "${line}"`);
}
