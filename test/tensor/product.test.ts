import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Matrix, product, rowMajor, transposed } from "../../src/tensor/product.js";
import { fillings, naiveProduct, type Rows, sumOfMatrices } from "../helpers/product.js";

/** The elements of a matrix, found by its offset and strides. */
function read({ data, offset, rows, columns, rowStride, columnStride }: Matrix): Rows {
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => data[offset + i * rowStride + j * columnStride]!),
  );
}

/** A matrix of those rows. */
const matrix = (rows: number[][]): Matrix =>
  rowMajor(new Float32Array(rows.flat()), 0, rows.length, rows[0]!.length);

/** One row by one column: a single sum of products. */
function dot(row: number[], column: number[]): number {
  const out = matrix([[0]]);
  product(matrix([row]), transposed(matrix([column])), out);
  return out.data[0]!;
}

describe("rowMajor and transposed", () => {
  test("name the elements of an array by row and column, and by column and row", () => {
    const data = Float32Array.from([9, 1, 2, 3, 4, 5, 6]);
    const a = rowMajor(data, 1, 2, 3);
    expect(read(a)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(read(transposed(a))).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(transposed(transposed(a))).toEqual(a);
    expect(transposed(a).data).toBe(data);
  });
});

describe("product", () => {
  test("takes rows times columns", () => {
    const out = matrix([
      [0, 0],
      [0, 0],
    ]);
    const a = matrix([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const b = matrix([
      [1, 0],
      [0, 1],
      [10, 100],
    ]);
    product(a, b, out);
    expect(read(out)).toEqual([
      [31, 302], // 1·1 + 2·0 + 3·10, 1·0 + 2·1 + 3·100
      [64, 605],
    ]);
    product(a, b, out, true);
    expect(read(out)).toEqual([
      [62, 604],
      [128, 1210],
    ]);
  });

  test("adds up with k ascending", () => {
    // a float32 near 1e8 is a multiple of 8, so the 1 is lost where it meets 1e8 and kept where it comes after
    expect(dot([1, 1e8, -1e8], [1, 1, 1])).toBe(0);
    expect(dot([1e8, -1e8, 1], [1, 1, 1])).toBe(1);
  });

  test("rounds every product, then every sum, to float32", () => {
    const a = 1 + 2 ** -12;
    // a² = 1 + 2^-11 + 2^-24 has one bit too many; a float64 sum would keep the 2^-24
    expect(dot([a, -(1 + 2 ** -11)], [a, 1])).toBe(0);
    expect(dot([1, 2 ** -24, -1], [1, 1, 1])).toBe(0);
  });

  test("adds a finished sum, not its terms one by one, to what out holds", () => {
    const out = matrix([[1e8]]);
    product(matrix([[3, 3, 3]]), matrix([[1], [1], [1]]), out, true);
    expect(out.data[0]).toBe(1e8 + 8); // 9, rounded with the sum to a multiple of 8; a 3 alone would be lost
  });

  test("gives zeros, or adds them, where there is nothing to sum", () => {
    const out = rowMajor(Float32Array.from([5, 6]), 0, 1, 2);
    const [a, b] = [rowMajor(new Float32Array(0), 0, 1, 0), rowMajor(new Float32Array(0), 0, 0, 2)];
    product(a, b, out, true);
    expect(read(out)).toEqual([[5, 6]]);
    product(a, b, out);
    expect(read(out)).toEqual([[0, 0]]);
  });

  test("equals the running sums in every bit, on tiles and at their edges, for any strides, and writes nothing else", () => {
    const size = fc.integer({ min: 1, max: 9 });
    const layout = fc.record({ offset: fc.nat(3), gap: fc.nat(2), swapped: fc.boolean() });
    type Layout = { offset: number; gap: number; swapped: boolean };
    /** A matrix that lies in a larger array, with `gap` elements between its rows (or its columns). */
    const place = (rows: number, columns: number, { offset, gap, swapped }: Layout): Matrix => {
      const [outer, inner] = swapped ? [columns, rows] : [rows, columns];
      const whole = rowMajor(new Float32Array(offset + outer * (inner + gap) + 5), offset, outer, inner);
      const spaced = { ...whole, rowStride: inner + gap };
      return swapped ? transposed(spaced) : spaced;
    };
    fc.assert(
      fc.property(
        fc.tuple(size, size, size),
        fc.tuple(layout, layout, layout),
        fillings(),
        fc.boolean(),
        ([I, K, J], [aLayout, bLayout, outLayout], fill, accumulate) => {
          const [a, b, out] = [place(I, K, aLayout), place(K, J, bLayout), place(I, J, outLayout)];
          for (const [salt, { data }] of [a, b, out].entries()) data.set(fill([data.length], salt).data);
          const before = { held: read(out), data: out.data.slice() };
          const wanted = naiveProduct(read(a), read(b));

          product(a, b, out, accumulate);

          expect(read(out)).toEqual(accumulate ? sumOfMatrices([wanted], before.held) : wanted);
          // with its own elements put back, the array is as it was
          for (let i = 0; i < I; i++) {
            for (let j = 0; j < J; j++) {
              out.data[out.offset + i * out.rowStride + j * out.columnStride] = before.held[i]![j]!;
            }
          }
          expect(out.data).toEqual(before.data);
        },
      ),
      { numRuns: 200 },
    );
  });
});
