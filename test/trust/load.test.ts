import { describe, expect, test } from "vitest";
import { CHANGES, ONLOOKERS } from "../../trust/load/acts.js";
import { compareOutputs, compareSteps, sizesInRandomOrder } from "../../trust/load/batch-sizes.js";
import { expectFlat, expectNoGrowth } from "../../trust/load/claims.js";
import type { MemorySample } from "../../trust/load/memory.js";
import { expectInProportion } from "../../trust/load/parts-million.js";
import { change, disturb, type TimersOptions, trainTwoAtOnce } from "../../trust/load/timers.js";
import { Together } from "../../trust/load/together.js";

describe("while a model is in training, between any two steps", () => {
  const options: TimersOptions = {
    network: "mixed",
    images: 60,
    epochs: 2,
    batchSize: 8,
    threads: 1,
    turns: "each step",
  };

  test.each(Object.entries(ONLOOKERS))("timers leave it as it is: %s", async (name, act) => {
    const once = name.startsWith("reestimateStatistics");
    expect(await disturb(options, act)).toBeGreaterThan(once ? 0 : 3);
  });

  test.each(Object.entries(CHANGES))("training goes on from what timers made: %s", async (_, act) => {
    expect(await change(options, act)).toBeGreaterThan(3);
  });

  test("a timer that changes it and should not is noticed", async () => {
    await expect(disturb(options, CHANGES.trainOnBatch!)).rejects.toThrow("fit with timers: expected");
  });

  test("what a timer throws is heard of", async () => {
    const act = () => Promise.reject(new Error("no"));
    await expect(disturb(options, act)).rejects.toThrow("no");
  });

  test("another model can be trained", async () => {
    expect(await trainTwoAtOnce(options)).toBe(2 * 2 * 6);
  });
});

describe("batches of any size", () => {
  const sizes = [...sizesInRandomOrder(1, 48, 1), 257, 4, 128, 1];

  test("have the outputs of their images, in every bit", async () => {
    const { images } = await compareOutputs({ network: "mixed", sizes, threads: 1 });
    expect(images).toBeGreaterThan(2_000);
  });

  test("train to the same weights as in plain TypeScript", async () => {
    const { batches } = await compareSteps({ network: "mixed", sizes, threads: 1 });
    expect(batches).toBe(sizes.length);
  });
});

describe("what is measured", () => {
  const flat: MemorySample[] = Array.from({ length: 101 }, (_, at) => ({
    at,
    rss: 100e6 + (at % 5) * 1e6,
    heapUsed: 10e6 + (at % 10) * 1e6,
    heapTotal: 40e6,
    external: 1e6,
    kernels: 65536,
  }));
  const grown = (what: "rss" | "heapUsed" | "kernels", bytes: number) =>
    flat.map((sample) => ({ ...sample, [what]: sample[what] + bytes * sample.at }));

  test("is flat where it goes up and down, and not where it grows", () => {
    const options = { warmUp: 20, limit: 1.05 };
    expect(expectFlat(flat, options)).toEqual({
      rss: "100.0 MB to 104.0 MB, +4.0 %",
      heap: "10.0 MB, 10.0 MB",
      kernels: "0.1 MB",
    });
    expect(() => expectFlat(grown("rss", 50e3), options)).toThrow("expected RSS within +5.0 %");
    expect(() => expectFlat(grown("heapUsed", 90e3), options)).toThrow("expected as much heap in use");
    expect(() => expectFlat(grown("kernels", 4000), options)).toThrow(
      "expected the memory of the kernels to stay",
    );
    expect(() => expectFlat([], options)).toThrow("expected samples, got none");
  });

  test("does not grow if it may have been more before", () => {
    expect(expectNoGrowth(flat, 20)).toEqual({
      rss: "104.0 MB, 104.0 MB",
      heap: "10.0 MB, 10.0 MB",
      kernels: "0.1 MB, 0.1 MB",
    });
    expect(() => expectNoGrowth(grown("rss", 1e6), 20)).toThrow("expected rss within +10.0 %");
    expect(() => expectNoGrowth(grown("kernels", 1e4), 20)).toThrow("expected kernels within +10.0 %");
  });

  test("is in proportion to the images, and they were learnt", () => {
    const figures = { data: 65e6, more: 100e6, steps: 3516, accuracies: [1, 0.995], seconds: 1 };
    const options = { images: 1_000_000, batchSize: 256, threads: 1, from: "dataset" } as const;
    expectInProportion(figures, options);
    expect(() => expectInProportion({ ...figures, more: 161e6 }, options)).toThrow(
      "at most 160.0 MB beside the data",
    );
    expect(() => expectInProportion({ ...figures, steps: 3515 }, options)).toThrow(
      "expected 3516 steps or more",
    );
    expect(() => expectInProportion({ ...figures, accuracies: [1, 0.9] }, options)).toThrow("99 % right");
    expect(() => expectInProportion(figures, { ...options, from: "function" })).toThrow("at most 96.0 MB");
  });
});

test("jobs start together at the first result that is asked for, once, and without those before it", async () => {
  const started: string[] = [];
  const together = new Together(async (job, _, { backend }) => {
    started.push(`${job}, ${backend}`);
    throw new Error("no");
  });
  const models = { models: 1, batchSize: 1, threads: 1, giveWayEvery: 1 };
  together.add({ job: "watchModels", options: models, backend: "plain" });
  const second = together.add({ job: "watchModels", options: models, backend: "simd" });
  const third = together.add({
    job: "compareSteps",
    options: { network: "mixed", sizes: [1], threads: 1 },
    backend: "simd",
  });
  await expect(second()).rejects.toThrow("no");
  await expect(third()).rejects.toThrow("no");
  expect(started).toEqual(["watchModels, simd", "compareSteps, simd"]);
});
