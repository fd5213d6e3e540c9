import { describe, expect, test } from "vitest";
import { calibrationError } from "../../src/model/calibration.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";

const rows = (...probabilities: number[]): Tensor => Tensor.from(probabilities.map((p) => [p, 1 - p]));

describe("calibrationError", () => {
  test("is 0 where as many predictions are right as their probability says", () => {
    // four predictions with 75 %, of which three are right
    expect(calibrationError(rows(0.75, 0.75, 0.75, 0.75), [0, 0, 0, 1])).toBe(0);
    expect(calibrationError(rows(1, 0), [0, 1])).toBe(0);
  });

  test("is the share of wrong ones where the model is always certain", () => {
    expect(calibrationError(rows(1, 1, 1, 1), [0, 1, 0, 0])).toBe(0.25);
  });

  test("adds up the bins by the share of predictions in them, over and under alike", () => {
    // the bin of 60 %: one of two right, 0.1 too sure; the bin of 90 %: both right, 0.1 too modest
    const error = calibrationError(rows(0.6, 0.6, 0.9, 0.9), [0, 1, 0, 0], { bins: 10 });
    expect(error).toBeCloseTo((2 * 0.1 + 2 * 0.1) / 4, 6);
    // in a single bin the two make up for each other
    expect(calibrationError(rows(0.6, 0.6, 0.9, 0.9), [0, 1, 0, 0], { bins: 1 })).toBeCloseTo(0, 6);
  });

  test("puts a probability on a boundary into the lower bin", () => {
    // 0.5 belongs to the bin up to 0.5, and 0.75 to the one above: they do not make up for each other
    expect(calibrationError(rows(0.5, 0.75), [1, 0], { bins: 2 })).toBe((0.5 + 0.25) / 2);
  });

  test("refuses NaN, and logits", () => {
    const wrong = (row: number[]) => () => calibrationError(Tensor.from([[0.5, 0.5], row]), [0, 1]);
    expect(wrong([1, Number.NaN])).toThrow(
      new RangeError(
        "calibrationError: expected probabilities from 0 to 1, got NaN at row 1, class 1. softmax makes them of logits.",
      ),
    );
    expect(wrong([-2, 3])).toThrow(/expected probabilities from 0 to 1, got -2 at row 1, class 0\./);
    expect(wrong([0, 1.5])).toThrow(/expected probabilities from 0 to 1, got 1\.5 at row 1, class 1\./);
  });

  test("refuses what it cannot measure", () => {
    expect(() => calibrationError(new Tensor([2]), [0, 1])).toThrow(
      new ShapeError("calibrationError: expected probabilities of shape [N, K], got [2]."),
    );
    expect(() => calibrationError(rows(0.5), [0, 1])).toThrow(
      new ShapeError("calibrationError: expected as many labels as rows, 1, got 2."),
    );
    expect(() => calibrationError(rows(0.5), new Tensor([1]) as never)).toThrow(
      new TypeError("calibrationError: expected labels to be class numbers, got a value of type Tensor."),
    );
    expect(() => calibrationError(rows(0.5), [2])).toThrow(
      new RangeError("calibrationError: expected labels from 0 to 1, got 2 at index 0."),
    );
    expect(() => calibrationError(rows(0.5), [0], { bins: 0 })).toThrow(
      new RangeError(
        "calibrationError: expected bins to be a whole number >= 1 and <= 8388608, got 0 (number).",
      ),
    );
  });
});
