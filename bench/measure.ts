import { setImmediate } from "node:timers/promises";

/** How fast something ran. */
export interface Speed {
  /** Runs a second, over all the time: a pause for the garbage collector counts. */
  readonly runsPerSecond: number;
  /** Milliseconds of the median run. */
  readonly medianMs: number;
}

const FEWEST_RUNS = 3;

/** Times `run` for at least `seconds` and three times, after a quarter of that as a warm-up, in which engines compile. */
export async function measure(seconds: number, run: () => unknown): Promise<Speed> {
  await runFor(seconds / 4, 1, run);
  const times = (await runFor(seconds, FEWEST_RUNS, run)).sort((a, b) => a - b);
  const total = times.reduce((sum, time) => sum + time, 0);
  return { runsPerSecond: (1000 * times.length) / total, medianMs: times[Math.floor(times.length / 2)]! };
}

/** The time of each run, in milliseconds. */
async function runFor(seconds: number, fewest: number, run: () => unknown): Promise<number[]> {
  await setImmediate(); // threads that were asked for can start
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  do {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  } while (times.length < fewest || performance.now() < end);
  return times;
}
