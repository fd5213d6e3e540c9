import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argmax } from "../../src/tensor/argmax.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { withoutMemoryFor } from "../helpers/refuse-arrays.js";
import { smallBatches } from "../helpers/small-batches.js";

const { NEGATIVE_INFINITY, NaN: nan } = Number;

describe("argmax", () => {
  test("finds the largest of each row", () => {
    const x = Tensor.from([
      [1, 9, 3],
      [-5, -7, -6],
    ]);
    expect(argmax(x)).toEqual(Int32Array.of(1, 0));
  });

  test("tells of rows that there is no memory for", () => {
    expect(() => withoutMemoryFor("Int32Array", () => argmax(Tensor.zeros([100, 3])))).toThrow(
      new RangeError("argmax: expected a shape that fits into memory, got [100] (4e-7 GB)."),
    );
  });

  test("takes the first of equals", () => {
    const x = Tensor.from([
      [2, 7, 7],
      [0, 0, 0],
    ]);
    expect(argmax(x)).toEqual(Int32Array.of(1, 0));
  });

  test("gives one index for each row of the last axis, whatever the axes before it", () => {
    expect(argmax(Tensor.from([3, 1, 4]))).toEqual(Int32Array.of(2));
    expect(argmax(Tensor.from([[[1, 2]], [[4, 3]]]))).toEqual(Int32Array.of(1, 0));
    expect(argmax(new Tensor([0, 3]))).toEqual(new Int32Array(0));
  });

  test("never takes NaN, and gives 0 where there is nothing to prefer", () => {
    const x = Tensor.from([
      [nan, 1, 2],
      [5, nan, 2],
      [nan, nan, nan],
      [nan, NEGATIVE_INFINITY, NEGATIVE_INFINITY],
    ]);
    expect(argmax(x)).toEqual(Int32Array.of(2, 0, 0, 0));
  });

  test("agrees with indexOf of the maximum", () => {
    fc.assert(
      fc.property(smallBatches(), (x) => {
        const K = x.shape.at(-1)!;
        const expected = Array.from({ length: x.size / K }, (_, row) => {
          const values = x.data.subarray(row * K, (row + 1) * K);
          return values.indexOf(Math.max(...values));
        });
        expect([...argmax(x)]).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test("refuses an array", () => {
    expect(() => argmax([0.1, 0.9] as never)).toThrow(
      new TypeError("argmax: expected a Tensor, got [0.1, 0.9]. Tensor.from makes one."),
    );
  });

  test("refuses rows without elements", () => {
    expect(() => argmax(new Tensor([3, 0]))).toThrow(
      "argmax: expected rows of at least one element, got shape [3, 0].",
    );
    expect(() => argmax(new Tensor([]))).toThrow(
      "argmax: expected rows of at least one element, got shape [].",
    );
  });
});
