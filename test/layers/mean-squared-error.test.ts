import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MeanSquaredError } from "../../src/layers/mean-squared-error.js";
import { numericGradient } from "../../src/model/numeric-gradient.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { normalTensor } from "../helpers/random-tensor.js";

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

describe("MeanSquaredError", () => {
  test("is the mean of the squared differences over all elements", () => {
    const loss = new MeanSquaredError();
    const x = Tensor.from([
      [1, 2],
      [3, 4],
    ]);
    const t = Tensor.from([
      [1, 0],
      [3, 8],
    ]);
    expect(loss.forward(x, t)).toBe(5); // (0 + 4 + 0 + 16) / 4
    expect(loss.backward().toArray()).toEqual([
      [0, 1],
      [0, -2],
    ]);
  });

  test("takes labels for one-hot rows", () => {
    const loss = new MeanSquaredError();
    expect(loss.forward(Tensor.from([[0, 3]]), [1])).toBe(2); // (0² + 2²) / 2
    expect(loss.backward().toArray()).toEqual([[0, 2]]);
  });

  // the largest error of 3,000 cases was 2.4e-7
  test("has the gradient that differences give, for predictions of any shape", () => {
    fc.assert(
      fc.property(shapes, fc.nat(1000), (shape, seed) => {
        const loss = new MeanSquaredError();
        const x = normalTensor(shape, seed);
        const t = normalTensor(shape, seed + 1);
        loss.forward(x, t);
        const dx = loss.backward().clone();
        const numeric = numericGradient(() => loss.forward(x, t), x.data, 1e-2);
        for (const [i, { value }] of numeric.entries()) {
          expect(Math.abs(dx.data[i]! - value)).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("equals a direct loop over the formula", () => {
    fc.assert(
      fc.property(shapes, fc.nat(1000), (shape, seed) => {
        const loss = new MeanSquaredError();
        const x = normalTensor(shape, seed);
        const t = normalTensor(shape, seed + 1);
        const wanted = x.data.reduce((sum, value, i) => sum + (value - t.data[i]!) ** 2, 0) / x.size;
        expect(loss.forward(x, t)).toBeAllclose(wanted);
        expect(loss.backward().data).toBeAllclose(x.data.map((v, i) => (2 / x.size) * (v - t.data[i]!)));
      }),
      { numRuns: 40 },
    );
  });

  test("lets NaN in the prediction through", () => {
    expect(new MeanSquaredError().forward(Tensor.from([[Number.NaN, 0]]), [1])).toBeNaN();
  });

  test("leaves the prediction and the targets as they were", () => {
    const loss = new MeanSquaredError();
    const x = normalTensor([2, 3], 1);
    const t = normalTensor([2, 3], 2);
    const before = [x.clone(), t.clone()];
    loss.forward(x, t);
    loss.backward();
    expect([x, t]).toEqual(before);
  });

  test("uses its memory again, and is right for a smaller batch after a larger one", () => {
    const loss = new MeanSquaredError();
    const large = normalTensor([5, 3], 1);
    const small = normalTensor([2, 3], 2);
    loss.forward(large, [0, 1, 2, 0, 1]);
    const dx = loss.backward();
    loss.forward(large, [0, 0, 0, 0, 0]);
    expect(loss.backward()).toBe(dx);
    const fresh = new MeanSquaredError();
    expect(loss.forward(small, [2, 1])).toBe(fresh.forward(small, [2, 1]));
    expect(loss.backward()).toEqual(fresh.backward());
  });

  test("writes the gradient to out, as often as it is asked to", () => {
    const loss = new MeanSquaredError();
    loss.forward(Tensor.from([[0, 3]]), [1]);
    const out = Tensor.from([[9, 9]]);
    expect(loss.backward({ out })).toBe(out);
    expect(loss.backward({ out }).toArray()).toEqual([[0, 2]]);
    expect(() => loss.backward({ out: Tensor.zeros([2, 1]) })).toThrow(
      new ShapeError("MeanSquaredError.backward (out): expected shape [1, 2], got [2, 1]."),
    );
  });

  test("has no options, and does not ask for logits", () => {
    const loss = new MeanSquaredError();
    expect(loss.config()).toEqual({});
    expect(loss.type).toBe("MeanSquaredError");
    expect(loss.fromLogits).toBe(false);
  });

  test("refuses predictions and targets that do not fit", () => {
    const loss = new MeanSquaredError();
    expect(() => loss.forward(Tensor.zeros([0, 2]), [])).toThrow(
      new ShapeError(
        "MeanSquaredError.forward: expected a prediction of at least one sample, got shape [0, 2].",
      ),
    );
    expect(() => loss.forward(Tensor.zeros([2, 1]), [0.5, 1.5])).toThrow(
      new ShapeError(
        "MeanSquaredError.forward: expected a prediction of shape [N, K] with at least 2 classes for labels, got [2, 1]. " +
          "Give targets that are not classes as a Tensor.",
      ),
    );
    expect(() => loss.forward(Tensor.zeros([2, 3]), Tensor.zeros([3, 2]))).toThrow(
      new ShapeError(
        "MeanSquaredError.forward: expected targets of the prediction's shape [2, 3], got [3, 2].",
      ),
    );
    expect(() => loss.forward(Tensor.zeros([1, 2]), Tensor.from([[0, Number.NaN]]))).toThrow(
      new RangeError("MeanSquaredError.forward: expected targets to be finite numbers, got NaN in sample 0."),
    );
  });

  test("refuses a gradient without a forward before it, or after one that failed", () => {
    const message =
      "MeanSquaredError.backward: expected a call of forward before it, got none. The gradient is taken at its input.";
    const loss = new MeanSquaredError();
    expect(() => loss.backward()).toThrow(new Error(message));
    loss.forward(Tensor.zeros([1, 2]), [0]);
    expect(() => loss.forward(Tensor.zeros([1, 2]), [2])).toThrow(RangeError);
    expect(() => loss.backward()).toThrow(new Error(message));
  });
});
