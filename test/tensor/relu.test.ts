import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { relu, reluGradient } from "../../src/tensor/relu.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { smallBatches } from "../helpers/small-batches.js";

describe("relu", () => {
  test("keeps what is positive and makes the rest 0", () => {
    const x = Tensor.from([[-2, -0.5, 0, 0.5, 3]]);
    const out = new Tensor([1, 5]);
    expect(relu(x, { out })).toBe(out);
    expect([...out.data]).toEqual([0, 0, 0, 0.5, 3]);
  });

  test("makes -0 the ordinary 0, keeps infinities apart, and lets NaN through", () => {
    const x = Tensor.from([-0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
    const { data } = relu(x, { out: new Tensor([4]) });
    expect(Object.is(data[0], 0)).toBe(true);
    expect([...data.slice(1)]).toEqual([Number.POSITIVE_INFINITY, 0, Number.NaN]);
  });

  test("is max(x, 0) in every bit, also in place", () => {
    fc.assert(
      fc.property(smallBatches(), (x) => {
        const expected = x.data.map((value) => Math.max(value, 0));
        expect(relu(x, { out: new Tensor(x.shape) }).data).toEqual(expected);
        expect(relu(x, { out: x }).data).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test("refuses an out of another shape", () => {
    expect(() => relu(new Tensor([2, 3]), { out: new Tensor([3, 2]) })).toThrow(
      "relu (out): expected shape [2, 3], got [3, 2].",
    );
  });
});

describe("reluGradient", () => {
  test("passes dy where y is positive, and 0 elsewhere", () => {
    const y = Tensor.from([0, 0.5, 3, 0]);
    const dy = Tensor.from([10, 20, 30, Number.NaN]);
    const out = Tensor.from([9, 9, 9, 9]);
    expect(reluGradient(dy, y, { out })).toBe(out);
    expect([...out.data]).toEqual([0, 20, 30, 0]);
  });

  test("lets a NaN gradient through an open gate, and gives 0 where y is NaN", () => {
    const out = new Tensor([2]);
    reluGradient(Tensor.from([Number.NaN, 1]), Tensor.from([1, Number.NaN]), { out });
    expect([...out.data]).toEqual([Number.NaN, 0]);
  });

  test("may write over dy", () => {
    const dy = Tensor.from([1, 2, 3]);
    reluGradient(dy, Tensor.from([1, 0, 1]), { out: dy });
    expect([...dy.data]).toEqual([1, 0, 3]);
  });

  test("refuses tensors of different shapes", () => {
    const y = new Tensor([2]);
    expect(() => reluGradient(new Tensor([3]), y, { out: y })).toThrow(
      "reluGradient (dy): expected shape [2], got [3].",
    );
    expect(() => reluGradient(y, y, { out: new Tensor([1, 2]) })).toThrow(
      "reluGradient (out): expected shape [2], got [1, 2].",
    );
  });
});
