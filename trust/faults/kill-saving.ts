import assert from "node:assert/strict";
import { join } from "node:path";
import { Random } from "../../src/tensor/random.js";
import { type KillMoment, MOMENTS, runHooked } from "./hooked.js";
import type { KillOptions } from "./kill-training.js";
import { commandFor, expectSameEnd, newestStep, trainUndisturbed } from "./runs.js";

export interface KilledSavings {
  readonly runs: number;
  /** Kills, by the call to the disk at which they came, as `rename`. */
  readonly kills: ReadonlyMap<string, number>;
}

// saves after every step
const OPTIONS =
  "train --data digits --model lenet --epochs 2 --batch-size 8 --validation-split 0.2 --checkpoint-every 1".split(
    " ",
  );

/** Calls to the disk in a process until it is killed, at most: those of two or three savings, and of its start. */
const MOST_CALLS = 60;

/**
 * As `killTrainings`, with a training that saves after every step, whose process kills itself at one of its calls to the
 * disk: before it, a moment after it has begun or when it is done.
 */
export async function killSavings({ cwd, kills, seed, log }: KillOptions): Promise<KilledSavings> {
  const args = [...OPTIONS, "--no-report", "--quiet"];
  const whole = await trainUndisturbed(cwd, args, 60);
  const random = new Random(seed);
  const count = new Map<string, number>();
  let [runs, done] = [0, 0];
  while (done < kills) {
    const out = `killed-${++runs}`;
    for (let step = -1; ; ) {
      const k = done < kills ? 1 + random.integer(MOST_CALLS) : 0;
      const act = MOMENTS[random.integer(MOMENTS.length)]!;
      const command = [...commandFor(whole, out, step), "--threads", "1"];
      const fault = { folder: join(cwd, out), log: join(cwd, "calls"), k, act, delay: random.uniform(0, 3) };
      const { exitCode, stderr, calls } = await runHooked(command, { cwd }, fault);
      assert.equal(stderr, "");
      if (exitCode === 0) break;
      expectKilled(exitCode, act);
      step = newestStep(whole, out, step);
      const { name } = calls[k - 1]!;
      count.set(name, (count.get(name) ?? 0) + 1);
      if (++done % 20 === 0) log?.(`${done} kills in ${runs} runs`);
    }
    expectSameEnd(whole, out);
  }
  return { runs, kills: count };
}

/** Windows gives a process that has killed itself an exit code; elsewhere it has none. */
const KILLED = process.platform === "win32" ? 1 : null;

/** @throws unless the process was killed. */
export function expectKilled(exitCode: number | null, act: KillMoment): void {
  assert.equal(exitCode, KILLED, `expected a process that has died of "${act}", got one that has ended`);
}
