import type { Repeats } from "../node/run-metrics.js";
import type { Run } from "./run.js";

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
