import { createHash } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { weightBytes } from "../../src/formats/weight-bytes.js";
import { Adam, AdamW, Random, type Sequential, SGD, saveModel } from "../../src/index.js";
import { createNetwork, testModel } from "../../src/mnist/index.js";
import { findMnistData, readMnistFolder } from "../../src/node/index.js";
import type { DigitSet } from "../../web/src/digits.js";
import { createModel, createOptimizer } from "../../web/src/train/create.js";
import { Gate } from "../../web/src/train/gate.js";
import { type EpochReport, NETWORKS, type Settings } from "../../web/src/train/protocol.js";
import { checksumOf, train } from "../../web/src/train/training.js";

const mnist = await readMnistFolder(findMnistData());
const part = ({ images, labels }: typeof mnist.test, count: number): DigitSet => ({
  images: { data: images.data.subarray(0, count * 784), shape: [count, 28, 28, 1] },
  labels: labels.subarray(0, count),
});
const digits = { train: part(mnist.train, 300), test: part(mnist.test, 120) };

const settings: Settings = {
  model: "small",
  optimizer: "adam",
  learningRate: 0.01,
  batchSize: 40,
  epochs: 2,
  seed: 7,
};

const hash = (model: Sequential): string => createHash("sha256").update(weightBytes(model)).digest("hex");

afterEach(() => vi.restoreAllMocks());

describe("train", () => {
  test("gives the weights of a plain fit with the same seed, bit for bit, and their checksum", async () => {
    const plain = createNetwork("lenet", { seed: 7 });
    await plain.fit(digits.train, {
      batchSize: 40,
      epochs: 2,
      optimizer: new Adam({ learningRate: 0.002 }),
    });
    const trained = await train({ ...settings, model: "lenet", learningRate: 0.002 }, digits);
    expect(await checksumOf(trained)).toBe(await hash(plain));
    expect(weightBytes(trained)).toEqual(weightBytes(plain));
    const other = await train({ ...settings, model: "lenet", learningRate: 0.002, seed: 8 }, digits);
    expect(await checksumOf(other)).not.toBe(await hash(plain));
  });

  test("gives the same weights however it is watched, and wherever it paused", async () => {
    const alone = await train(settings, digits);
    const gate = new Gate();
    let waited = 0;
    const watched = await train(settings, digits, {
      onBatch: () => {},
      wait: async () => {
        waited++;
        gate.close();
        setTimeout(() => gate.open());
        await gate.pass();
      },
      onEpoch: async (_, model) => {
        model.predict(digits.test.images);
      },
    });
    expect(waited).toBe(1 + 2 * 8 + 2); // before the first step, after each one, after each epoch
    expect(await checksumOf(watched)).toBe(await checksumOf(alone));
  });

  test("does not count a pause as time of training", async () => {
    let now = 0; // a clock that stands still but in pauses
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const seconds: number[] = [];
    await train({ ...settings, epochs: 1 }, digits, {
      onBatch: (event) => seconds.push(event.seconds),
      wait: async () => {
        now += 1000;
      },
    });
    expect(seconds).toEqual(new Array(8).fill(0));
  });

  test("reports on each epoch what a test of the model says", async () => {
    const reports: EpochReport[] = [];
    const tested: Awaited<ReturnType<typeof testModel>>[] = [];
    const losses: number[] = [];
    await train(settings, digits, {
      onBatch: ({ batch, batches, loss }) => {
        if (batch === batches) losses.push(loss);
      },
      onEpoch: async (report, model) => {
        reports.push(report);
        tested.push(await testModel(model, digits.test));
      },
    });
    expect(reports.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(reports.map(({ loss }) => loss)).toEqual(losses);
    for (const [i, report] of reports.entries()) {
      const { loss, accuracy, confusion, mistakes } = tested[i]!;
      expect(report.testLoss).toBe(loss);
      expect(report.testAccuracy).toBe(accuracy);
      expect(report.confusion).toEqual(confusion.counts);
      expect(mistakes.length).toBeGreaterThan(12); // so that there are some to leave out
      expect(report.mistakes).toEqual(
        mistakes.slice(0, 12).map(({ index, label: wanted, predicted: got, probability }) => ({
          index,
          wanted,
          got,
          probability,
        })),
      );
    }
  });

  test("fails as fit does for settings that do not fit", async () => {
    await expect(train({ ...settings, batchSize: 0 }, digits)).rejects.toThrow(
      "Sequential.fit: expected batchSize to be a whole number >= 1, got 0 (number).",
    );
  });
});

describe("createModel", () => {
  test.each(["lenet", "compact", "reference"] as const)("makes the library's %s", async (model) => {
    expect(await hash(createModel({ model, seed: 4 }))).toBe(await hash(createNetwork(model, { seed: 4 })));
  });

  test("makes a small network of 1,554 weights, other ones for another seed", async () => {
    const model = createModel({ model: "small", seed: 4 });
    expect(model.weights.reduce((sum, { value }) => sum + value.size, 0)).toBe(1554);
    expect(model.outputShape).toEqual([10]);
    expect(await hash(createModel({ model: "small", seed: 5 }))).not.toBe(await hash(model));
  });

  test("goes on from a file, with the order of the digits of the seed", async () => {
    const made = createNetwork("lenet", { seed: 4 });
    const loaded = createModel({ model: saveModel(made), seed: 9 });
    expect(await hash(loaded)).toBe(await hash(made));
    expect(loaded.random.state()).toEqual(new Random(9).state());
  });

  test("is asked for networks that there are", () => {
    for (const model of NETWORKS) expect(createModel({ model, seed: 0 }).inputShape).toEqual([28, 28, 1]);
  });
});

describe("createOptimizer", () => {
  test("makes the optimizer of that name, with the learning rate", () => {
    const made = (["sgd", "adam", "adamw"] as const).map((optimizer) =>
      createOptimizer({ optimizer, learningRate: 0.03 }),
    );
    expect(made[0]).toBeInstanceOf(SGD);
    expect(made[1]).toBeInstanceOf(Adam);
    expect(made[2]).toBeInstanceOf(AdamW);
    expect(made.map(({ learningRate }) => learningRate)).toEqual([0.03, 0.03, 0.03]);
  });
});
