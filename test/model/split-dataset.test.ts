import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Targets } from "../../src/layers/loss.js";
import type { IdxDataset } from "../../src/mnist/idx-dataset.js";
import { splitDataset } from "../../src/model/split-dataset.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Random } from "../../src/tensor/random.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** Images of 1 x 2 pixels: image i is i and i again, of class i mod `classes`. */
function pairs(n: number, classes = 2): IdxDataset {
  const data = Uint8Array.from({ length: 2 * n }, (_, i) => i >> 1);
  return {
    images: { data, shape: [n, 1, 2, 1] },
    labels: Uint8Array.from({ length: n }, (_, i) => i % classes),
  };
}

describe("splitDataset", () => {
  test("holds out the last images, without a copy", () => {
    const data = pairs(10);
    const { train, heldOut } = splitDataset(data, 0.2);
    expect(train.images.shape).toEqual([8, 1, 2, 1]);
    expect([...heldOut.images.data]).toEqual([8, 8, 9, 9]);
    expect([...heldOut.labels]).toEqual([0, 1]);
    expect(heldOut.images.data.buffer).toBe(data.images.data.buffer);
  });

  test("draws them, the same ones for the same seed, each image with its label and on one side", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 100 }),
        fc.double({ min: 0.1, max: 0.5 }),
        fc.nat(),
        (n, share, seed) => {
          const { train, heldOut } = splitDataset(pairs(n), share, { random: new Random(seed) });
          const images = [train, heldOut].flatMap(({ images, labels }) =>
            Array.from(labels, (label, i) => [images.data[2 * i], images.data[2 * i + 1], label]),
          );
          expect(train.labels.length).toBe(n - Math.round(n * share));
          expect(images.sort(([a], [b]) => a! - b!)).toEqual(
            Array.from({ length: n }, (_, i) => [i, i, i % 2]),
          );
          const again = splitDataset(pairs(n), share, { random: new Random(seed) });
          expect(again).toEqual({ train, heldOut });
        },
      ),
      { seed: 4 },
    );
    const drawn = splitDataset(pairs(100), 0.2, { random: new Random(1) }).heldOut.images.data;
    expect([...drawn]).not.toEqual([...pairs(100).images.data.subarray(160)]);
  });

  test.each([
    [0.1, 10, 1],
    [0.2, 42_000, 8400],
    [0.2, 33_600, 6720],
    [0.8, 10, 8], // 10·(1 − 0.8) is 1.9999999999999996
    [0.9, 10, 9], // 10·(1 − 0.9) is 0.9999999999999998
    [0.25, 7, 2], // of 1.75
    [0.25, 5, 1], // of 1.25
  ])("rounds a share of %d of %d images to %d", (share, n, count) => {
    const { train, heldOut } = splitDataset(pairs(n, 1), share);
    expect([train.labels.length, heldOut.labels.length]).toEqual([n - count, count]);
  });

  test("cuts between images of three channels", () => {
    const pixels = Uint8Array.from({ length: 30 }, (_, i) => Math.floor(i / 3));
    const data = { images: { data: pixels, shape: [10, 1, 1, 3] }, labels: new Uint8Array(10) };
    const { train, heldOut } = splitDataset(data, 0.2);
    expect(train.images.shape).toEqual([8, 1, 1, 3]);
    expect([...heldOut.images.data]).toEqual([8, 8, 8, 9, 9, 9]);
    const drawn = splitDataset(data, 0.2, { random: new Random(1) }).heldOut.images;
    const order = new Random(1).permutation(10);
    expect([...drawn.data]).toEqual([...order.subarray(8)].flatMap((i) => [i, i, i]));
  });

  test("leaves a tensor a tensor, and labels of the type that they are of", () => {
    const order = [...new Random(1).permutation(10)];
    const images = Tensor.from(Array.from({ length: 10 }, (_, i) => [i]));
    const split = <L extends Targets>(labels: L) =>
      splitDataset({ images, labels }, 0.2, { random: new Random(1) });

    const odd = order.map((i) => i % 2);
    const { train, heldOut } = split(Int32Array.from({ length: 10 }, (_, i) => i % 2));
    expect(train.labels).toEqual(Int32Array.from(odd.slice(0, 8)));
    expect(heldOut).toEqual({
      images: Tensor.from(order.slice(8).map((i) => [i])),
      labels: Int32Array.from(odd.slice(8)),
    });
    expect(split(Array.from({ length: 10 }, (_, i) => i % 2)).train.labels).toEqual(odd.slice(0, 8));
    // soft targets need not be seen in training
    const soft = Tensor.from(Array.from({ length: 10 }, (_, i) => [i, 1]));
    expect(split(soft).heldOut.labels).toEqual(Tensor.from(order.slice(8).map((i) => [i, 1])));
  });

  test.each([
    [0, 10, "splitDataset: expected share to be a finite number > 0 and < 1, got 0 (number)."],
    [1, 10, "splitDataset: expected share to be a finite number > 0 and < 1, got 1 (number)."],
    [0.5, 1, "splitDataset: expected share to leave images on both sides, got 0.5 (number) of 1 images."],
  ])("refuses a share of %d of %d images", (share, n, message) => {
    expect(() => splitDataset(pairs(n), share)).toThrow(new RangeError(message));
  });

  test("refuses images and labels that do not belong together, and a random that is none", () => {
    const { images, labels } = pairs(10);
    const refused: [unknown, object, Error][] = [
      [
        { images, labels: labels.subarray(1) },
        {},
        new ShapeError("splitDataset: expected as many labels as images, 10, got 9."),
      ],
      [
        { images: { ...images, data: images.data.subarray(2) }, labels },
        {},
        new ShapeError("splitDataset: expected 20 pixels for shape [10, 1, 2, 1], got 18."),
      ],
      [undefined, {}, new TypeError("splitDataset: expected a dataset { images, labels }, got undefined.")],
      [
        pairs(10),
        { random: 3 },
        new TypeError("splitDataset: expected random to be a Random, got 3 (number)."),
      ],
    ];
    for (const [data, options, error] of refused) {
      expect(() => splitDataset(data as IdxDataset, 0.5, options)).toThrow(error);
    }
    expect(() => splitDataset(pairs(0), 0.5)).toThrow(
      new RangeError("splitDataset: expected at least one image, got none."),
    );
  });

  test("refuses to leave a class out of the training", () => {
    expect(() => splitDataset(pairs(10, 10), 0.2)).toThrow(
      new RangeError(
        "splitDataset: expected images of class 8 among the 8 to train on, got all of them held out. If the images are sorted by class, draw them with random.",
      ),
    );
    expect(() => splitDataset(pairs(10, 10), 0.2, { random: new Random(1) })).toThrow(
      new RangeError(
        "splitDataset: expected images of class 4 among the 8 to train on, got all of them held out. Take a smaller share.",
      ),
    );
  });
});
