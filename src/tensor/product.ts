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

/**
 * The matrix product out[i, j] = Σₖ a[i, k]·b[k, j], or out[i, j] += it with `accumulate`.
 *
 * The order of summation is part of the library's contract: one float32 running sum from zero, every product and
 * every sum rounded, k ascending; `accumulate` adds the finished sum once. Whatever computes the same product
 * faster has to give the same bits.
 *
 * It works on tiles of 4 x 4 elements of `out`: sixteen running sums stay in registers, so that each step of k
 * serves sixteen products with eight loads. Each sum is still taken in its own order, so tiling changes no bit.
 */
export function product(a: Matrix, b: Matrix, out: Matrix, accumulate = false): void {
  const tiledRows = out.rows - (out.rows % 4);
  const tiledColumns = out.columns - (out.columns % 4);
  productTiles(a, b, out, tiledRows, tiledColumns, accumulate);
  // what no tile covers: the columns to the right of them, then the rows below
  productOneByOne(a, b, out, 0, tiledRows, tiledColumns, out.columns, accumulate);
  productOneByOne(a, b, out, tiledRows, out.rows, 0, out.columns, accumulate);
}

function productOneByOne(
  { data: a, offset: aOffset, rowStride: aRow, columnStride: aStep, columns: K }: Matrix,
  { data: b, offset: bOffset, rowStride: bStep, columnStride: bColumn }: Matrix,
  { data: out, offset: outOffset, rowStride: outRow, columnStride: outColumn }: Matrix,
  firstRow: number,
  endRow: number,
  firstColumn: number,
  endColumn: number,
  accumulate: boolean,
): void {
  const { fround } = Math;
  for (let i = firstRow; i < endRow; i++) {
    for (let j = firstColumn; j < endColumn; j++) {
      let sum = 0;
      for (
        let k = 0, ai = aOffset + i * aRow, bi = bOffset + j * bColumn;
        k < K;
        k++, ai += aStep, bi += bStep
      ) {
        sum = fround(sum + fround(a[ai]! * b[bi]!));
      }
      const o = outOffset + i * outRow + j * outColumn;
      out[o] = accumulate ? out[o]! + sum : sum;
    }
  }
}

// the finished sums of one tile, row by row, on their way to `out`
const tile = new Float32Array(16);

function productTiles(
  { data: a, offset: aOffset, rowStride: aRow, columnStride: aStep, columns: K }: Matrix,
  { data: b, offset: bOffset, rowStride: bStep, columnStride: bColumn }: Matrix,
  { data: out, offset: outOffset, rowStride: outRow, columnStride: outColumn }: Matrix,
  rows: number,
  columns: number,
  accumulate: boolean,
): void {
  const { fround } = Math;
  for (let i = 0; i < rows; i += 4) {
    for (let j = 0; j < columns; j += 4) {
      // sRC is the running sum of the tile's row R, column C
      let s00 = 0,
        s01 = 0,
        s02 = 0,
        s03 = 0;
      let s10 = 0,
        s11 = 0,
        s12 = 0,
        s13 = 0;
      let s20 = 0,
        s21 = 0,
        s22 = 0,
        s23 = 0;
      let s30 = 0,
        s31 = 0,
        s32 = 0,
        s33 = 0;
      let i0 = aOffset + i * aRow;
      let j0 = bOffset + j * bColumn;
      for (let k = 0; k < K; k++) {
        const b0 = b[j0]!,
          b1 = b[j0 + bColumn]!,
          b2 = b[j0 + 2 * bColumn]!,
          b3 = b[j0 + 3 * bColumn]!;
        const a0 = a[i0]!;
        s00 = fround(s00 + fround(a0 * b0));
        s01 = fround(s01 + fround(a0 * b1));
        s02 = fround(s02 + fround(a0 * b2));
        s03 = fround(s03 + fround(a0 * b3));
        const a1 = a[i0 + aRow]!;
        s10 = fround(s10 + fround(a1 * b0));
        s11 = fround(s11 + fround(a1 * b1));
        s12 = fround(s12 + fround(a1 * b2));
        s13 = fround(s13 + fround(a1 * b3));
        const a2 = a[i0 + 2 * aRow]!;
        s20 = fround(s20 + fround(a2 * b0));
        s21 = fround(s21 + fround(a2 * b1));
        s22 = fround(s22 + fround(a2 * b2));
        s23 = fround(s23 + fround(a2 * b3));
        const a3 = a[i0 + 3 * aRow]!;
        s30 = fround(s30 + fround(a3 * b0));
        s31 = fround(s31 + fround(a3 * b1));
        s32 = fround(s32 + fround(a3 * b2));
        s33 = fround(s33 + fround(a3 * b3));
        i0 += aStep;
        j0 += bStep;
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
      for (let r = 0, t = 0; r < 4; r++) {
        let o = outOffset + (i + r) * outRow + j * outColumn;
        for (let c = 0; c < 4; c++, t++, o += outColumn) {
          out[o] = accumulate ? out[o]! + tile[t]! : tile[t]!;
        }
      }
    }
  }
}
