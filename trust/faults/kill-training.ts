import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../src/tensor/random.js";
import { bands, PROGRAM } from "../../test/helpers/program.js";
import { commandFor, expectSameEnd, newestStep, trainUndisturbed, unfinishedIn } from "./runs.js";

/** What a process was doing when it was killed, as far as the folder tells. */
export type Doing = "before it had saved anything" | "while it wrote" | "between two savings";

export interface KilledTrainings {
  /** Trainings that were killed and resumed until they had come to their end. */
  readonly runs: number;
  /** Kills, by what was going on. */
  readonly kills: Readonly<Record<Doing, number>>;
}

// all that a checkpoint holds is in use: AdamW, one cycle, averaged weights, batch statistics, augmentation, validation
const OPTIONS =
  "train --data digits --model compact --epochs 3 --batch-size 8 --validation-split 0.2 --checkpoint-every 3".split(
    " ",
  );

export interface KillOptions {
  /** An empty folder. */
  readonly cwd: string;
  /** How often a process is killed. */
  readonly kills: number;
  /** Of the moments. */
  readonly seed: number;
  readonly log?: (line: string) => void;
}

/**
 * Trains with the program, kills it at a random moment (kill -9), lets it go on and kills it again, until it has come to its
 * end; and so on with other trainings, until there were so many kills. They compute on one thread and on two, in turn.
 *
 * @throws AssertionError unless after each kill every checkpoint is whole and none is older than the newest before, and each
 * training ends with the bits of one that was left alone.
 */
export async function killTrainings({ cwd, kills, seed, log }: KillOptions): Promise<KilledTrainings> {
  const train = bands(300);
  const args = [...OPTIONS, "--no-report", "--quiet"];
  const images = { "train-images-idx3-ubyte": train.images, "train-labels-idx1-ubyte": train.labels };
  const whole = await trainUndisturbed(cwd, args, images);
  const random = new Random(seed);
  const count = { "before it had saved anything": 0, "while it wrote": 0, "between two savings": 0 };
  let [runs, done] = [0, 0];
  let span = whole.seconds; // in which the moments lie
  while (done < kills) {
    const out = `killed-${++runs}`;
    let unfinished: readonly string[] = [];
    for (let step = -1; ; ) {
      const command = [...commandFor(whole, out, step), "--threads", String(1 + (runs % 2))];
      // when there were enough, the run that was last killed may end
      const moment = done < kills ? random.uniform(0.1, 1) * span : undefined;
      const { killed, seconds } = await runAndKill(command, cwd, moment);
      if (step < 0 && !killed) span = Math.min(span, seconds); // the machine has become faster
      if (!killed) break;
      const before = step;
      step = newestStep(whole, out, before);
      const left = existsSync(join(cwd, out)) ? unfinishedIn(join(cwd, out)) : [];
      const wrote = left.some((name) => !unfinished.includes(name)); // some may be of an earlier kill
      count[
        wrote ? "while it wrote" : step === before ? "before it had saved anything" : "between two savings"
      ]++;
      unfinished = left;
      if (++done % 20 === 0) log?.(`${done} kills in ${runs} runs`);
    }
    expectSameEnd(whole, out);
  }
  return { runs, kills: count };
}

/**
 * Starts the program, and kills it after so many seconds, unless it comes to its end before.
 *
 * @throws AssertionError if it ends with an error.
 */
function runAndKill(
  args: readonly string[],
  cwd: string,
  moment: number | undefined,
): Promise<{ readonly killed: boolean; readonly seconds: number }> {
  const begin = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, stdio: ["ignore", "ignore", "inherit"] });
  const timer = moment === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), 1000 * moment);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (exitCode, signal) => {
      clearTimeout(timer);
      if (signal === null && exitCode !== 0)
        reject(new assert.AssertionError({ message: `exit code ${exitCode}` }));
      else resolve({ killed: signal !== null, seconds: (performance.now() - begin) / 1000 });
    });
  });
}
