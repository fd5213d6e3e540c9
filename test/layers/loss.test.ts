import { describe, expect, test } from "vitest";
import { expectLoss, expectPrediction, isLabels, type Labels, writeTargets } from "../../src/layers/loss.js";
import { Softmax } from "../../src/layers/softmax.js";
import { ShapeError } from "../../src/tensor/errors.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** A tensor that is full of something else before the targets are written to it. */
function used(shape: Shape): Tensor {
  const tensor = new Tensor(shape);
  tensor.data.fill(7);
  return tensor;
}

describe("writeTargets", () => {
  const kinds: [string, Labels][] = [
    ["an array", [2, 0]],
    ["a Uint8Array", Uint8Array.of(2, 0)],
    ["a Uint16Array", Uint16Array.of(2, 0)],
    ["an Int32Array", Int32Array.of(2, 0)],
  ];
  test.each(kinds)("writes labels in %s as one-hot rows", (_, labels) => {
    const out = used([2, 3]);
    writeTargets("Here", labels, { out });
    expect(out.toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
  });

  test("copies a tensor of the same shape, of any rank", () => {
    const out = used([1, 2, 2]);
    writeTargets(
      "Here",
      Tensor.from([
        [
          [1, -2],
          [3, 0.5],
        ],
      ]),
      { out },
    );
    expect(out.toArray()).toEqual([
      [
        [1, -2],
        [3, 0.5],
      ],
    ]);
  });

  test.each([
    [[1, 2, 3, 12], "12 at index 3"],
    [[10, 0, 0, 0], "10 at index 0"],
    [[0, -1, 0, 0], "-1 at index 1"],
    [[0, 0, 3.5, 0], "3.5 at index 2"],
    [[0, 0, 0, Number.NaN], "NaN at index 3"],
  ])("refuses the labels %j", (labels, got) => {
    expect(() => writeTargets("Here", labels, { out: used([4, 10]) })).toThrow(
      new RangeError(`Here: expected labels from 0 to 9, got ${got}.`),
    );
  });

  test("refuses another number of labels than of samples", () => {
    expect(() => writeTargets("Here", [1, 2, 3], { out: used([4, 10]) })).toThrow(
      new ShapeError("Here: expected 4 labels, one for each sample, got 3."),
    );
  });

  test("refuses labels where the prediction has no classes", () => {
    const remedy = "Give targets that are not classes as a Tensor.";
    for (const [shape, got] of [
      [[2, 1], "[2, 1]"],
      [[2], "[2]"],
      [[2, 3, 3], "[2, 3, 3]"],
    ] as const) {
      expect(() => writeTargets("Here", [0, 0], { out: used(shape) })).toThrow(
        new ShapeError(
          `Here: expected a prediction of shape [N, K] with at least 2 classes for labels, got ${got}. ${remedy}`,
        ),
      );
    }
  });

  test("refuses a tensor of another shape", () => {
    expect(() => writeTargets("Here", Tensor.zeros([3, 10]), { out: used([4, 10]) })).toThrow(
      new ShapeError("Here: expected targets of the prediction's shape [4, 10], got [3, 10]."),
    );
    expect(() => writeTargets("Here", Tensor.zeros([4]), { out: used([4, 10]) })).toThrow(
      new ShapeError(
        "Here: expected targets of the prediction's shape [4, 10], got [4]. Labels are given as an array, not as a Tensor.",
      ),
    );
  });

  test("refuses targets that are not finite, or below the bound", () => {
    const out = used([2, 2]);
    const second = (value: number): Tensor => Tensor.from([0, 1, value, 0], [2, 2]);
    expect(() => writeTargets("Here", second(Number.NaN), { out })).toThrow(
      new RangeError("Here: expected targets to be finite numbers, got NaN in sample 1."),
    );
    expect(() => writeTargets("Here", second(Number.NEGATIVE_INFINITY), { out })).toThrow(
      new RangeError("Here: expected targets to be finite numbers, got -Infinity in sample 1."),
    );
    expect(() => writeTargets("Here", second(Number.POSITIVE_INFINITY), { out, min: 0 })).toThrow(
      new RangeError("Here: expected targets to be finite numbers >= 0, got Infinity in sample 1."),
    );
    expect(() => writeTargets("Here", second(-0.5), { out, min: 0 })).toThrow(
      new RangeError("Here: expected targets to be finite numbers >= 0, got -0.5 in sample 1."),
    );
  });

  test("refuses what is neither labels nor a tensor", () => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => writeTargets("Here", null, { out: used([2, 2]) })).toThrow(
      new TypeError("Here: expected targets to be labels or a Tensor, got null."),
    );
    // @ts-expect-error: what JavaScript may pass
    expect(() => writeTargets("Here", ["1", "0"], { out: used([2, 2]) })).toThrow(
      new RangeError('Here: expected labels from 0 to 1, got "1" (string) at index 0.'),
    );
  });
});

describe("isLabels", () => {
  test("is true for lists and typed arrays, and for nothing else", () => {
    expect([[1, 0], [], Uint8Array.of(1)].map(isLabels)).toEqual([true, true, true]);
    expect(
      [Tensor.from([1]), { length: 1 }, "10", 1, null, undefined, new DataView(new ArrayBuffer(1))].some(
        isLabels,
      ),
    ).toBe(false);
  });
});

describe("expectPrediction", () => {
  test("takes a tensor with samples in it", () => {
    expectPrediction("Here", Tensor.zeros([1, 2]));
    // @ts-expect-error: what JavaScript may pass
    expect(() => expectPrediction("Here", [[1, 2]])).toThrow(
      new TypeError("Here: expected a Tensor, got [[1, 2]]. Tensor.from makes one."),
    );
    expect(() => expectPrediction("Here", Tensor.zeros([0, 10]))).toThrow(
      new ShapeError("Here: expected a prediction of at least one sample, got shape [0, 10]."),
    );
    expect(() => expectPrediction("Here", Tensor.from(1))).toThrow(
      new ShapeError("Here: expected a prediction of at least one sample, got shape []."),
    );
  });
});

describe("expectLoss", () => {
  const forward = (): number => 0;
  const backward = (): Tensor => new Tensor([0]);
  const config = () => ({});

  test("takes what goes forward and back", () => {
    expect(() => expectLoss("Here", { type: "Mine", forward, backward, config })).not.toThrow();
  });

  test("refuses a layer, which has the methods of a loss and more", () => {
    expect(() => expectLoss("Here", new Softmax() as never)).toThrow(
      new TypeError(
        "Here: expected a loss, got a value of type Softmax. Pass one, as in { loss: new MeanSquaredError() }.",
      ),
    );
  });

  test.each<[unknown, string]>([
    ["mse", '"mse" (string)'],
    [undefined, "undefined"],
    [null, "null"],
    [{ forward }, "an object"],
    [{ backward }, "an object"],
    [{ forward, backward: 1 }, "an object"],
  ])("refuses %j", (loss, got) => {
    expect(() => expectLoss("Here", loss as never)).toThrow(
      new TypeError(`Here: expected a loss, got ${got}. Pass one, as in { loss: new MeanSquaredError() }.`),
    );
  });
});
