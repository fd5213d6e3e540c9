import { expectInteger, quote } from "../expect.js";
import {
  CONTROL_LENGTH,
  type Control,
  controlAt,
  MOST_THREADS,
  offerUnits,
  SPINS,
  takeUnits,
  WORD,
} from "./control.js";
import { encodeArguments, type Job } from "./job.js";
import { addressOf, allocateInMemory, currentMemory } from "./memory.js";
import { availableCores, environmentVariable, type StartedWorker, startWorker } from "./worker-port.js";

/** Work too small to be shared: handing it out would take longer than doing it. */
const LEAST_WORK = 24_000;

/** What a thread takes at a time, at least: less is done before the next part is fetched. */
const LEAST_PART = LEAST_WORK / 8;

/** Parts that each thread takes of a job, so that a thread that is held up leaves more of them to the others. */
const PARTS_PER_THREAD = 4;

/** So long nothing may happen while the main thread waits for the others, in milliseconds. */
const PATIENCE = 30_000;

/** So long it sleeps until it looks again. */
const NAP = 100;

/** How an operation may be shared out. */
export interface Share {
  /** How many units there are. */
  readonly units: number;
  /** About how many floats a unit reads and writes, or how many vectors it multiplies. */
  readonly work: number;
  /** Parts that each thread takes. @default 4 */
  readonly parts?: number;
}

let limit = 1; // threads that may take part in a job now
const workers: StartedWorker[] = [];
let isBroken = false; // a worker has failed, so there are no threads any more
let control: (Control & { readonly address: number }) | undefined;

/**
 * How many threads to use where nobody says: TINYCONV_THREADS in the environment, or else as many as there are cores.
 *
 * @throws RangeError if TINYCONV_THREADS is not a whole number from 1 to 64.
 */
function defaultThreads(): number {
  const wanted = environmentVariable("TINYCONV_THREADS");
  if (wanted === undefined || wanted === "") return Math.min(availableCores(), MOST_THREADS);
  const threads = Number(wanted);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return threads;
  throw new RangeError(
    `TINYCONV_THREADS: expected a whole number from 1 to ${MOST_THREADS}, got ${quote(wanted)}.`,
  );
}

/**
 * The number of threads that was asked for, or the default.
 *
 * @throws RangeError `Sequential.fit: expected threads to be a whole number >= 1 and <= 64, got 0 (number).`
 */
export function chooseThreads(where: string, threads: number | undefined): number {
  return threads === undefined
    ? defaultThreads()
    : expectInteger(where, "threads", threads, { min: 1, max: MOST_THREADS });
}

/** Computes with so many threads at most, the calling one among them. */
export function withThreads<T>(threads: number, compute: () => T): T {
  const before = limit;
  limit = canShare() ? threads : 1;
  try {
    return compute();
  } finally {
    limit = before;
  }
}

/** The number of threads that may take part in a job now. */
export function threadLimit(): number {
  return limit;
}

/** What is told of a job that is done: for profiles. */
export type JobObserver = (
  name: string,
  args: Readonly<Record<string, number>>,
  share: Share,
  milliseconds: number,
) => void;

let observer: JobObserver | undefined;

/** From now on, calls the observer after each job; undefined ends that. */
export function observeJobs(next: JobObserver | undefined): void {
  observer = next;
}

/** The words that the threads speak through, once there are threads; for tests. */
export function controlWords(): Int32Array | undefined {
  return control?.words;
}

function canShare(): boolean {
  return !isBroken && currentMemory()?.shared === true;
}

/** The control block, with so many workers started at least; undefined where there is no room for it. */
function startWorkers(wanted: number): Control | undefined {
  const open = currentMemory();
  control ??= open && makeControl(open.memory);
  const block = control;
  if (!open || !block) return undefined;
  try {
    while (workers.length < wanted && !isBroken) {
      const hello = { memory: open.memory, address: block.address, thread: workers.length + 1 };
      workers.push(startWorker(hello, giveUp));
    }
  } catch (error) {
    giveUp(error instanceof Error ? error.message : String(error));
  }
  return block;
}

function makeControl(memory: WebAssembly.Memory) {
  const room = allocateInMemory(CONTROL_LENGTH);
  if (!room) return undefined;
  const address = addressOf(room);
  return { ...controlAt(memory.buffer, address), address, room }; // the room is kept as long as this is
}

/** From now on the main thread computes alone, with a notice. A worker that is only late must not come back. */
function giveUp(reason: string): void {
  if (isBroken) return;
  isBroken = true;
  for (const worker of workers) worker.terminate();
  console.warn(`tinyconv: a worker thread failed (${reason}), so one thread computes from now on.`);
}

/**
 * Does all units of a job, on as many threads as may take part, and returns when they are done. Workers that are
 * missing are started; until they are there, the work is done without them.
 *
 * @throws Error if a worker failed within it.
 */
export function run<Name extends string>(
  job: Job<Name>,
  args: Readonly<Record<Name, number>>,
  share: Share,
): void {
  if (share.units <= 0) return;
  const start = observer && performance.now();
  shareOut(job, args, share);
  if (start !== undefined) observer?.(job.name, args, share, performance.now() - start);
}

function shareOut<Name extends string>(
  job: Job<Name>,
  args: Readonly<Record<Name, number>>,
  { units, work, parts = PARTS_PER_THREAD }: Share,
): void {
  const isShared = limit > 1 && units > 1 && units * work >= LEAST_WORK && !isBroken;
  const threads = isShared ? startWorkers(limit - 1) : undefined;
  if (!threads) {
    job.run(args, 0, units, 0);
    return;
  }
  const { words, arguments: list } = threads;
  encodeArguments(job, args, list);
  const chunk = Math.max(1, Math.ceil(units / (limit * parts)), Math.ceil(LEAST_PART / work));
  Atomics.store(words, WORD.job, job.id);
  offerUnits(words, units, chunk, limit);
  Atomics.add(words, WORD.state, 1); // posted
  if (Atomics.load(words, WORD.asleep) > 0) Atomics.notify(words, WORD.state);
  try {
    takeUnits(words, 0, (begin, end) => job.run(args, begin, end, 0));
  } finally {
    Atomics.add(words, WORD.state, 1); // closed
    waitForWorkers(words);
  }
  if (Atomics.load(words, WORD.failed) === 1) {
    giveUp("in a job");
    throw new Error("tinyconv: expected every thread to do its share, got a worker thread that failed.");
  }
}

/** Returns when nobody is inside the job. */
function waitForWorkers(words: Int32Array): void {
  for (let i = 0; i < SPINS; i++) if (Atomics.load(words, WORD.inside) === 0) return;
  let waited = 0;
  let before = performance.now();
  Atomics.store(words, WORD.mainAsleep, 1);
  for (let inside = 1; inside !== 0; ) {
    inside = Atomics.load(words, WORD.inside);
    if (inside !== 0 && canSleep) Atomics.wait(words, WORD.inside, inside, NAP);
    // a process that was stopped for a while has not waited: all its threads stood still
    const now = performance.now();
    waited += Math.min(now - before, 2 * NAP);
    before = now;
    if (inside !== 0 && waited > PATIENCE) {
      giveUp("it does not answer");
      throw new Error(
        `tinyconv: expected every thread to finish its share, got no answer from a worker thread for ${PATIENCE / 1000} s.`,
      );
    }
  }
  Atomics.store(words, WORD.mainAsleep, 0);
}

/** The main thread of a page must not sleep: it looks again and again. */
const canSleep = (() => {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0); // the word is 0, so this returns at once
    return true;
  } catch {
    return false;
  }
})();
