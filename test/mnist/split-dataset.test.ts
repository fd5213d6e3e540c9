import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IdxDataset } from "../../src/mnist/idx-dataset.js";
import { splitDataset } from "../../src/mnist/split-dataset.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Random } from "../../src/tensor/random.js";

/** Images of 1 x 2 pixels: image i is i and i again, of class i mod `classes`. */
function pairs(n: number, classes = 2): IdxDataset {
  const data = Uint8Array.from({ length: 2 * n }, (_, i) => i >> 1);
  return {
    images: { data, shape: [n, 1, 2, 1] },
    labels: Uint8Array.from({ length: n }, (_, i) => i % classes),
  };
}

describe("splitDataset", () => {
  test("takes the last images, without a copy", () => {
    const data = pairs(10);
    const { rest, taken } = splitDataset(data, 0.2);
    expect(rest.images.shape).toEqual([8, 1, 2, 1]);
    expect([...taken.images.data]).toEqual([8, 8, 9, 9]);
    expect([...taken.labels]).toEqual([0, 1]);
    expect(taken.images.data.buffer).toBe(data.images.data.buffer);
  });

  test("draws them, the same ones for the same seed, each image with its label and on one side", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 100 }),
        fc.double({ min: 0.1, max: 0.5 }),
        fc.nat(),
        (n, share, seed) => {
          const { rest, taken } = splitDataset(pairs(n), share, { random: new Random(seed) });
          const images = [rest, taken].flatMap(({ images, labels }) =>
            Array.from(labels, (label, i) => [images.data[2 * i], images.data[2 * i + 1], label]),
          );
          expect(rest.labels.length).toBe(Math.floor(n * (1 - share)));
          expect(images.sort(([a], [b]) => a! - b!)).toEqual(
            Array.from({ length: n }, (_, i) => [i, i, i % 2]),
          );
          const again = splitDataset(pairs(n), share, { random: new Random(seed) });
          expect(again).toEqual({ rest, taken });
        },
      ),
      { seed: 4 },
    );
    const drawn = splitDataset(pairs(100), 0.2, { random: new Random(1) }).taken.images.data;
    expect([...drawn]).not.toEqual([...pairs(100).images.data.subarray(160)]);
  });

  test.each([
    [0, 10, "splitDataset: expected share to be a finite number > 0 and < 1, got 0 (number)."],
    [1, 10, "splitDataset: expected share to be a finite number > 0 and < 1, got 1 (number)."],
    [
      0.5,
      1,
      "splitDataset: expected a share that leaves images on both sides, got 0.5 (number) of 1 images.",
    ],
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

  test("refuses to leave a class out of the rest", () => {
    expect(() => splitDataset(pairs(10, 10), 0.2)).toThrow(
      new RangeError(
        "splitDataset: expected images of class 8 among the 8 that are left, got all of them taken. If the images are sorted by class, draw them with random.",
      ),
    );
    expect(() => splitDataset(pairs(10, 10), 0.2, { random: new Random(1) })).toThrow(
      new RangeError(
        "splitDataset: expected images of class 4 among the 8 that are left, got all of them taken. Take a smaller share.",
      ),
    );
  });
});
