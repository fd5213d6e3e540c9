import { describe, expect, test } from "vitest";
import { printTensor } from "../../src/tensor/print.js";
import { Tensor } from "../../src/tensor/tensor.js";

const print = (...lines: string[]): string => lines.join("\n");

describe("printTensor", () => {
  test("lays a matrix out in rows", () => {
    expect(printTensor([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))).toBe(
      print("Tensor [2, 3]", "[[1, 2, 3],", " [4, 5, 6]]"),
    );
  });

  test("shows a scalar, a vector and an empty tensor", () => {
    expect(printTensor([], Float32Array.of(5))).toBe(print("Tensor []", "5"));
    expect(printTensor([2], Float32Array.of(5, 6))).toBe(print("Tensor [2]", "[5, 6]"));
    expect(printTensor([0], new Float32Array(0))).toBe(print("Tensor [0]", "[]"));
    expect(printTensor([2, 0], new Float32Array(0))).toBe(print("Tensor [2, 0]", "[[],", " []]"));
  });

  test("aligns the columns over all rows", () => {
    expect(printTensor([2, 2], Float32Array.of(1, 2, 100, -20))).toBe(
      print("Tensor [2, 2]", "[[  1,   2],", " [100, -20]]"),
    );
  });

  test("shows four decimals as soon as one number is no whole number", () => {
    expect(printTensor([2, 2], Float32Array.of(0.5, -2, 10, 0))).toBe(
      print("Tensor [2, 2]", "[[ 0.5000, -2.0000],", " [10.0000,  0.0000]]"),
    );
  });

  test("shows very small and very large numbers with a power of ten", () => {
    expect(printTensor([3], Float32Array.of(1e-7, 1e9, 0.00099999))).toBe(
      print("Tensor [3]", "[1.000e-7, 1.000e+9, 1.000e-3]"),
    );
  });

  test("takes 0.001 for small no more, and 100,000 for large, whole numbers too", () => {
    expect(printTensor([2], Float32Array.of(0.001, 99999.5))).toBe(
      print("Tensor [2]", "[    0.0010, 99999.5000]"),
    );
    expect(printTensor([2], Float32Array.of(1e5, 0.5))).toBe(print("Tensor [2]", "[1.000e+5,   0.5000]"));
    expect(printTensor([2], Float32Array.of(1e5, -1))).toBe(print("Tensor [2]", "[1.000e+5,  -1.0000]"));
    expect(printTensor([2], Float32Array.of(99999, -1))).toBe(print("Tensor [2]", "[99999,    -1]"));
  });

  test("shows NaN and the infinities", () => {
    expect(printTensor([3], Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 1))).toBe(
      print("Tensor [3]", "[     NaN, Infinity,   1.0000]"),
    );
  });

  test("leaves a blank line between the matrices of a stack", () => {
    expect(printTensor([2, 2, 1], Float32Array.of(1, 2, 3, 4))).toBe(
      print("Tensor [2, 2, 1]", "[[[1],", "  [2]],", "", " [[3],", "  [4]]]"),
    );
  });

  test("cuts a long axis in the middle", () => {
    const row = Float32Array.from({ length: 11 }, (_, i) => i);
    expect(printTensor([11], row)).toBe(print("Tensor [11]", "[ 0,  1,  2, ...,  8,  9, 10]"));
    expect(printTensor([10], row.subarray(0, 10))).toBe(
      print("Tensor [10]", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"),
    );
    expect(printTensor([11, 1], row)).toBe(
      print("Tensor [11, 1]", "[[ 0],", " [ 1],", " [ 2],", " ...,", " [ 8],", " [ 9],", " [10]]"),
    );
  });

  test("is what a tensor says of itself", () => {
    const tensor = Tensor.from([[1, 2]]);
    expect(String(tensor)).toBe(print("Tensor [1, 2]", "[[1, 2]]"));
  });
});
