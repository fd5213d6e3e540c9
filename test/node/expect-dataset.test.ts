import { expect, test } from "vitest";
import { expectByteDataset } from "../../src/node/expect-dataset.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";

const shapes = { inputShape: [1, 1, 1], outputShape: [2] };
const images = { data: Uint8Array.of(7, 8), shape: [2, 1, 1, 1] as const };
const labels = Uint8Array.of(0, 1);

test("expectByteDataset counts the images", () => {
  expect(expectByteDataset("readIt", { images, labels }, shapes)).toBe(2);
});

test("expectByteDataset refuses tensors, which other datasets may be of", () => {
  const tensors: object = { images: new Tensor([2, 1, 1, 1]), labels };
  expect(() => expectByteDataset("readIt", { images, labels, ...tensors }, shapes)).toThrow(
    new TypeError(
      "readIt: expected images to be bytes, { data: Uint8Array, shape }, got a value of type Tensor.",
    ),
  );
  const targets: object = { labels: new Tensor([2, 2]) };
  expect(() => expectByteDataset("readIt", { images, labels, ...targets }, shapes)).toThrow(
    new TypeError("readIt: expected labels to be class numbers, got a value of type Tensor."),
  );
});

test("expectByteDataset refuses what no dataset is", () => {
  const one = Uint8Array.of(0);
  expect(() => expectByteDataset("readIt", { images, labels: one }, shapes)).toThrow(
    new ShapeError("readIt: expected as many labels as images, 2, got 1."),
  );
});
