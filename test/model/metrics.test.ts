import { describe, expect, test } from "vitest";
import { ConfusionMatrix, confusionMatrix, countCorrect } from "../../src/model/metrics.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";

describe("countCorrect", () => {
  const predictions = Tensor.from([
    [0.1, 0.9],
    [0.6, 0.4],
    [0.3, 0.7],
  ]);

  test("counts the rows that are largest at the label", () => {
    expect(countCorrect(predictions, [1, 0, 1])).toBe(3);
    expect(countCorrect(predictions, Uint8Array.of(1, 1, 0))).toBe(1);
  });

  test("takes of soft targets the class that is most likely", () => {
    const targets = Tensor.from([
      [0.2, 0.8],
      [0.2, 0.8],
      [0.4, 0.6],
    ]);
    expect(countCorrect(predictions, targets)).toBe(2);
  });

  test("knows of no right or wrong where the predictions are no rows of two or more", () => {
    const images = new Tensor([2, 4, 4, 1]);
    expect(countCorrect(images, images)).toBeNaN();
    // nor of a single output, which is the largest of its row whatever it is
    expect(countCorrect(new Tensor([2, 1]), Tensor.from([[3], [4]]))).toBeNaN();
  });
});

describe("confusionMatrix", () => {
  // of three 0s, two were seen; the one 1 was taken for a 0; there is no 2, but a 0 was taken for one
  const matrix = confusionMatrix([0, 0, 1, 0], Int32Array.of(0, 2, 0, 0), 3);

  test("counts for each class what its images were taken for", () => {
    expect(matrix.counts).toEqual([
      [2, 0, 1],
      [1, 0, 0],
      [0, 0, 0],
    ]);
    expect(matrix.accuracy).toBe(0.5);
    expect(matrix.recall).toEqual([2 / 3, 0, Number.NaN]);
    expect(matrix.precision).toEqual([2 / 3, Number.NaN, 0]);
    expect(matrix.support).toEqual([3, 1, 0]);
  });

  test("has F1 scores: 0 for a class that was never right, NaN only for one that never was at all", () => {
    // the 0s: 2 right of 3 predicted and of 3 images; the 1 was never predicted; the 2 was, but there is none
    expect(matrix.f1).toEqual([(2 * 2) / (3 + 3), 0, 0]);
    expect(
      new ConfusionMatrix([
        [90, 10, 0],
        [0, 50, 0],
        [0, 0, 0],
      ]).f1,
    ).toEqual([180 / 190, 100 / 110, Number.NaN]);
  });

  test("prints as a table", () => {
    const text = [
      "        predicted",
      "actual    0    1    2  precision  recall",
      "     0    2    .    1      66.7%   66.7%",
      "     1    1    .    .          -    0.0%",
      "     2    .    .    .       0.0%       -",
    ].join("\n");
    expect(String(matrix)).toBe(text);
    const shown: unknown = Reflect.get(matrix, Symbol.for("nodejs.util.inspect.custom"));
    expect((shown as () => string).call(matrix)).toBe(text);
  });

  test("of no images has no accuracy", () => {
    expect(new ConfusionMatrix([[0]]).accuracy).toBeNaN();
  });

  test("refuses lists that do not fit, and what is no class", () => {
    expect(() => confusionMatrix([0, 1], [0], 2)).toThrow(
      new ShapeError("confusionMatrix: expected as many predictions as labels, 2, got 1."),
    );
    for (const [actual, predicted] of [
      [
        [0, 2],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 2],
      ],
    ] as const) {
      expect(() => confusionMatrix(actual, predicted, 2)).toThrow(
        new RangeError("confusionMatrix: expected labels from 0 to 1, got 2 at index 1."),
      );
    }
    expect(() => confusionMatrix([], [], 0)).toThrow(
      new RangeError(
        "confusionMatrix: expected classes to be a whole number >= 1 and <= 10000, got 0 (number).",
      ),
    );
    const tensor = Tensor.from([0, 1]) as never;
    expect(() => confusionMatrix(tensor, [0, 1], 2)).toThrow(
      new TypeError("confusionMatrix: expected actual to be class numbers, got a value of type Tensor."),
    );
    expect(() => confusionMatrix([0, 1], tensor, 2)).toThrow(
      new TypeError("confusionMatrix: expected predicted to be class numbers, got a value of type Tensor."),
    );
  });
});

describe("a confusion matrix as text", () => {
  test("shows counts, a dot for none, and the precision and recall of each class", () => {
    // 90 of the 90 images taken for a 0 are one, and 90 of the 100 that are one were taken for it
    const table = String(
      new ConfusionMatrix([
        [90, 10],
        [0, 50],
      ]),
    );
    expect(table).toBe(
      [
        "        predicted",
        "actual    0    1  precision  recall",
        "     0   90   10     100.0%   90.0%",
        "     1    .   50      83.3%  100.0%",
      ].join("\n"),
    );
  });

  test("has a dash for the precision of a class never predicted, and for the recall of one without images", () => {
    const rows = String(
      new ConfusionMatrix([
        [0, 2],
        [0, 0],
      ]),
    ).split("\n");
    expect(rows[2]).toBe("     0    .    2          -    0.0%");
    expect(rows[3]).toBe("     1    .    .       0.0%       -");
  });

  test("fits into 80 columns for ten classes of a thousand images", () => {
    const counts = Array.from({ length: 10 }, () => new Array<number>(10).fill(1000));
    const lines = String(new ConfusionMatrix(counts)).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("widens its columns for larger counts, and stays aligned", () => {
    const lines = String(
      new ConfusionMatrix([
        [1234567, 0],
        [1, 2],
      ]),
    ).split("\n");
    expect(new Set(lines.slice(1).map((line) => line.length)).size).toBe(1);
  });
});
