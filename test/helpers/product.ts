/**
 * The products once more, as their contract says it and as slowly as it can be said: matrices are arrays of rows,
 * the patch matrix is written out, and every sum and product is rounded to float32 by name.
 */
import fc from "fast-check";
import type { Shape } from "../../src/tensor/shape.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import type { Window } from "../../src/tensor/window.js";
import { normalTensor } from "./random-tensor.js";

/** A matrix as its rows. */
export type Rows = readonly (readonly number[])[];

const { fround } = Math;

/** The matrix of all axes but the last by the last. */
export function rowsOf({ data, shape }: Tensor): Rows {
  const columns = shape.at(-1)!;
  return Array.from({ length: data.length / columns }, (_, i) => [
    ...data.subarray(i * columns, (i + 1) * columns),
  ]);
}

/** The rows with their columns exchanged. */
export function transpose(rows: Rows, columns = rows[0]?.length ?? 0): Rows {
  return Array.from({ length: columns }, (_, j) => rows.map((row) => row[j]!));
}

/** The float32 sum of terms in the order they come in, from 0. */
export function runningSum(terms: readonly number[]): number {
  return terms.reduce((sum, term) => fround(sum + term), 0);
}

/** a·b, k ascending. */
export function naiveProduct(a: Rows, b: Rows): Rows {
  const columns = b[0]?.length ?? 0;
  return a.map((row) =>
    Array.from({ length: columns }, (_, j) => runningSum(row.map((value, k) => fround(value * b[k]![j]!)))),
  );
}

/** The element-wise sum of matrices in order, from a matrix of zeros or from `start`. */
export function sumOfMatrices(matrices: readonly Rows[], start: Rows): Rows {
  return start.map((row, i) =>
    row.map((value, j) => matrices.reduce((s, m) => fround(s + m[i]![j]!), value)),
  );
}

/** Zeros. */
export function zeroRows(rows: number, columns: number): Rows {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => 0));
}

/** aᵀ·b of a batch, given image by image: within each image, then the images in order. */
export function naiveProductOverImages(a: readonly Rows[], b: readonly Rows[], I: number, O: number): Rows {
  const products = a.map((rows, n) => naiveProduct(transpose(rows, I), b[n]!));
  return sumOfMatrices(products, zeroRows(I, O));
}

/** The patch matrix of each image: a row for each (oh, ow), a column for each (ky, kx, c). */
export function naivePatches(images: Tensor, window: Window): Rows[] {
  return Array.from({ length: images.shape[0]! }, (_, n) =>
    cells(window.OH, window.OW).map(([oh, ow]) =>
      cells(window.KH, window.KW).flatMap(([ky, kx]) =>
        Array.from({ length: window.C }, (_, c) => {
          const [h, w] = pixelUnder(window, oh, ow, ky, kx);
          return h >= 0 && h < window.H && w >= 0 && w < window.W ? images.at(n, h, w, c) : 0;
        }),
      ),
    ),
  );
}

/** What each pixel [H, W, C] of one image gathers from a patch matrix: tap by tap, from `start`. */
export function naiveFold(matrix: Rows, window: Window, start: (h: number, w: number, c: number) => number) {
  return cells(window.H, window.W).flatMap(([h, w]) =>
    Array.from({ length: window.C }, (_, c) => {
      let sum = start(h, w, c);
      for (const [tap, [ky, kx]] of cells(window.KH, window.KW).entries()) {
        for (const [row, [oh, ow]] of cells(window.OH, window.OW).entries()) {
          const [underH, underW] = pixelUnder(window, oh, ow, ky, kx);
          if (underH === h && underW === w) sum = fround(sum + matrix[row]![tap * window.C + c]!);
        }
      }
      return sum;
    }),
  );
}

/** All (i, j) of a grid, row by row. */
function cells(rows: number, columns: number): (readonly [number, number])[] {
  return Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns]);
}

function pixelUnder(window: Window, oh: number, ow: number, ky: number, kx: number): [number, number] {
  return [
    oh * window.strideH + ky * window.dilationH - window.padTop,
    ow * window.strideW + kx * window.dilationW - window.padLeft,
  ];
}

const unusual = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 3e38, 1e-45];

/** How to fill a tensor: normal random numbers, and in half of the cases some that are not so normal. */
export const fillings = (): fc.Arbitrary<(shape: Shape, salt: number) => Tensor> =>
  fc
    .tuple(fc.nat(1e6), fc.array(fc.tuple(fc.nat(1e6), fc.constantFrom(...unusual)), { maxLength: 4 }))
    .map(([seed, replaced]) => (shape: Shape, salt: number): Tensor => {
      const tensor = normalTensor(shape, seed + salt);
      for (const [i, value] of replaced) tensor.data[(i + salt) % tensor.size] = value;
      return tensor;
    });
