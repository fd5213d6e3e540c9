import type { Run } from "./run.js";

/** What several runs, which differ by their seeds, come to. */
export interface Repeats {
  /** The mean share of right answers. */
  readonly meanTestAccuracy: number;
  /** The standard deviation of the share of right answers, estimated from these runs (n − 1). */
  readonly testAccuracyDeviation: number;
  /** The mean time of a run, training and testing, in seconds. */
  readonly meanSeconds: number;
}

/**
 * The means of two runs or more, and how far their accuracies lie apart.
 *
 *     mean = Σ x / n        deviation = √(Σ (x − mean)² / (n − 1))
 */
export function summarizeRuns(
  runs: readonly {
    readonly test: Pick<Run["test"], "accuracy">;
    readonly seconds: number;
    readonly testSeconds: number;
  }[],
): Repeats {
  const accuracies = runs.map(({ test }) => test.accuracy);
  const mean = meanOf(accuracies);
  const squares = accuracies.reduce((sum, accuracy) => sum + (accuracy - mean) ** 2, 0);
  return {
    meanTestAccuracy: mean,
    testAccuracyDeviation: Math.sqrt(squares / (runs.length - 1)),
    meanSeconds: meanOf(runs.map(({ seconds, testSeconds }) => seconds + testSeconds)),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
