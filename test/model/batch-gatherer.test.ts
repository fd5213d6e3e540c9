import { describe, expect, test } from "vitest";
import { BatchGatherer } from "../../src/model/batch-gatherer.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";

const order = Uint32Array.of(2, 0, 3, 1);
const images = Tensor.from([
  [0, 1],
  [10, 11],
  [20, 21],
  [30, 31],
]);

describe("BatchGatherer", () => {
  test("gathers samples in the order it is given, and a last batch of what is left", () => {
    const gatherer = new BatchGatherer({ images, labels: [5, 6, 7, 8] }, 3);
    expect(gatherer.gather(order, 0, 3)).toEqual({
      images: Tensor.from([
        [20, 21],
        [0, 1],
        [30, 31],
      ]),
      labels: [7, 5, 8],
    });
    expect(gatherer.gather(order, 3, 4)).toEqual({
      images: Tensor.from([[10, 11]]),
      labels: [6],
    });
  });

  test("leaves pixels pixels, and takes targets of any shape", () => {
    const pixels = { data: Uint8Array.from({ length: 8 }, (_, i) => i), shape: [4, 2, 1] };
    const matrices = Tensor.from([1, 2, 3, 4, 5, 6, 7, 8], [4, 1, 2]);
    expect(new BatchGatherer({ images: pixels, labels: matrices }, 2).gather(order, 0, 2)).toEqual({
      images: { data: Uint8Array.of(4, 5, 0, 1), shape: [2, 2, 1] },
      labels: Tensor.from([5, 6, 1, 2], [2, 1, 2]),
    });
    const numbers = Tensor.from([1, 2, 3, 4]);
    expect(new BatchGatherer({ images, labels: numbers }, 2).gather(order, 0, 2).labels).toEqual(
      Tensor.from([3, 1]),
    );
  });

  test("leaves class numbers as they are, so that whoever takes the batch can refuse them", () => {
    const labels = [0.5, Number.NaN, 300, -1];
    expect(new BatchGatherer({ images, labels }, 4).gather(order, 0, 4).labels).toEqual([
      300,
      0.5,
      -1,
      Number.NaN,
    ]);
  });

  test("refuses pixels of which some are gone", () => {
    const buffer = new ArrayBuffer(8);
    const pixels = { data: new Uint8Array(buffer), shape: [4, 2] };
    const gatherer = new BatchGatherer({ images: pixels, labels: [0, 0, 0, 0] }, 2, "Here");
    gatherer.gather(order, 0, 2);
    structuredClone(buffer, { transfer: [buffer] });
    expect(() => gatherer.gather(order, 2, 4)).toThrow(
      new ShapeError("Here: expected 8 pixels for shape [4, 2], got 0."),
    );
  });

  test("uses its memory again, and leaves the data as it is", () => {
    const gatherer = new BatchGatherer({ images, labels: images }, 2);
    const first = gatherer.gather(order, 0, 2);
    const second = gatherer.gather(order, 2, 4);
    expect(second.images.data.buffer).toBe(first.images.data.buffer);
    expect((second.labels as Tensor).data.buffer).toBe((first.labels as Tensor).data.buffer);
    expect(second.images.data.buffer).not.toBe(images.data.buffer);
    expect(images.toArray()).toEqual([
      [0, 1],
      [10, 11],
      [20, 21],
      [30, 31],
    ]);
  });
});
