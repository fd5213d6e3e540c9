import { MOST_ARGUMENTS } from "./job.js";

/**
 * The words that the threads speak through, by their place in the control block.
 *
 * The main thread posts a job and takes part in it; workers that are there join it. The units are divided into a share
 * for each thread, the same one in every operation of so many units, since what a thread has written lies in its cache.
 * Each takes the next few units of its share until none are left, and then helps with those of the others. So a worker
 * that is late, or was never started, is not waited for: a job is over when no units are left and no worker is inside.
 */
export const WORD = {
  /** Odd while a job is posted. It changes when a job is posted, and when it is closed. */
  state: 0,
  /** How many workers are inside the job. */
  inside: 2,
  /** How many workers sleep until the state changes. */
  asleep: 3,
  /** 1 while the main thread sleeps until nobody is inside. */
  mainAsleep: 4,
  /** 1 once a worker has failed in a job. */
  failed: 5,
  /** The id of the job, its units, and how many of them a thread takes at a time. */
  job: 6,
  units: 7,
  chunk: 8,
  /** How many threads may take part, the main thread among them. */
  threads: 9,
  /** How many units workers have done since they were started, for tests. */
  done: 10,
  /** The first unit of each share that nobody has taken: a word for each thread. */
  next: 16,
} as const;

/** The most threads that can be asked for. */
export const MOST_THREADS = 64;

const WORDS = WORD.next + MOST_THREADS;

/** The floats of memory that a control block takes. */
export const CONTROL_LENGTH = WORDS + 2 * MOST_ARGUMENTS;

/** The control block: words, and the arguments of the job. */
export interface Control {
  readonly words: Int32Array;
  readonly arguments: Float64Array;
}

/** The control block at an address of the memory. */
export function controlAt(buffer: ArrayBufferLike, address: number): Control {
  return {
    words: new Int32Array(buffer, address, WORDS),
    arguments: new Float64Array(buffer, address + WORDS * Int32Array.BYTES_PER_ELEMENT, MOST_ARGUMENTS),
  };
}

/** Where a share begins. */
function shareStart(units: number, threads: number, share: number): number {
  return Math.floor((units * share) / threads);
}

/** Writes down how many units a job has, how many of them are taken at a time, and for how many threads. */
export function offerUnits(words: Int32Array, units: number, chunk: number, threads: number): void {
  Atomics.store(words, WORD.units, units);
  Atomics.store(words, WORD.chunk, chunk);
  Atomics.store(words, WORD.threads, threads);
  for (let share = 0; share < threads; share++) {
    Atomics.store(words, WORD.next + share, shareStart(units, threads, share));
  }
}

/**
 * Takes units until none are left, and hands them to `work`: those of the thread's own share, and then those of the
 * others. Returns how many it took.
 */
export function takeUnits(
  words: Int32Array,
  thread: number,
  work: (begin: number, end: number) => void,
): number {
  const units = Atomics.load(words, WORD.units);
  const chunk = Atomics.load(words, WORD.chunk);
  const threads = Atomics.load(words, WORD.threads);
  let taken = 0;
  for (let i = 0; i < threads; i++) {
    const share = (thread + i) % threads;
    const shareEnd = shareStart(units, threads, share + 1);
    for (;;) {
      const begin = Atomics.add(words, WORD.next + share, chunk);
      if (begin >= shareEnd) break;
      const end = Math.min(begin + chunk, shareEnd);
      work(begin, end);
      taken += end - begin;
    }
  }
  return taken;
}

/** How often a thread looks again before it goes to sleep: for about 0.2 ms. */
export const SPINS = 20_000;
