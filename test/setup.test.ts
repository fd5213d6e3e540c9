import { describe, expect, test } from "vitest";
import { Tensor } from "../src/tensor/tensor.js";

describe("toBeAllclose", () => {
  test("takes tensors, typed arrays, nested arrays and numbers of the same shape", () => {
    const nested = [
      [1, 2],
      [3, 4],
    ];
    expect(Tensor.from(nested)).toBeAllclose(nested);
    expect(nested).toBeAllclose(Tensor.from(nested));
    expect(Float32Array.of(0.1, 0.2)).toBeAllclose([0.1, 0.2]);
    expect(Float64Array.of(0.1)).toBeAllclose(Float32Array.of(0.1));
    expect(0.5).toBeAllclose(0.5);
    expect([]).toBeAllclose(Tensor.zeros([0]));
  });

  test("allows atol + rtol·|expected|, and no more", () => {
    expect([100.5]).toBeAllclose([100], { rtol: 0.004, atol: 0.11 });
    expect([100.5]).not.toBeAllclose([100], { rtol: 0.004, atol: 0.09 });
    expect([1]).not.toBeAllclose([1.0001]);
  });

  test("takes NaN for equal to NaN alone, and an infinity for equal to itself alone", () => {
    expect([NaN, Infinity, -Infinity]).toBeAllclose([NaN, Infinity, -Infinity]);
    expect([NaN]).not.toBeAllclose([1]);
    expect([1]).not.toBeAllclose([NaN]);
    expect([Infinity]).not.toBeAllclose([1]);
    expect([1]).not.toBeAllclose([Infinity]);
    expect([Infinity]).not.toBeAllclose([-Infinity]);
  });

  test("says how many elements are too far apart", () => {
    expect(() => expect([1, 2, 3]).toBeAllclose([1, 2.5, 3])).toThrow(
      "1 of 3 elements differ by more than 0.000001 + 0.00001·|expected|",
    );
  });

  test("wants equal shapes, and says which they are", () => {
    expect(() => expect(Tensor.zeros([2, 3])).toBeAllclose(Tensor.zeros([3, 2]))).toThrow(
      "expected shape [3, 2], got [2, 3]",
    );
    expect(() => expect([[1, 2], [3]]).toBeAllclose([1])).toThrow("got ragged ones");
  });
});
