import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../src/tensor/random.js";
import { PROGRAM } from "../../test/helpers/program.js";
import { commandFor, expectSameEnd, newestStep, trainUndisturbed, unfinishedIn } from "./runs.js";

/** What a process was doing when it was killed, as far as its words and its folder tell. */
export type Doing =
  | "while it started"
  | "before the first checkpoint"
  | "while it wrote"
  | "between two savings";

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

/** When a process is killed: so many seconds after it was started, or after it has said that it is about to train. */
interface Moment {
  readonly after: "start" | "word";
  readonly seconds: number;
}

/** Of so many kills one is counted from the start of the process, whose own part in its life the machine decides. */
const FROM_START = 8;

/**
 * Trains with the program, kills it at a random moment (kill -9), lets it go on and kills it again, until it has come to its
 * end; and so on with other trainings, until there were so many kills. They compute on one thread and on two, in turn.
 *
 * A moment is drawn, uniformly, from the time between the program's first word, which it says when it is about to train, and
 * the end of a training that is left alone; one in eight from the whole life of the process.
 *
 * @throws AssertionError unless after each kill every checkpoint is whole and none is older than the newest before, and each
 * training ends with the bits of one that was left alone.
 */
export async function killTrainings({ cwd, kills, seed, log }: KillOptions): Promise<KilledTrainings> {
  const args = [...OPTIONS, "--no-report"];
  const whole = await trainUndisturbed(cwd, args, 300);
  const random = new Random(seed);
  const count = {
    ...{ "while it started": 0, "before the first checkpoint": 0 },
    ...{ "while it wrote": 0, "between two savings": 0 },
  };
  let [runs, done] = [0, 0];
  // of a process, and of its training: both less where the machine has become faster
  let [life, training] = [whole.seconds, whole.trainingSeconds];
  while (done < kills) {
    const out = `killed-${++runs}`;
    let unfinished: readonly string[] = [];
    for (let step = -1; ; ) {
      const command = [...commandFor(whole, out, step), "--threads", String(1 + (runs % 2))];
      const after = random.integer(FROM_START) === 0 ? "start" : "word";
      const seconds = random.uniform(0, after === "start" ? life : training);
      // when there were enough, the run that was last killed may end
      const ended = await runAndKill(command, cwd, done < kills ? { after, seconds } : undefined);
      if (!ended.killed) {
        if (step < 0) [life, training] = [Math.min(life, ended.life), Math.min(training, ended.training)];
        break;
      }
      step = newestStep(whole, out, step);
      const left = existsSync(join(cwd, out)) ? unfinishedIn(join(cwd, out)) : [];
      const wrote = left.some((name) => !unfinished.includes(name)); // some may be of an earlier kill
      count[doingOf(ended.spoke, step, wrote)]++;
      unfinished = left;
      if (++done % 20 === 0) log?.(`${done} kills in ${runs} runs`);
    }
    expectSameEnd(whole, out);
  }
  return { runs, kills: count };
}

function doingOf(spoke: boolean, step: number, wrote: boolean): Doing {
  if (wrote) return "while it wrote";
  if (!spoke) return "while it started";
  return step < 0 ? "before the first checkpoint" : "between two savings";
}

/** How a process has ended. */
interface Ended {
  readonly killed: boolean;
  /** Whether it had said that it was about to train. */
  readonly spoke: boolean;
  /** Seconds from its start, and from its first word. */
  readonly life: number;
  readonly training: number;
}

/**
 * Starts the program, and kills it at the moment, unless it comes to its end before.
 *
 * @throws AssertionError if it ends with an error.
 */
function runAndKill(args: readonly string[], cwd: string, moment?: Moment): Promise<Ended> {
  const begin = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  let timer: NodeJS.Timeout | undefined;
  let word: number | undefined;
  const wait = (): void => {
    timer = moment && setTimeout(() => child.kill("SIGKILL"), 1000 * moment.seconds);
  };
  if (moment?.after === "start") wait();
  child.stdout.on("data", () => {
    if (word !== undefined) return;
    word = performance.now();
    if (moment?.after === "word") wait();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (exitCode, signal) => {
      clearTimeout(timer);
      if (signal === null && exitCode !== 0)
        return reject(new assert.AssertionError({ message: `exit code ${exitCode}` }));
      const now = performance.now();
      resolve({
        killed: signal !== null,
        spoke: word !== undefined,
        life: (now - begin) / 1000,
        training: (now - (word ?? now)) / 1000,
      });
    });
  });
}
