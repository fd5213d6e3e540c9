import { describe, expect, test } from "vitest";
import type { IdxDataset } from "../../src/mnist/idx-dataset.js";
import {
  countImages,
  expectDataset,
  expectImages,
  sliceDataset,
  sliceImages,
  sliceTensor,
} from "../../src/model/dataset.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";

const ends = { inputShape: [2, 2, 1], outputShape: [3] };
const images = new Tensor([2, 2, 2, 1]);

describe("expectImages", () => {
  test("counts tensors and pixels of the right shape", () => {
    expect(expectImages("Here", images, [2, 2, 1])).toBe(2);
    expect(expectImages("Here", { data: new Uint8Array(12), shape: [3, 2, 2, 1] }, [2, 2, 1])).toBe(3);
    expect(countImages(images)).toBe(2);
  });

  test("says how to give images their shape where the numbers are right", () => {
    const remedies: [number[], number[], string][] = [
      [[28, 28, 1], [28, 28, 1], " Add the batch axis: images.reshape([1, 28, 28, 1])."],
      [[5, 784], [28, 28, 1], " Give them their axes: images.reshape([5, 28, 28, 1])."],
      [[5, 28, 28], [28, 28, 1], " Give them their axes: images.reshape([5, 28, 28, 1])."],
      [[5, 1, 28, 28], [28, 28, 1], " Give them their axes: images.reshape([5, 28, 28, 1])."],
      [
        [5, 3, 8, 8],
        [8, 8, 3],
        " The axes are another order of the same lengths: images are [N, H, W, C], channels last.",
      ],
      [[5, 27, 27, 1], [28, 28, 1], ""],
      [[], [1], ""],
    ];
    for (const [shape, sampleShape, remedy] of remedies) {
      const wanted = ["N", ...sampleShape].join(", ");
      expect(() => expectImages("Here", new Tensor(shape), sampleShape)).toThrow(
        new ShapeError(`Here: expected images of shape [${wanted}], got [${shape.join(", ")}].${remedy}`),
      );
    }
    expect(() => expectImages("Here", { data: new Uint8Array(4), shape: [2, 2, 1] }, [2, 2, 1])).toThrow(
      new ShapeError(
        "Here: expected images of shape [N, 2, 2, 1], got [2, 2, 1]. Add the batch axis: shape: [1, 2, 2, 1].",
      ),
    );
  });

  test("refuses no images", () => {
    expect(() => expectImages("Here", new Tensor([0, 2, 2, 1]), [2, 2, 1])).toThrow(
      new RangeError("Here: expected at least one image, got none."),
    );
  });

  test("refuses pixels that are not as many as their shape says, or whose shape is none", () => {
    const pixels = (length: number, shape: number[]) => ({ data: new Uint8Array(length), shape });
    expect(() => expectImages("Here", pixels(7, [2, 2, 2, 1]), [2, 2, 1])).toThrow(
      new ShapeError("Here: expected 8 pixels for shape [2, 2, 2, 1], got 7."),
    );
    expect(() => expectImages("Here", pixels(2, [0.5, 2, 2, 1]), [2, 2, 1])).toThrow(
      new RangeError("Here: expected axes that are whole numbers >= 0, got [0.5, 2, 2, 1]."),
    );
  });

  test("refuses what is neither a tensor nor pixels", () => {
    const refused: [unknown, string][] = [
      [undefined, "undefined"],
      [[[1, 2]], "[[1, 2]]"],
      [new Uint8Array(4), "a value of type Uint8Array"],
      [
        { data: new Float32Array(4), shape: [1, 2, 2, 1] },
        "{ data: a value of type Float32Array, shape: [1, 2, 2, 1] }",
      ],
      [{ data: new Uint8Array(4) }, "{ data: a value of type Uint8Array, shape: undefined }"],
    ];
    for (const [value, got] of refused) {
      expect(() => expectImages("Here", value as never, [2, 2, 1])).toThrow(
        new TypeError(`Here: expected images to be a Tensor, or { data: Uint8Array, shape }, got ${got}.`),
      );
    }
  });
});

describe("expectDataset", () => {
  test("takes class numbers in any list, and targets as a tensor", () => {
    for (const labels of [[0, 2], Uint8Array.of(0, 2), Int32Array.of(0, 2), new Tensor([2, 3])]) {
      expect(expectDataset("Here", { images, labels }, ends)).toBe(2);
    }
  });

  test("refuses what is no dataset", () => {
    for (const [data, got] of [
      [undefined, "undefined"],
      [null, "null"],
      [images, "a value of type Tensor"],
      [{ images }, "an object"],
    ] as const) {
      expect(() => expectDataset("Here", data as never, ends)).toThrow(
        new TypeError(`Here: expected a dataset { images, labels }, got ${got}.`),
      );
    }
    expect(() => expectDataset("Here", { images, labels: "01" as never }, ends)).toThrow(
      new TypeError(
        'Here: expected labels to be class numbers or a Tensor of targets [N, K], got "01" (string).',
      ),
    );
  });

  test("refuses labels that are not as many as the images", () => {
    for (const labels of [[0, 1, 2], new Tensor([3, 3])]) {
      expect(() => expectDataset("Here", { images, labels }, ends)).toThrow(
        new ShapeError("Here: expected as many labels as images, 2, got 3."),
      );
    }
  });

  test("refuses labels that are no classes of the model", () => {
    for (const [label, got] of [
      [3, "3"],
      [-1, "-1"],
      [0.5, "0.5"],
      [Number.NaN, "NaN"],
      ["1", '"1" (string)'],
    ] as const) {
      expect(() => expectDataset("Here", { images, labels: [0, label as number] }, ends)).toThrow(
        new RangeError(`Here: expected labels from 0 to 2, got ${got} at index 1.`),
      );
    }
  });

  test("leaves it to the loss to refuse outputs that are no rows of classes", () => {
    for (const outputShape of [[1], [2, 2, 1], []]) {
      expect(expectDataset("Here", { images, labels: [0, 7] }, { ...ends, outputShape })).toBe(2);
    }
  });
});

describe("slice", () => {
  test("takes a range of samples and their labels", () => {
    const data = {
      images: Tensor.from([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      labels: [7, 8, 9],
    };
    expect(sliceDataset(data, 1, 3)).toEqual({
      images: Tensor.from([
        [3, 4],
        [5, 6],
      ]),
      labels: [8, 9],
    });
    const soft = { images: { data: Uint8Array.of(1, 2, 3), shape: [3, 1] }, labels: data.images };
    expect(sliceDataset(soft, 0, 1)).toEqual({
      images: { data: Uint8Array.of(1), shape: [1, 1] },
      labels: Tensor.from([[1, 2]]),
    });
  });

  test("gives parts of the types that the whole is of", () => {
    const data: IdxDataset = {
      images: { data: Uint8Array.of(1, 2), shape: [2, 1, 1, 1] },
      labels: Uint8Array.of(3, 4),
    };
    const part: IdxDataset = sliceDataset(data, 1, 2);
    expect(part).toEqual({
      images: { data: Uint8Array.of(2), shape: [1, 1, 1, 1] },
      labels: Uint8Array.of(4),
    });
  });

  test("does not copy images", () => {
    const x = Tensor.from([
      [1, 2],
      [3, 4],
    ]);
    sliceTensor(x, 1, 2).data[0] = 9;
    expect(x.at(1, 0)).toBe(9);
    const pixels = { data: Uint8Array.of(1, 2), shape: [2, 1] };
    sliceImages(pixels, 1, 2).data[0] = 9;
    expect(pixels.data[1]).toBe(9);
  });
});
