import { describe, expect, test } from "vitest";
import { inChild, type Setting } from "../../trust/load/child.js";
import { expectFlat, expectNoGrowth } from "../../trust/load/claims.js";
import { expectInProportion } from "../../trust/load/parts-million.js";
import { SMALL_HEAP } from "../../trust/load/surroundings.js";

const SMALL: Setting = { backend: "simd", flags: SMALL_HEAP };

describe("a process of its own", { timeout: 120_000 }, () => {
  const steps = { way: "trainOnBatch", steps: 2_000, batchSize: 1, threads: 2, every: 25 } as const;
  // code is compiled for longer than that: the long form has 6,000 steps to warm up, and 5 %
  const claim = { warmUp: 800, limit: 1.25 };

  test("has flat memory in training", async () => {
    expectFlat(await inChild("watchSteps", steps, SMALL), claim);
  });

  test("does not, if a step keeps a tensor", async () => {
    const samples = await inChild("watchSteps", { ...steps, leak: 50_000 }, SMALL);
    expect(() => expectFlat(samples, claim)).toThrow("expected RSS within +25.0 %");
  });

  test("uses the memory of models that are dropped again", async () => {
    const models = { models: 90, batchSize: 1, threads: 1, giveWayEvery: 1 };
    expectNoGrowth(await inChild("watchModels", models, { backend: "simd" }), 30);
    const kept = await inChild("watchModels", { ...models, models: 45, keep: true }, { backend: "simd" });
    expect(() => expectNoGrowth(kept, 15)).toThrow("expected rss within +10.0 %");
  });

  test("takes memory in proportion to its images", async () => {
    const options = { images: 30_000, batchSize: 64, threads: 2, from: "dataset" } as const;
    expectInProportion(await inChild("trainOnMillion", options, { backend: "simd" }), options);
  });

  test("gives timers and training the same bits on two threads", async () => {
    const options = { network: "lenet", images: 100, epochs: 1, batchSize: 8, threads: 2 } as const;
    const done = await inChild("disturbInAllWays", { ...options, turns: "each step" }, { backend: "simd" });
    const { "reestimateStatistics over many turns: refused": estimated, ...others } = done;
    expect(estimated).toBe(0); // lenet has no statistics
    expect(Math.min(...Object.values(others))).toBeGreaterThan(0);
  });

  test("says what went wrong in it", async () => {
    const options = { images: 0, batchSize: 64, threads: 1, from: "dataset" } as const;
    await expect(inChild("trainOnMillion", options, { backend: "simd" })).rejects.toThrow(
      /^trainOnMillion: \w*Error: .*expected /,
    );
  });
});
