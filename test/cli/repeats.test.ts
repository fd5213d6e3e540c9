import { expect, test } from "vitest";
import { summarizeRuns } from "../../src/cli/repeats.js";

const run = (accuracy: number, seconds: number) => ({ test: { accuracy }, seconds, testSeconds: 1 });

test("summarizeRuns has the mean, the deviation of a sample and the mean time of a run", () => {
  // around a mean of 0.5: √((0.25² + 0.25²)/1)
  expect(summarizeRuns([run(0.25, 3), run(0.75, 5)])).toEqual({
    meanTestAccuracy: 0.5,
    testAccuracyDeviation: Math.sqrt(0.125),
    meanSeconds: 5,
  });
  expect(summarizeRuns([run(0.5, 1), run(0.5, 1), run(0.5, 1)]).testAccuracyDeviation).toBe(0);
});
