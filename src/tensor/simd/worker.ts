import { COLUMN_SUM_JOBS } from "./column-sums.js";
import { type Control, controlAt, SPINS, takeUnits, WORD } from "./control.js";
import { DENSE_JOBS } from "./dense.js";
import { ELEMENTWISE_JOBS } from "./elementwise.js";
import { decodeArguments, type Job } from "./job.js";
import { attachMemory } from "./memory.js";
import { PATCHES_JOBS } from "./patches.js";
import { POOLING_JOBS } from "./pooling.js";
import { ROW_JOBS } from "./rows.js";
import { onHello } from "./worker-port.js";

/*
 * What a worker thread runs: it waits for jobs, and does its share of them. It never returns to its event loop, and is
 * stopped with the process or the page.
 */

const JOBS: ReadonlyMap<number, Job> = new Map(
  [...ELEMENTWISE_JOBS, ...POOLING_JOBS, ...DENSE_JOBS, ...PATCHES_JOBS, ...ROW_JOBS, ...COLUMN_SUM_JOBS].map(
    (job) => [job.id, job],
  ),
);

onHello(({ memory, address, thread }) => {
  attachMemory(memory, true);
  const control = controlAt(memory.buffer, address);
  let seen = 0;
  for (;;) {
    seen = waitForChange(control.words, seen);
    const isPosted = (seen & 1) === 1; // also where the count has gone round and is negative
    if (isPosted) join(control, seen, thread);
  }
});

/** The state, once it is no longer the one that was seen last. */
function waitForChange(words: Int32Array, seen: number): number {
  for (let i = 0; i < SPINS; i++) {
    const state = Atomics.load(words, WORD.state);
    if (state !== seen) return state;
  }
  Atomics.add(words, WORD.asleep, 1);
  Atomics.wait(words, WORD.state, seen); // returns at once if it has changed by now
  Atomics.sub(words, WORD.asleep, 1);
  return Atomics.load(words, WORD.state);
}

/** Does a share of the job that was posted with that state, if it is still open. */
function join({ words, arguments: list }: Control, state: number, thread: number): void {
  Atomics.add(words, WORD.inside, 1);
  // who is inside keeps the words as they are; whoever comes too late must not read them
  if (Atomics.load(words, WORD.state) === state && thread < Atomics.load(words, WORD.threads)) {
    try {
      const id = Atomics.load(words, WORD.job);
      const job = JOBS.get(id);
      if (!job) throw new Error(`worker: expected the id of a job, got ${id}.`);
      const args = decodeArguments(job, list);
      const taken = takeUnits(words, thread, (begin, end) => job.run(args, begin, end, thread));
      Atomics.add(words, WORD.done, taken);
    } catch {
      Atomics.store(words, WORD.failed, 1); // the main thread throws
    }
  }
  const left = Atomics.sub(words, WORD.inside, 1) - 1;
  if (left === 0 && Atomics.load(words, WORD.mainAsleep) === 1) Atomics.notify(words, WORD.inside);
}
