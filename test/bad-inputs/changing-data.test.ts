import { Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { loadModel, saveModel } from "../../src/formats/model-file.js";
import { augmentedBatches } from "../../src/mnist/augmented-batches.js";
import { readIdxDataset } from "../../src/mnist/idx-dataset.js";
import type { Callback } from "../../src/model/callback.js";
import type { Dataset, Pixels } from "../../src/model/dataset.js";
import { splitDataset } from "../../src/model/split-dataset.js";
import { SGD } from "../../src/optim/sgd.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { oneHot } from "../../src/tensor/one-hot.js";
import { Random } from "../../src/tensor/random.js";
import { idxImages, idxLabels } from "../helpers/idx.js";
import { bitsOf, smallDataset, smallNetwork } from "../helpers/models.js";

const sgd = () => new SGD({ learningRate: 1e-3, momentum: 0.5 });

/** The same bytes in memory that threads share. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** n images of random bytes for `smallNetwork`. */
function pixels(n: number, seed: number): Pixels {
  const random = new Random(seed);
  return { data: Uint8Array.from({ length: n * 36 }, () => random.integer(256)), shape: [n, 6, 6, 1] };
}

const classes = (n: number, seed: number) => [...smallDataset(n, seed).labels];

/** Does something once, after the given step. */
function afterStep(step: number, act: () => void): Callback {
  return { onBatchEnd: ({ model }) => void (model.steps === step && act()) };
}

/** Sends a buffer to another thread: here it has no elements from then on. */
function send({ buffer }: { buffer: ArrayBufferLike }): void {
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
}

describe("data that change while fit runs", () => {
  const kinds: [string, (seed: number) => Dataset][] = [
    ["pixels", (seed) => ({ images: pixels(10, seed), labels: classes(10, 1) })],
    ["a tensor", (seed) => ({ images: smallDataset(10, seed).images, labels: classes(10, 1) })],
    ["labels", (seed) => ({ images: pixels(10, 1), labels: classes(10, seed) })],
    ["soft targets", (seed) => ({ images: pixels(10, 1), labels: oneHot(classes(10, seed), 3) })],
  ];

  const numbersOf = ({ images, labels }: Dataset) =>
    [images.data, "data" in labels ? labels.data : labels] as (number[] | Uint8Array | Float32Array)[];

  test.each(kinds)("are trained on as they are at the time: %s", async (_, make) => {
    const [first, second] = [make(1), make(2)];
    const [expected, changed] = [smallNetwork(1), smallNetwork(1)];
    const optimizer = sgd();
    for (const data of [first, second]) await expected.fit(data, { batchSize: 4, optimizer });
    const change: Callback = {
      onEpochEnd: ({ epoch }) => {
        if (epoch !== 1) return;
        const [from, to] = [numbersOf(second), numbersOf(first)];
        for (const [i, numbers] of to.entries()) {
          for (let n = 0; n < numbers.length; n++) numbers[n] = from[i]![n]!;
        }
      },
    };
    await changed.fit(first, { epochs: 2, batchSize: 4, optimizer: sgd(), callbacks: [change] });
    expect(bitsOf(changed)).toEqual(bitsOf(expected));
  });

  test("may be shared with a thread that writes to them", async () => {
    const images = pixels(10, 1);
    const { buffer } = shared(images.data);
    const data = new Uint8Array(buffer);
    const writer = new Worker(
      "const bytes = new Uint8Array(require('node:worker_threads').workerData);" +
        "for (let i = 0; ; i++) bytes[i % bytes.length] = i;",
      { eval: true, workerData: buffer },
    );
    await new Promise((resolve) => writer.once("online", resolve));
    const history = await smallNetwork(1).fit(
      { images: { ...images, data }, labels: classes(10, 1) },
      // until something was written
      {
        epochs: 1e6,
        optimizer: sgd(),
        callbacks: [{ onEpochEnd: () => (data[0] === images.data[0] ? undefined : "stop") }],
      },
    );
    await writer.terminate();
    for (const loss of history.loss) expect(loss).toBeGreaterThan(0);
  });
});

describe("data that are gone while fit runs", () => {
  const steps = { batchSize: 1, shuffle: false };

  test("end it, where their buffer was sent to another thread", async () => {
    const data = { images: pixels(10, 1), labels: classes(10, 1) };
    const model = smallNetwork(1);
    await expect(
      model.fit(data, { ...steps, callbacks: [afterStep(3, () => send(data.images.data))] }),
    ).rejects.toThrow(new ShapeError("Sequential.fit: expected 360 pixels for shape [10, 6, 6, 1], got 0."));
    expect(model.steps).toBe(3);

    const augmented = { images: pixels(10, 1), labels: classes(10, 1) };
    await expect(
      smallNetwork(1).fit(augmentedBatches(augmented, { batchSize: 1 }), {
        callbacks: [afterStep(3, () => send(augmented.images.data))],
      }),
    ).rejects.toThrow(
      new ShapeError("augmentedBatches: expected 360 pixels for shape [10, 6, 6, 1], got 0."),
    );

    const floats = smallDataset(10, 1);
    await expect(
      smallNetwork(1).fit(floats, { ...steps, callbacks: [afterStep(3, () => send(floats.images.data))] }),
    ).rejects.toThrow(
      new ShapeError(
        "Sequential.fit: expected images to be a Tensor with its data, got one whose buffer was transferred, as to another thread. Transfer a copy.",
      ),
    );

    const { images } = smallDataset(10, 1);
    const labels = oneHot(classes(10, 1), 3);
    await expect(
      smallNetwork(1).fit(
        { images, labels },
        { ...steps, callbacks: [afterStep(3, () => send(labels.data))] },
      ),
    ).rejects.toThrow(
      new RangeError(
        "SoftmaxCrossEntropy.forward: expected targets to be finite numbers >= 0, got NaN in sample 0.",
      ),
    );
  });

  test.each<[string, (labels: number[]) => void, string]>([
    ["a number that is no class", (labels) => labels.fill(3), "3"],
    ["a fraction", (labels) => labels.fill(0.5), "0.5"],
    ["NaN", (labels) => labels.fill(Number.NaN), "NaN"],
    ["nothing", (labels) => labels.splice(0), "undefined"],
  ])("end it, where a label has become %s", async (_, change, got) => {
    const labels = classes(10, 1);
    const model = smallNetwork(1);
    await expect(
      model.fit(
        { images: pixels(10, 1), labels },
        { ...steps, callbacks: [afterStep(3, () => change(labels))] },
      ),
    ).rejects.toThrow(new RangeError(`Sequential.fit: expected labels from 0 to 2, got ${got} at index 0.`));
    expect(model.steps).toBe(3);
  });

  test("end an evaluation too", async () => {
    const data = { images: pixels(10, 1), labels: classes(10, 1) };
    function* batches() {
      yield data;
      send(data.images.data);
      yield data;
    }
    await expect(smallNetwork(1).evaluate(batches)).rejects.toThrow(
      new ShapeError("Sequential.evaluate: expected 360 pixels for shape [10, 6, 6, 1], got 0."),
    );
  });
});

describe("memory that threads share", () => {
  const own = { images: pixels(10, 1), labels: Uint8Array.from(classes(10, 1)) };
  const both = [
    own,
    { images: { ...own.images, data: shared(own.images.data) }, labels: shared(own.labels) },
  ] as const;

  test("serves as pixels and as labels, and gives the same bits", async () => {
    const [expected, results] = await Promise.all(
      both.map(async (data) => {
        const model = smallNetwork(1);
        const optimizer = sgd();
        await model.fit(data, { epochs: 2, batchSize: 4, optimizer });
        await model.fit(augmentedBatches(data, { batchSize: 4 }), { optimizer });
        model.trainOnBatch(data, { optimizer });
        return [bitsOf(model), model.predict(data.images).toArray(), await model.evaluate(data)];
      }),
    );
    expect(results).toEqual(expected);
  });

  test("serves as the bytes of a file", async () => {
    const [images, labels] = [idxImages(4, 2, 2), idxLabels([0, 1, 0, 1])];
    const expected = await readIdxDataset(images, labels);
    for (const pack of [(bytes: Uint8Array) => bytes, gzipSync]) {
      const dataset = await readIdxDataset(shared(pack(images)), shared(pack(labels)));
      expect(dataset).toEqual(expected);
      const random = () => new Random(1);
      expect(splitDataset(dataset, 0.25, { random: random() })).toEqual(
        splitDataset(expected, 0.25, { random: random() }),
      );
    }
    const model = smallNetwork(1);
    expect(bitsOf(loadModel(shared(saveModel(model))))).toEqual(bitsOf(model));
  });
});
