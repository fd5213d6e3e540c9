import { FLOAT, VECTOR_BYTES } from "./assembler.js";
import { copyKernel, transposeKernel } from "./copy-kernel.js";
import { defineJob, type Job } from "./job.js";
import { addressOf, inMemory } from "./memory.js";
import { scratchAddress } from "./scratch.js";
import { type Block, columnBlocks, nest, type Strip, stripKernel } from "./strip-kernel.js";
import { run, threadLimit } from "./threads.js";

/*
 * Matrix products c = a·b, a·bᵀ and aᵀ·b without patches: dense layers.
 *
 * A thread takes a block of columns of c. It first copies the part of b for them to memory of its own, row after row
 * without gaps: where the rows of a matrix are a multiple of some kilobytes apart, as they often are, they compete for
 * the same few places of the cache, and to read down a column is slow. The copy is then used for all rows of a.
 */

/** So many steps of a sum at a time: a copy of so many rows of b stays in the first-level cache. */
const SUM_PART = 384;

/** Columns of a block: a cache line of c. */
const BLOCK_COLUMNS = 16;

/** Rows of c that one call of a kernel computes again and again; a multiple of every tile's height. */
const STRIP_ROWS = 8;

/** Rows of aᵀ that are copied at a time. */
const COPIED_COLUMNS = 64;

const argumentNames = [
  "a",
  "b",
  "c",
  "rows",
  "inner",
  "columns",
  "rowParts",
  "add",
  "scratch",
  "scratchBytes",
] as const;
type Arguments = Readonly<Record<(typeof argumentNames)[number], number>>;

/** Copies the rows `first` to `first + count` of b, or of bᵀ, as far as they are in the block. */
type CopyBlock = (block: Block, first: number, count: number, to: number) => void;

/** c [rows, columns] = a [rows, inner] · b; a unit is a block of columns of a part of the rows. */
function multiply(args: Arguments, begin: number, end: number, copy: CopyBlock, panel: number): void {
  const { a, c, rows, inner, columns, rowParts, add } = args;
  const blocks = columnBlocks(columns, BLOCK_COLUMNS);
  // a sum that is to be added to c once has to be finished first
  const part = add !== 0 ? inner : SUM_PART;
  for (let first = 0; first < inner; first += part) {
    const count = Math.min(part, inner - first);
    for (let unit = begin; unit < end; unit++) {
      const block = blocks[Math.floor(unit / rowParts)]!;
      const firstRow = partStart(rows, rowParts, unit % rowParts);
      const endRow = partStart(rows, rowParts, (unit % rowParts) + 1);
      copy(block, first, count, panel);
      const sums: SumPart = { block, count, start: first === 0 ? "zero" : "c" };
      runStrips(args, sums, {
        a: a + (firstRow * inner + first) * FLOAT,
        b: panel,
        c: c + (firstRow * columns + block.first) * FLOAT,
        rows: endRow - firstRow,
      });
    }
  }
}

/** Where part i of n parts of `rows` begins: at a whole strip. */
function partStart(rows: number, n: number, i: number): number {
  const strips = Math.ceil(rows / STRIP_ROWS);
  return Math.min(rows, Math.floor((strips * i) / n) * STRIP_ROWS);
}

/** So many steps of the sums of a block of columns, and what the sums start from. */
interface SumPart {
  readonly block: Block;
  readonly count: number;
  readonly start: Strip["start"];
}

/** Computes a part of the sums for some rows of c: in strips of eight, then in one of the rows that are left. */
function runStrips(
  { inner, columns, add }: Arguments,
  { block, count, start }: SumPart,
  { a, b, c, rows }: { a: number; b: number; c: number; rows: number },
): void {
  const rowA = inner * FLOAT;
  const rowC = columns * FLOAT;
  const kernelOf = (stripRows: number) =>
    stripKernel({
      rows: stripRows,
      columns: block.columns,
      rowA,
      rowC,
      sum: nest({ count: 0, a: FLOAT, b: panelRow(block) }),
      next: { a: stripRows * rowA, b: 0, c: stripRows * rowC },
      start,
      finish: add !== 0 ? "add" : "write",
    });
  const strips = Math.floor(rows / STRIP_ROWS);
  const done = strips * STRIP_ROWS;
  if (strips > 0) kernelOf(STRIP_ROWS)(a, b, c, count, strips);
  if (done < rows) kernelOf(rows - done)(a + done * rowA, b, c + done * rowC, count, 1);
}

/** Bytes of a row of the copy of a block: whole vectors. */
function panelRow({ columns }: Block): number {
  return Math.ceil(columns / 4) * VECTOR_BYTES;
}

const denseJob = defineJob("dense", argumentNames, (args, begin, end, thread) => {
  const { b, columns, scratch, scratchBytes } = args;
  const copy: CopyBlock = (block, first, count, to) => {
    const from = b + (first * columns + block.first) * FLOAT;
    copyKernel({ length: block.columns, from: columns, to: panelRow(block) / FLOAT })(from, to, count);
  };
  multiply(args, begin, end, copy, scratch + thread * scratchBytes);
});

const denseTransposedJob = defineJob("denseTransposed", argumentNames, (args, begin, end, thread) => {
  const { b, inner, scratch, scratchBytes } = args;
  const copy: CopyBlock = (block, first, count, to) => {
    const from = b + (block.first * inner + first) * FLOAT;
    transposeKernel({ columns: block.columns, from: inner, to: panelRow(block) / FLOAT })(from, to, count);
  };
  multiply(args, begin, end, copy, scratch + thread * scratchBytes);
});

/**
 * c [rows, columns] = aᵀ·b, or c += it, with a [inner, rows] and b [inner, columns]. A unit is so many rows of c, whose
 * columns of a are copied; b is copied as a whole, block after block, by whoever calls.
 */
const denseTransposeAJob = defineJob("denseTransposeA", argumentNames, (args, begin, end, thread) => {
  const { a, b, c, rows, inner, columns, add, scratch, scratchBytes } = args;
  const panel = scratch + thread * scratchBytes;
  for (let unit = begin; unit < end; unit++) {
    const first = unit * COPIED_COLUMNS;
    const count = Math.min(COPIED_COLUMNS, rows - first);
    copyKernel({ length: count, from: rows, to: COPIED_COLUMNS })(a + first * FLOAT, panel, inner);
    let panelB = b;
    for (const block of columnBlocks(columns, BLOCK_COLUMNS)) {
      stripKernel({
        rows: count,
        columns: block.columns,
        rowA: FLOAT,
        rowC: columns * FLOAT,
        sum: nest({ count: 0, a: COPIED_COLUMNS * FLOAT, b: panelRow(block) }),
        next: { a: 0, b: 0, c: 0 },
        start: "zero",
        finish: add !== 0 ? "add" : "write",
      })(panel, panelB, c + (first * columns + block.first) * FLOAT, inner, 1);
      panelB += panelRow(block) * inner;
    }
  }
});

/** A row-major matrix. */
export interface DenseMatrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** c = a·b, or a·bᵀ with `transposeB`, or c += it with `add`; false, and nothing done, where an operand is elsewhere. */
export function simdDense(
  a: DenseMatrix,
  b: DenseMatrix,
  c: DenseMatrix,
  { transposeB, add }: { readonly transposeB: boolean; readonly add: boolean },
): boolean {
  if (isEmpty(a, b, c) || !inMemory(a.data, b.data, c.data)) return false;
  const { rows, columns } = c;
  const inner = a.columns;
  const blocks = columnBlocks(columns, BLOCK_COLUMNS).length;
  // few blocks: a unit is a part of the rows of one
  const rowParts = blocks >= 8 ? 1 : Math.min(Math.ceil(rows / STRIP_ROWS), 8);
  const panel = (add ? inner : Math.min(inner, SUM_PART)) * BLOCK_COLUMNS;
  const scratch = scratchAddress("threads", panel * threadLimit());
  if (scratch === undefined) return false;
  const args = {
    a: addressOf(a.data),
    b: addressOf(b.data),
    c: addressOf(c.data),
    rows,
    inner,
    columns,
    rowParts,
    add: Number(add),
    scratch,
    scratchBytes: panel * FLOAT,
  };
  const units = blocks * rowParts;
  run(transposeB ? denseTransposedJob : denseJob, args, {
    units,
    work: (rows * inner * columns) / 4 / units,
  });
  return true;
}

/** c = aᵀ·b, or c += it with `add`; false, and nothing done, where an operand is elsewhere. */
export function simdDenseTransposeA(a: DenseMatrix, b: DenseMatrix, c: DenseMatrix, add: boolean): boolean {
  if (isEmpty(a, b, c) || !inMemory(a.data, b.data, c.data)) return false;
  const { rows, columns } = c;
  const inner = a.rows;
  const blocks = columnBlocks(columns, BLOCK_COLUMNS);
  const panel = inner * COPIED_COLUMNS;
  const scratch = scratchAddress("threads", panel * threadLimit());
  const panels = scratchAddress(
    "kernel",
    (blocks.reduce((sum, block) => sum + panelRow(block), 0) / FLOAT) * inner,
  );
  if (scratch === undefined || panels === undefined) return false;
  let to = panels;
  for (const block of blocks) {
    const copy = copyKernel({ length: block.columns, from: columns, to: panelRow(block) / FLOAT });
    copy(addressOf(b.data) + block.first * FLOAT, to, inner);
    to += panelRow(block) * inner;
  }
  const args = {
    a: addressOf(a.data),
    b: panels,
    c: addressOf(c.data),
    rows,
    inner,
    columns,
    rowParts: 1,
    add: Number(add),
    scratch,
    scratchBytes: panel * FLOAT,
  };
  const units = Math.ceil(rows / COPIED_COLUMNS);
  run(denseTransposeAJob, args, { units, work: (rows * inner * columns) / 4 / units });
  return true;
}

function isEmpty(...matrices: readonly DenseMatrix[]): boolean {
  return matrices.some(({ rows, columns }) => rows === 0 || columns === 0);
}

/** The jobs of this file, for the threads. */
export const DENSE_JOBS: readonly Job[] = [denseJob, denseTransposedJob, denseTransposeAJob];
