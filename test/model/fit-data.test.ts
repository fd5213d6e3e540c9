import { describe, expect, test } from "vitest";
import type { BatchSource, Dataset } from "../../src/model/dataset.js";
import { inBatches, splitData } from "../../src/model/fit-data.js";
import { Sequential } from "../../src/model/sequential.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { withoutMemoryFor } from "../helpers/refuse-arrays.js";

/** n images of one pixel, with their number in it, and their number modulo 2 as the label. */
function numbered(n: number): Dataset {
  const numbers = Array.from({ length: n }, (_, i) => i);
  return { images: Tensor.from(numbers, [n, 1]), labels: numbers.map((i) => i % 2) };
}

const model = (): Sequential => new Sequential({ inputShape: [1], seed: 1 });

/** The numbers of the images in each batch. */
function numbersOf(source: BatchSource): number[][] {
  const batches = source(1);
  if (!(Symbol.iterator in batches)) throw new TypeError("expected batches at once");
  return Array.from(batches, ({ images, labels }) => {
    const numbers = [...images.data];
    expect([...(labels as Int32Array)]).toEqual(numbers.map((i) => i % 2)); // each with its own label
    return numbers;
  });
}

describe("splitData", () => {
  test("takes the last share for validation, in the order of the data, as Keras does", () => {
    const { train, validation } = splitData(model(), numbered(10), 0.3, undefined);
    expect((train as Dataset).images.data).toEqual(Float32Array.of(0, 1, 2, 3, 4, 5, 6));
    expect((validation as Dataset).images.data).toEqual(Float32Array.of(7, 8, 9));
    expect((validation as Dataset).labels).toEqual([1, 0, 1]);
  });

  test.each([
    [0.25, 7, 5], // of 5.25
    [0.25, 5, 4], // of 3.75, where Keras trains on 3
    [0.8, 10, 2], // 10·(1 − 0.8) is 1.9999999999999996
  ])("rounds a share of %d of %d images to the nearest, and trains on %d", (share, n, kept) => {
    const { train } = splitData(model(), numbered(n), share, undefined);
    expect((train as Dataset).images.shape).toEqual([kept, 1]);
  });

  test("takes all where nothing is to be split off", () => {
    const [data, given, source] = [numbered(3), numbered(1), () => []];
    expect(splitData(model(), data, 0, undefined)).toEqual({ train: data, validation: undefined });
    expect(splitData(model(), data, 0, given)).toEqual({ train: data, validation: given });
    expect(splitData(model(), source, 0, source)).toEqual({ train: source, validation: source });
  });

  test("refuses to validate a class that would not be trained", () => {
    const sorted = { images: Tensor.from([0, 1, 2, 3], [4, 1]), labels: [0, 0, 1, 1] };
    expect(() => splitData(model(), sorted, 0.5, undefined)).toThrow(
      new RangeError(
        "Sequential.fit: expected images of class 1 among the first 2, as there are among the 2 that validationSplit takes " +
          "from the end, got none. If the images are sorted by class, shuffle them.",
      ),
    );
    const soft = {
      ...sorted,
      labels: Tensor.from([
        [1, 0],
        [1, 0],
        [0, 1],
        [0, 1],
      ]),
    }; // rows of shares may be anything
    expect(splitData(model(), soft, 0.5, undefined).validation).toBeDefined();
  });

  test("refuses to split what cannot be split", () => {
    expect(() => splitData(model(), () => [], 0.5, undefined)).toThrow(
      new TypeError("Sequential.fit: expected a dataset to split, got a batch source. Pass validationData."),
    );
    expect(() => splitData(model(), numbered(4), 0.5, numbered(1))).toThrow(
      new TypeError("Sequential.fit: expected validationSplit or validationData, got both."),
    );
    for (const [n, share] of [
      [1, 0.5],
      [10, 0.95],
    ] as const) {
      expect(() => splitData(model(), numbered(n), share, undefined)).toThrow(
        new RangeError(
          `Sequential.fit: expected validationSplit to leave images on both sides, got ${share} (number) of ${n} images.`,
        ),
      );
    }
  });

  test("refuses data that do not fit, and says which", () => {
    const wrong = { images: new Tensor([2, 3]), labels: [0, 1] };
    expect(() => splitData(model(), wrong, 0, undefined)).toThrow(
      new ShapeError("Sequential.fit: expected images of shape [N, 1], got [2, 3]."),
    );
    expect(() => splitData(model(), numbered(2), 0, wrong)).toThrow(
      new ShapeError("Sequential.fit (validationData): expected images of shape [N, 1], got [2, 3]."),
    );
    expect(() => splitData(model(), numbered(2), 0, "test" as never)).toThrow(
      new TypeError(
        'Sequential.fit (validationData): expected a dataset { images, labels }, got "test" (string).',
      ),
    );
    expect(() => splitData(model(), undefined as never, 0, undefined)).toThrow(
      new TypeError("Sequential.fit: expected a dataset { images, labels }, got undefined."),
    );
  });
});

describe("inBatches", () => {
  test("keeps the order if asked to, and ends with a smaller batch", () => {
    expect(numbersOf(inBatches(model(), numbered(5), 2, false))).toEqual([[0, 1], [2, 3], [4]]);
  });

  test("shuffles anew in each epoch, and leaves no image out", () => {
    const source = inBatches(model(), numbered(50), 8, true);
    const [first, second] = [numbersOf(source).flat(), numbersOf(source).flat()];
    const sorted = (numbers: number[]): number[] => numbers.toSorted((a, b) => a - b);
    expect(sorted(first)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(sorted(second)).toEqual(sorted(first));
    expect(first).not.toEqual(sorted(first));
    expect(second).not.toEqual(first);
  });

  test("draws the order from the model's generator", () => {
    const [one, other] = [model(), new Sequential({ inputShape: [1], seed: 2 })];
    const order = (of: Sequential): number[] => numbersOf(inBatches(of, numbered(50), 50, true)).flat();
    const expected = one.random.clone().permutation(50);
    expect(order(one)).toEqual([...expected]);
    expect(order(other)).not.toEqual([...expected]);
  });

  test.each([true, false])("tells of an order that there is no memory for, shuffled: %s", (shuffle) => {
    const source = inBatches(model(), numbered(30), 10, shuffle);
    expect(() => withoutMemoryFor("Uint32Array", () => numbersOf(source))).toThrow(
      "expected a shape that fits into memory, got [30]",
    );
  });

  test("takes no memory for a batch that is larger than the data", () => {
    const source = inBatches(model(), numbered(3), Number.MAX_SAFE_INTEGER, false);
    expect(numbersOf(source)).toEqual([[0, 1, 2]]);
  });
});
