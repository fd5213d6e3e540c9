import { allocateArray } from "./allocate.js";

/**
 * A matrix inside an array: element (i, j) is `data[offset + i·rowStride + j·columnStride]`. Swapping the two
 * strides transposes it without moving a number.
 */
export interface Matrix {
  readonly data: Float32Array;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** The matrix of `rows` rows of `columns` consecutive elements each. */
export function rowMajor(data: Float32Array, offset: number, rows: number, columns: number): Matrix {
  return { data, offset, rows, columns, rowStride: columns, columnStride: 1 };
}

/** The same elements with rows and columns exchanged. */
export function transposed({ data, offset, rows, columns, rowStride, columnStride }: Matrix): Matrix {
  return {
    data,
    offset,
    rows: columns,
    columns: rows,
    rowStride: columnStride,
    columnStride: rowStride,
  };
}

// a tile has 4 x 4 elements of `out`
const TILE = 4;

/**
 * The matrix product out[i, j] = Σₖ a[i, k]·b[k, j], or out[i, j] += it with `accumulate`.
 *
 * The order of summation is part of the library's contract: one float32 running sum from zero, every product and
 * every sum rounded, k ascending; `accumulate` adds the finished sum once. Whatever computes the same product
 * faster has to give the same bits.
 *
 * It works on tiles of 4 x 4 elements of `out`: sixteen running sums stay in registers, so that each step of k
 * serves sixteen products with eight loads. Each sum is still taken in its own order, so tiling changes no bit. The
 * operands are packed first, into the order in which the tiles read them.
 */
export function product(a: Matrix, b: Matrix, out: Matrix, accumulate = false): void {
  const K = a.columns;
  const rows = packBands(a, 0);
  const columns = packBands(transposed(b), 1);
  const { data, offset, rowStride, columnStride } = out;
  for (let i = 0; i < out.rows; i += TILE) {
    for (let j = 0; j < out.columns; j += TILE) {
      sumTile(rows, i * K, columns, j * K, K);
      const endRow = Math.min(TILE, out.rows - i);
      const endColumn = Math.min(TILE, out.columns - j);
      for (let r = 0; r < endRow; r++) {
        let o = offset + (i + r) * rowStride + j * columnStride;
        for (let t = r * TILE; t < r * TILE + endColumn; t++, o += columnStride) {
          data[o] = accumulate ? data[o]! + tile[t]! : tile[t]!;
        }
      }
    }
  }
}

const packed: Float64Array[] = [new Float64Array(0), new Float64Array(0)];

/**
 * A matrix in bands of four rows: the four elements of a band's first column, of its second, and so on; the last band
 * is filled up with zeros. As float64, since that is what JavaScript computes with: each element is widened once, and
 * not again for every tile.
 */
function packBands(
  { data, offset, rows, columns, rowStride, columnStride }: Matrix,
  slot: 0 | 1,
): Float64Array {
  const length = Math.ceil(rows / TILE) * TILE * columns;
  if (packed[slot]!.length < length) packed[slot] = allocateArray(Float64Array, "matmul", [length]);
  const bands = packed[slot]!;
  let o = 0;
  for (let band = 0; band < rows; band += TILE) {
    const first = offset + band * rowStride;
    if (band + TILE <= rows) {
      for (let k = 0, i = first; k < columns; k++, i += columnStride, o += TILE) {
        bands[o] = data[i]!;
        bands[o + 1] = data[i + rowStride]!;
        bands[o + 2] = data[i + 2 * rowStride]!;
        bands[o + 3] = data[i + 3 * rowStride]!;
      }
    } else {
      for (let k = 0, i = first; k < columns; k++, i += columnStride) {
        for (let r = 0; r < TILE; r++, o++) bands[o] = band + r < rows ? data[i + r * rowStride]! : 0;
      }
    }
  }
  return bands;
}

// the finished sums of one tile, row by row
const tile = new Float32Array(TILE * TILE);

/** The sums of one tile over the columns of a band of `a` and a band of `b`, which begin at i and j. */
function sumTile(a: Float64Array, i: number, b: Float64Array, j: number, K: number): void {
  const { fround } = Math;
  // sRC is the running sum of the tile's row R, column C
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  for (const end = i + TILE * K; i < end; i += TILE, j += TILE) {
    const b0 = b[j]!;
    const b1 = b[j + 1]!;
    const b2 = b[j + 2]!;
    const b3 = b[j + 3]!;
    const a0 = a[i]!;
    s00 = fround(s00 + fround(a0 * b0));
    s01 = fround(s01 + fround(a0 * b1));
    s02 = fround(s02 + fround(a0 * b2));
    s03 = fround(s03 + fround(a0 * b3));
    const a1 = a[i + 1]!;
    s10 = fround(s10 + fround(a1 * b0));
    s11 = fround(s11 + fround(a1 * b1));
    s12 = fround(s12 + fround(a1 * b2));
    s13 = fround(s13 + fround(a1 * b3));
    const a2 = a[i + 2]!;
    s20 = fround(s20 + fround(a2 * b0));
    s21 = fround(s21 + fround(a2 * b1));
    s22 = fround(s22 + fround(a2 * b2));
    s23 = fround(s23 + fround(a2 * b3));
    const a3 = a[i + 3]!;
    s30 = fround(s30 + fround(a3 * b0));
    s31 = fround(s31 + fround(a3 * b1));
    s32 = fround(s32 + fround(a3 * b2));
    s33 = fround(s33 + fround(a3 * b3));
  }
  tile[0] = s00;
  tile[1] = s01;
  tile[2] = s02;
  tile[3] = s03;
  tile[4] = s10;
  tile[5] = s11;
  tile[6] = s12;
  tile[7] = s13;
  tile[8] = s20;
  tile[9] = s21;
  tile[10] = s22;
  tile[11] = s23;
  tile[12] = s30;
  tile[13] = s31;
  tile[14] = s32;
  tile[15] = s33;
}
