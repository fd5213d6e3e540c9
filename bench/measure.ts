/** One line of a benchmark's table. */
export interface Measurement {
  readonly name: string;
  /** How often it was run and timed. */
  readonly runs: number;
  /** Milliseconds of one run: the median, and the fastest. */
  readonly medianMs: number;
  readonly minMs: number;
  /** Work done in a second of the median run, in the unit of the benchmark. */
  readonly rate: number;
  readonly unit: string;
}

export interface Work {
  readonly name: string;
  /** How much one run does, in the unit: floating-point operations in GFLOP, or images. */
  readonly amount: number;
  readonly unit: "GFLOP/s" | "images/s";
}

const FEWEST_RUNS = 5;

/** Times `run` for at least `seconds` and five times, after a warm-up in which the engine compiles it. */
export function measure({ name, amount, unit }: Work, seconds: number, run: () => void): Measurement {
  runFor(seconds / 4, 1, run);
  const times = runFor(seconds, FEWEST_RUNS, run).sort((a, b) => a - b);
  const medianMs = times[Math.floor(times.length / 2)]!;
  return { name, runs: times.length, medianMs, minMs: times[0]!, rate: amount / (medianMs / 1000), unit };
}

/** The time of each run, in milliseconds. */
function runFor(seconds: number, fewest: number, run: () => void): number[] {
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  do {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  } while (times.length < fewest || performance.now() < end);
  return times;
}

/**
 * A benchmark first shows that what it is about to time is right.
 *
 * @throws Error if two results differ in a bit.
 */
export function expectEqual(name: string, actual: Float32Array, expected: ArrayLike<number>): void {
  const at = actual.findIndex((value, i) => !Object.is(value, expected[i]));
  if (actual.length !== expected.length || at !== -1) {
    throw new Error(
      `${name}: expected ${expected[at]} at element ${at}, got ${actual[at]}. Nothing was timed.`,
    );
  }
}
