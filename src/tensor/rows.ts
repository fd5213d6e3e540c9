import { ShapeError } from "./errors.js";
import { scratch } from "./scratch.js";
import { formatShape } from "./shape.js";
import type { Tensor } from "./tensor.js";

/**
 * Adds a row to every row: x[…, c] += row[c], in place. This is how a bias comes to its outputs.
 *
 * Shapes: x [..., C] · row [C].
 */
export function addRow(x: Tensor, row: Tensor): Tensor {
  const C = expectChannels("addRow", x, row);
  const { data } = x;
  const added = row.data;
  for (let i = 0; i < data.length; i += C) {
    for (let c = 0; c < C; c++) data[i + c] = data[i + c]! + added[c]!;
  }
  return x;
}

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
 */
export function columnSums(x: Tensor, { out, accumulate = false }: ColumnSumsOptions): Tensor {
  return columnDots(x, undefined, { out, accumulate });
}

/**
 * The sum of products of each column: out[c] = Σ a[…, c]·b[…, c]; without `b`, the sum of a's column.
 *
 * Shapes: a, b [N, ..., C] · out [C]. The order of summation is that of `columnSums`.
 */
export function columnDots(
  a: Tensor,
  b: Tensor | undefined,
  { out, accumulate = false }: ColumnSumsOptions,
): Tensor {
  const C = expectChannels(b ? "columnDots" : "columnSums", a, out);
  const { fround } = Math;
  const left = a.data;
  const right = b?.data;
  const images = a.shape[0]!;
  const perImage = a.size / images;
  const total = scratch(0, C).fill(0, 0, C);
  const sum = scratch(1, C);
  for (let n = 0; n < images; n++) {
    sum.fill(0, 0, C);
    for (let i = n * perImage; i < (n + 1) * perImage; i += C) {
      if (right) for (let c = 0; c < C; c++) sum[c] = sum[c]! + fround(left[i + c]! * right[i + c]!);
      else for (let c = 0; c < C; c++) sum[c] = sum[c]! + left[i + c]!;
    }
    for (let c = 0; c < C; c++) total[c] = total[c]! + sum[c]!;
  }
  for (let c = 0; c < C; c++) out.data[c] = accumulate ? out.data[c]! + total[c]! : total[c]!;
  return out;
}

function expectChannels(where: string, x: Tensor, row: Tensor): number {
  const C = x.shape.at(-1);
  if (row.rank !== 1 || C !== row.size) {
    throw new ShapeError(
      `${where}: expected a row of ${C ?? "at least one"} elements for ${formatShape(x.shape)}, got ${formatShape(row.shape)}.`,
    );
  }
  return row.size;
}
