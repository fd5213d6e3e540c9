import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { softmax } from "../../src/tensor/softmax.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { smallBatches } from "../helpers/small-batches.js";

const { POSITIVE_INFINITY, NEGATIVE_INFINITY, NaN: nan } = Number;
const softmaxOf = (x: Tensor): Tensor => softmax(x, { out: new Tensor(x.shape) });

/** By the definition, in float64, without subtracting anything. */
function naiveSoftmax(x: Tensor): Float64Array {
  const K = x.shape.at(-1)!;
  const y = Float64Array.from(x.data, Math.exp);
  for (let row = 0; row < y.length; row += K) {
    const sum = y.subarray(row, row + K).reduce((total, value) => total + value, 0);
    for (let i = row; i < row + K; i++) y[i]! /= sum;
  }
  return y;
}

describe("softmax", () => {
  test("gives equal scores equal shares, and ln 3 three times the share of 0", () => {
    const x = Tensor.from([
      [5, 5],
      [0, Math.log(3)],
    ]);
    const out = new Tensor([2, 2]);
    expect(softmax(x, { out })).toBe(out);
    expect(out).toBeAllclose([
      [0.5, 0.5],
      [0.25, 0.75],
    ]);
  });

  test("is exp(x) / Σ exp(x) for each row of the last axis, to a few float32 roundings, also in place", () => {
    fc.assert(
      fc.property(smallBatches(), (x) => {
        const expected = naiveSoftmax(x);
        const { data } = softmaxOf(x);
        expect(data).toBeAllclose(expected, { rtol: 2e-7, atol: 0 });
        expect(softmax(x, { out: x }).data).toEqual(data);
      }),
      { numRuns: 50 },
    );
  });

  test("has rows that sum to 1", () => {
    const x = Tensor.from([Array.from({ length: 1000 }, (_, i) => (i % 17) - 8)]);
    const sum = softmaxOf(x).data.reduce((total, value) => total + value, 0);
    expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
  });

  test("does not overflow for scores of 1e4 and -1e4, or the largest float32", () => {
    expect(softmaxOf(Tensor.from([1e4, 1e4, -1e4])).toArray()).toEqual([0.5, 0.5, 0]);
    expect(softmaxOf(Tensor.from([-1e4, -1e4])).toArray()).toEqual([0.5, 0.5]);
    expect(softmaxOf(Tensor.from([3.4e38, -3.4e38])).toArray()).toEqual([1, 0]);
  });

  test("looks at no other row for its largest score", () => {
    const x = Tensor.from([
      [-1e4, -1e4],
      [1e4, 1e4],
    ]);
    expect(softmaxOf(x).toArray()).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
  });

  test("does not change when a number is added to every score", () => {
    const plain = softmaxOf(Tensor.from([1, 2, 4]));
    expect(softmaxOf(Tensor.from([101, 102, 104])).data).toEqual(plain.data);
  });

  test("gives 1 for a row of one, and 0 for a score of -Infinity", () => {
    expect(softmaxOf(Tensor.from([[-7], [7]])).toArray()).toEqual([[1], [1]]);
    expect(softmaxOf(Tensor.from([0, NEGATIVE_INFINITY, 0])).toArray()).toEqual([0.5, 0, 0.5]);
  });

  test("makes the whole row NaN where a score is NaN or Infinity or all are -Infinity, and no other row", () => {
    const x = Tensor.from([
      [1, nan, 2],
      [nan, 1, 2],
      [POSITIVE_INFINITY, 1, 2],
      [NEGATIVE_INFINITY, NEGATIVE_INFINITY, NEGATIVE_INFINITY],
      [3, 3, 3],
    ]);
    const third = Math.fround(1 / 3);
    const lost = [nan, nan, nan];
    expect(softmaxOf(x).toArray()).toEqual([lost, lost, lost, lost, [third, third, third]]);
  });

  test("has nothing to do for rows without elements", () => {
    expect(softmaxOf(new Tensor([2, 0])).shape).toEqual([2, 0]);
  });

  test("refuses an array", () => {
    expect(() => softmax([1, 2] as never, { out: new Tensor([2]) })).toThrow(
      new TypeError("softmax: expected x to be a Tensor, got [1, 2]. Tensor.from makes one."),
    );
  });

  test("refuses a tensor without axes, and an out of another shape", () => {
    expect(() => softmax(new Tensor([]), { out: new Tensor([]) })).toThrow(
      "softmax: expected at least one axis, got shape [].",
    );
    expect(() => softmax(new Tensor([2, 3]), { out: new Tensor([3, 2]) })).toThrow(
      "softmax (out): expected shape [2, 3], got [3, 2].",
    );
  });
});
