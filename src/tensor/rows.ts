import { ShapeError } from "./errors.js";
import { expectOptions } from "./expect.js";
import { scratch } from "./scratch.js";
import { expectShape, formatShape } from "./shape.js";
import { type SumOptions, simdColumnDots, simdColumnSums } from "./simd/column-sums.js";
import { simdAddRow } from "./simd/rows.js";
import { expectTensor, type Tensor } from "./tensor.js";

/**
 * Adds a row to every row: x[…, c] += row[c], in place. This is how a bias comes to its outputs.
 *
 * Shapes: x [..., C] · row [C].
 *
 * @throws ShapeError if the row does not have the columns of x.
 */
export function addRow(x: Tensor, row: Tensor): Tensor {
  const C = expectChannels("addRow", x, "row", row);
  if (simdAddRow(x.data, row.data)) return x;
  const { data } = x;
  const added = row.data;
  for (let i = 0; i < data.length; i += C) {
    for (let c = 0; c < C; c++) data[i + c] = data[i + c]! + added[c]!;
  }
  return x;
}

/** Options of `columnSums` and `columnDots`. */
export interface ColumnSumsOptions {
  /** Where the sums go, [C]. */
  readonly out: Tensor;
  /** Add the sums to what `out` holds in place of overwriting it. @default false */
  readonly accumulate?: boolean;
}

/**
 * The sum of each column: out[c] = Σ x[…, c]. This is the gradient of a row that was added to every row.
 *
 * Order of summation: float32, within each image (the first axis), then over the images in order; `accumulate` adds
 * the finished sum once.
 *
 * Shapes: x [N, ..., C] · out [C].
 *
 * @throws ShapeError if `out` does not have the columns of x.
 */
export function columnSums(x: Tensor, options: ColumnSumsOptions): Tensor {
  const C = expectChannels("columnSums", x, "out", expectOptions("columnSums", options).out);
  if (simdColumnSums(x.data, simdSums(x, options))) return options.out;
  return sumOverImages(x, options, (sum, first, end) => addRows(sum, x.data, C, first, end));
}

/**
 * The sum of products of each column: out[c] = Σ a[…, c]·b[…, c]. This is the gradient of a row that every row of b
 * was multiplied with, element by element, where `a` is the gradient of the product.
 *
 * Order of summation: that of `columnSums`; each product is rounded to float32.
 *
 * Shapes: a, b [N, ..., C] · out [C].
 *
 * @throws ShapeError if a and b differ in shape, or `out` does not have their columns.
 */
export function columnDots(a: Tensor, b: Tensor, options: ColumnSumsOptions): Tensor {
  const C = expectChannels("columnDots", a, "out", options.out);
  expectShape("columnDots", b.shape, a.shape);
  if (simdColumnDots(a.data, b.data, simdSums(a, options))) return options.out;
  return sumOverImages(a, options, (sum, first, end) => addProducts(sum, a.data, b.data, C, first, end));
}

/**
 * The library's order of summation over a batch, in one place: `addImage` adds up one image, the elements
 * [first, end) of x, in a sum [C] that starts from zero, and the sums of the images are added up in order.
 */
export function sumOverImages(
  x: Tensor,
  { out, accumulate = false }: ColumnSumsOptions,
  addImage: (sum: Float32Array, first: number, end: number) => void,
): Tensor {
  const C = out.size;
  const images = imagesOf(x);
  const perImage = x.size / images;
  const total = scratch(0, C).fill(0, 0, C);
  const sum = scratch(1, C);
  for (let n = 0; n < images; n++) {
    sum.fill(0, 0, C);
    addImage(sum, n * perImage, (n + 1) * perImage);
    for (let c = 0; c < C; c++) total[c] = total[c]! + sum[c]!;
  }
  for (let c = 0; c < C; c++) out.data[c] = accumulate ? out.data[c]! + total[c]! : total[c]!;
  return out;
}

/** A single axis is a single row. */
function imagesOf(x: Tensor): number {
  return x.rank > 1 ? x.shape[0]! : 1;
}

/** The options of a sum of columns, for the kernels. */
export function simdSums(x: Tensor, { out, accumulate = false }: ColumnSumsOptions): SumOptions {
  return { images: imagesOf(x), out: out.data, accumulate };
}

/** sum[c] += x[i + c] for each row of C elements that begins at an i in [first, end). */
function addRows(sum: Float32Array, x: Float32Array, C: number, first: number, end: number): void {
  for (let i = first; i < end; i += C) {
    for (let c = 0; c < C; c++) sum[c] = sum[c]! + x[i + c]!;
  }
}

/** sum[c] += a[i + c]·b[i + c] for each row of C elements that begins at an i in [first, end). */
function addProducts(
  sum: Float32Array,
  a: Float32Array,
  b: Float32Array,
  C: number,
  first: number,
  end: number,
): void {
  const { fround } = Math;
  for (let i = first; i < end; i += C) {
    for (let c = 0; c < C; c++) sum[c] = sum[c]! + fround(a[i + c]! * b[i + c]!);
  }
}

function expectChannels(where: string, x: Tensor, name: string, row: Tensor): number {
  expectTensor(where, x, "x to be a Tensor");
  expectTensor(where, row, `${name} to be a Tensor`);
  const C = x.shape.at(-1);
  if (C === undefined) throw new ShapeError(`${where}: expected a tensor of at least one axis, got [].`);
  if (row.rank !== 1 || row.size !== C) {
    throw new ShapeError(
      `${where}: expected ${name} to be of shape [${C}] for ${formatShape(x.shape)}, got ${formatShape(row.shape)}.`,
    );
  }
  return C;
}
