import { describe, expect, test } from "vitest";
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from "../../src/formats/checkpoint.js";
import { Dense } from "../../src/layers/dense.js";
import { Flatten } from "../../src/layers/flatten.js";
import { Augmentation } from "../../src/mnist/augmentation.js";
import { augmentedBatches, type PixelDataset } from "../../src/mnist/augmented-batches.js";
import type { Callback } from "../../src/model/callback.js";
import type { Dataset } from "../../src/model/dataset.js";
import { Sequential } from "../../src/model/sequential.js";
import { SGD } from "../../src/optim/sgd.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Random } from "../../src/tensor/random.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { bitsOf } from "../helpers/models.js";

/** n images of 8 x 8 pixels of random bytes; the label of an image is its number. */
function numbered(n: number): PixelDataset {
  const random = new Random(1);
  return {
    images: { data: Uint8Array.from({ length: n * 64 }, () => random.integer(256)), shape: [n, 8, 8, 1] },
    labels: Uint8Array.from({ length: n }, (_, i) => i),
  };
}

/** The images of an epoch by their numbers, and the order and the batches they came in. */
function collect(batches: Iterable<Dataset>) {
  const images = new Map<number, string>();
  const sizes: number[] = [];
  for (const { images: pixels, labels } of batches) {
    const numbers = [...(labels as number[])];
    sizes.push(numbers.length);
    expect(pixels.shape).toEqual([numbers.length, 8, 8, 1]);
    for (const [i, number] of numbers.entries()) {
      images.set(number, pixels.data.slice(64 * i, 64 * i + 64).join());
    }
  }
  return { images, sizes, order: [...images.keys()] };
}

const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

describe("augmentedBatches", () => {
  test("gives all images once in an epoch, in another order in the next", () => {
    const source = augmentedBatches(numbered(20), { batchSize: 6 });
    const [first, second] = [collect(source(1)), collect(source(2))];
    expect(first.sizes).toEqual([6, 6, 6, 2]);
    for (const { order } of [first, second]) expect(sorted(order)).toEqual([...Array(20).keys()]);
    expect(first.order).not.toEqual(sorted(first.order));
    expect(second.order).not.toEqual(first.order);
  });

  test("warps each image as the augmentation says, whatever its batch", () => {
    const augmentation = new Augmentation({ seed: 9 });
    const expected = numbered(20);
    augmentation.apply(expected.images, { epoch: 2, numbers: [...Array(20).keys()] });
    for (const [batchSize, seed] of [
      [1, 1],
      [7, 2],
      [64, 3],
    ] as const) {
      const random = new Random(seed);
      const { images } = collect(augmentedBatches(numbered(20), { batchSize, augmentation, random })(2));
      for (const [number, pixels] of images) {
        expect(pixels).toBe(expected.images.data.slice(64 * number, 64 * number + 64).join());
      }
    }
  });

  test("is the same for the same seed, and does not touch the dataset", () => {
    const data = numbered(20);
    const run = (seed: number) =>
      [1, 2].map((epoch) =>
        collect(augmentedBatches(data, { augmentation: new Augmentation({ seed }) })(epoch)),
      );
    expect(run(4)).toEqual(run(4));
    expect(run(5)).not.toEqual(run(4));
    expect(data).toEqual(numbered(20));
  });

  test("depends, without a generator, on the seed and the epoch alone", () => {
    const source = augmentedBatches(numbered(20), { batchSize: 6 });
    const third = collect(source(3));
    for (const epoch of [1, 2, 3]) collect(source(epoch));
    expect(collect(source(3))).toEqual(third);
    expect(collect(augmentedBatches(numbered(20), { batchSize: 6 })(3))).toEqual(third);
    expect(third.order).toEqual([...new Augmentation().order(3, 20)]);
  });

  test("is resumed at any step with the same bits", async () => {
    const { images, labels } = numbered(10);
    const data = { images, labels: (labels as Uint8Array).map((i) => i % 2) };
    const train = async (callback: Callback, from?: Checkpoint) => {
      const model =
        from?.model ?? new Sequential({ inputShape: [8, 8, 1] }, [new Flatten(), new Dense({ units: 2 })]);
      const { loss } = await model.fit(augmentedBatches(data, { batchSize: 4 }), {
        epochs: 3,
        optimizer: new SGD({ learningRate: 1e-4 }),
        callbacks: [callback],
        resume: from?.state,
      });
      return { weights: bitsOf(model), loss };
    };
    const saved: Uint8Array[] = [];
    const whole = await train({
      onCheckpoint: ({ model, state }) => {
        saved.push(saveCheckpoint(model, state()));
      },
    });
    expect(saved.length).toBeGreaterThanOrEqual(9); // steps
    for (const bytes of saved) expect(await train({}, loadCheckpoint(bytes))).toEqual(whole);
  });

  test("takes its order from the generator it is given", () => {
    const { order } = collect(augmentedBatches(numbered(20), { random: new Random(8) })(1));
    expect(order).toEqual([...new Random(8).permutation(20)]);
  });

  test("uses the memory of a batch for the next, and takes soft targets", () => {
    const { images } = numbered(4);
    const labels = Tensor.from([
      [1, 0],
      [0, 1],
      [0.5, 0.5],
      [0.25, 0.75],
    ]);
    const source = augmentedBatches({ images, labels }, { batchSize: 2, random: new Random(2) });
    const order = new Random(2).permutation(4);
    const buffers = new Set<ArrayBufferLike>();
    let row = 0;
    for (const batch of source(1)) {
      buffers.add(batch.images.data.buffer);
      for (const target of (batch.labels as Tensor).toArray() as number[][]) {
        expect(target).toEqual([...labels.data.subarray(2 * order[row]!, 2 * order[row]! + 2)]);
        row++;
      }
    }
    expect({ buffers: buffers.size, row }).toEqual({ buffers: 1, row: 4 });
  });

  test("refuses what does not fit", () => {
    const data = numbered(3);
    expect(() => augmentedBatches(data, { batchSize: 0 })).toThrow(
      new RangeError("augmentedBatches: expected batchSize to be a whole number >= 1, got 0 (number)."),
    );
    expect(() => augmentedBatches({ ...data, labels: [1, 2] })).toThrow(
      new ShapeError("augmentedBatches: expected as many labels as images, 3, got 2."),
    );
    const [batch] = augmentedBatches({ ...data, labels: [0.5, 0.5, 0.5] })(1);
    expect(batch?.labels).toEqual([0.5, 0.5, 0.5]); // the model knows the classes, and is to refuse it
    expect(() => augmentedBatches({ ...data, images: Tensor.zeros([3, 8, 8, 1]) as never })).toThrow(
      new TypeError(
        "augmentedBatches: expected images as bytes, { data: Uint8Array, shape }, got a Tensor. Augment them before they become one.",
      ),
    );
    expect(() => augmentedBatches(data, { augmentation: { seed: 1 } as never })).toThrow(
      new TypeError("augmentedBatches: expected augmentation to be an Augmentation, got an object."),
    );
    expect(() => augmentedBatches(data, { random: 5 as never })).toThrow(
      new TypeError("augmentedBatches: expected random to be a Random, got 5 (number)."),
    );
  });
});
