import { MOST_ARGUMENTS } from "./job.js";

/**
 * The words that the threads speak through, by their place in the control block.
 *
 * The main thread posts a job and takes part in it; workers that are there join it. All take the next few units until
 * none are left. So a worker that is late, or was never started, is not waited for: a job is over when no units are
 * left and no worker is inside.
 */
export const WORD = {
  /** Odd while a job is posted. It changes when a job is posted, and when it is closed. */
  state: 0,
  /** The first unit that nobody has taken. */
  next: 1,
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
} as const;

const WORDS = 16;

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

/** Takes units until none are left, and hands them to `work`. Returns how many it took. */
export function takeUnits(words: Int32Array, work: (begin: number, end: number) => void): number {
  const units = Atomics.load(words, WORD.units);
  const chunk = Atomics.load(words, WORD.chunk);
  let taken = 0;
  for (;;) {
    const begin = Atomics.add(words, WORD.next, chunk);
    if (begin >= units) return taken;
    const end = Math.min(begin + chunk, units);
    work(begin, end);
    taken += end - begin;
  }
}

/** How often a thread looks again before it goes to sleep: some tens of microseconds. */
export const SPINS = 4000;
