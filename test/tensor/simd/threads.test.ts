import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { Augmentation } from "../../../src/mnist/augmentation.js";
import { augmentedBatches } from "../../../src/mnist/augmented-batches.js";
import { createNetwork, NETWORKS, type NetworkName } from "../../../src/mnist/networks.js";
import { Adam } from "../../../src/optim/adam.js";
import { Random } from "../../../src/tensor/random.js";
import { defineJob } from "../../../src/tensor/simd/job.js";
import { openMemory } from "../../../src/tensor/simd/memory.js";
import { chooseThreads, run, threadLimit, withThreads } from "../../../src/tensor/simd/threads.js";
import { unitsDoneByWorkers, waitForWorkers } from "../../helpers/workers.js";

const random = new Random(5);
const images = {
  data: Uint8Array.from({ length: 60 * 784 }, () => random.integer(256)),
  shape: [60, 28, 28, 1],
};
const labels = Uint8Array.from({ length: 60 }, (_, i) => i % 10);

/** A job that counts how often each of its units is done, in ordinary memory: the workers do not know it. */
function countingJob(units: number) {
  const counts = new Uint8Array(units);
  const job = defineJob("counting, for a test", [], (_, begin, end) => {
    for (let unit = begin; unit < end; unit++) counts[unit] = counts[unit]! + 1;
  });
  return { job, counts };
}

async function trainedWeights(name: NetworkName, threads: number): Promise<Float32Array[]> {
  const model = createNetwork(name, { seed: 1 });
  const batches = augmentedBatches({ images, labels }, { batchSize: 30, augmentation: new Augmentation() });
  await model.fit(batches, { epochs: 2, optimizer: new Adam(), threads });
  const { loss } = await model.evaluate({ images, labels }, { threads, batchSize: 13 });
  const probabilities = model.predict(images, { threads, batchSize: 60 });
  return [...model.getWeights().map(({ data }) => data), probabilities.data, Float32Array.of(loss)];
}

describe("threads", () => {
  beforeAll(() => waitForWorkers(2), 30_000);

  test.each(NETWORKS)("give the same bits for 1, 2, 3 and 8 of them, training %s", async (name) => {
    const alone = await trainedWeights(name, 1);
    for (const threads of [2, 3, 8]) {
      const before = unitsDoneByWorkers();
      const together = await trainedWeights(name, threads);
      expect(unitsDoneByWorkers()).toBeGreaterThan(before); // the workers did take part
      for (const [i, values] of together.entries()) {
        expect(values.findIndex((value, k) => !Object.is(value, alone[i]![k]))).toBe(-1);
      }
    }
  });

  test("leave it to one thread where one is asked for", async () => {
    const before = unitsDoneByWorkers();
    await trainedWeights("lenet", 1);
    expect(unitsDoneByWorkers()).toBe(before);
  });

  test("have a limit that holds within the call only", () => {
    expect(threadLimit()).toBe(1);
    expect(withThreads(2, () => withThreads(3, threadLimit))).toBe(3);
    expect(() =>
      withThreads(2, () => {
        throw new Error("out");
      }),
    ).toThrow("out");
    expect(threadLimit()).toBe(1);
  });

  test("are asked for in whole numbers from 1 to 64", async () => {
    const model = createNetwork("lenet");
    const message = "expected threads to be a whole number >= 1 and <= 64, got";
    await expect(model.fit({ images, labels }, { threads: 0 })).rejects.toThrow(
      `Sequential.fit: ${message} 0 (number).`,
    );
    await expect(model.evaluate({ images, labels }, { threads: 1.5 })).rejects.toThrow(
      `Sequential.evaluate: ${message} 1.5 (number).`,
    );
    expect(() => model.predict(images, { threads: 65 })).toThrow(
      `Sequential.predict: ${message} 65 (number).`,
    );
    const optimizer = new Adam();
    expect(() => model.trainOnBatch({ images, labels }, { optimizer, threads: -1 })).toThrow(
      `Sequential.trainOnBatch: ${message} -1 (number).`,
    );
  });

  test("are as many as TINYCONV_THREADS says where nobody says", () => {
    vi.stubEnv("TINYCONV_THREADS", "3");
    expect(chooseThreads("here", undefined)).toBe(3);
    expect(chooseThreads("here", 5)).toBe(5);
    vi.stubEnv("TINYCONV_THREADS", "many");
    expect(() => chooseThreads("here", undefined)).toThrow(
      'TINYCONV_THREADS: expected a whole number from 1 to 64, got "many".',
    );
    vi.stubEnv("TINYCONV_THREADS", "65");
    expect(() => chooseThreads("here", undefined)).toThrow('from 1 to 64, got "65".');
    vi.stubEnv("TINYCONV_THREADS", undefined);
    expect(chooseThreads("here", undefined)).toBeGreaterThanOrEqual(1);
    vi.unstubAllEnvs();
  });
});

describe("run", () => {
  beforeAll(() => openMemory());
  afterEach(() => vi.restoreAllMocks());

  test("does every unit of a small job once, without the workers", () => {
    const { job, counts } = countingJob(10);
    withThreads(2, () => run(job, {}, { units: 10, work: 1 }));
    expect([...counts]).toEqual(new Array(10).fill(1));
  });

  test("does nothing for no units", () => {
    const { job, counts } = countingJob(1);
    run(job, {}, { units: 0, work: 1 });
    expect([...counts]).toEqual([0]);
  });
});

// the last one, since from then on one thread computes alone
describe("a worker that fails", () => {
  test("ends the operation with an error; after that one thread computes, with one warning", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await waitForWorkers(2);
    const { job } = countingJob(4000);
    // the workers do not know this job; it is long enough that they look into it before it is over
    const slow = { ...job, run: () => void createNetwork("lenet").predict(images, { threads: 1 }) };
    expect(() => {
      for (let i = 0; i < 50; i++) withThreads(2, () => run(slow, {}, { units: 8, work: 1e6 }));
    }).toThrow("tinyconv: expected every thread to do its share, got a worker thread that failed.");

    const before = unitsDoneByWorkers();
    const weights = await trainedWeights("lenet", 2);
    expect(weights).toEqual(await trainedWeights("lenet", 1));
    expect(unitsDoneByWorkers()).toBe(before);
    expect(warn.mock.calls).toEqual([
      ["tinyconv: a worker thread failed (in a job), so one thread computes from now on."],
    ]);
  });
});
