import { describe, expect, test } from "vitest";
import { findInkLevels } from "../../../src/mnist/prepare/ink-levels.js";
import { Random } from "../../../src/tensor/random.js";

/** So many pixels of each strength. */
const strengths = (...counts: readonly (readonly [n: number, strength: number])[]): Float32Array =>
  Float32Array.from(counts.flatMap(([n, strength]) => Array<number>(n).fill(strength)));

describe("findInkLevels", () => {
  test("finds paper and ink, and a threshold between them", () => {
    const { threshold, paper, full, noise } = findInkLevels(strengths([90, 0.1], [10, 0.7]));
    expect(threshold).toBeGreaterThan(0.1);
    expect(threshold).toBeLessThan(0.7);
    expect(paper).toBeCloseTo(0.1, 2);
    expect(full).toBeCloseTo(0.7, 2);
    expect(noise).toBe(0);
  });

  test("splits where the variance between the classes is greatest", () => {
    // 0.2 apart on one side, 0.5 on the other: the split is in the wider gap
    const { threshold } = findInkLevels(strengths([50, 0], [20, 0.2], [30, 0.7]));
    expect(threshold).toBeGreaterThan(0.2);
    expect(threshold).toBeLessThan(0.7);
  });

  test("equals Otsu's sum over all thresholds", () => {
    const random = new Random(1);
    const values = Float32Array.from({ length: 500 }, () =>
      random.uniform() < 0.7 ? 0.2 * random.uniform() : 0.3 + 0.5 * random.uniform(),
    );
    const mean = (part: Float32Array) => part.reduce((sum, value) => sum + value, 0) / part.length;
    const variance = (threshold: number): number => {
      const below = values.filter((value) => value <= threshold);
      const above = values.filter((value) => value > threshold);
      return below.length * above.length * (mean(above) - mean(below)) ** 2;
    };
    const best = Math.max(...[...values].filter((value) => value < 0.79).map(variance));
    // the histogram's bins are 1/256 wide, so a few values may lie on the other side
    expect(variance(findInkLevels(values).threshold)).toBeGreaterThan(0.99 * best);
  });

  test("measures the noise of the paper, and begins the ink above it", () => {
    const random = new Random(2);
    const sigma = 0.03;
    const noisy = Float32Array.from(
      { length: 20_000 },
      (_, i) => (i < 1000 ? 0.8 : 0) + sigma * random.normal(),
    );
    const { paper, noise, full } = findInkLevels(noisy);
    expect(noise / sigma).toBeCloseTo(1, 0);
    expect(paper).toBeCloseTo(3 * noise, 1);
    expect(full).toBeCloseTo(0.8, 1);
  });

  test("begins the ink no higher than at the threshold", () => {
    const random = new Random(3);
    const { paper, threshold } = findInkLevels(Float32Array.from({ length: 1000 }, () => random.uniform()));
    expect(paper).toBeLessThanOrEqual(threshold);
  });

  test("finds no ink where all is equal", () => {
    expect(findInkLevels(strengths([5, 0]))).toEqual({ threshold: 1, paper: 1, full: 1, noise: 0 });
  });

  test("counts strengths beyond its range at the ends of it", () => {
    const { threshold, full } = findInkLevels(strengths([50, -3], [50, 2]));
    expect(threshold).toBeLessThan(1);
    expect(full).toBeCloseTo(1, 2);
  });
});
