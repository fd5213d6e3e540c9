import type { Window } from "../window.js";
import { FLOAT, VECTOR_BYTES } from "./assembler.js";
import { copyKernel } from "./copy-kernel.js";
import { simdAddTo } from "./elementwise.js";
import { defineJob, type Job } from "./job.js";
import { addressOf, floatsOf, inMemory } from "./memory.js";
import { scratchAddress, scratchArray } from "./scratch.js";
import { type Block, columnBlocks, nest, type Strip, stripKernel } from "./strip-kernel.js";
import { run, threadLimit } from "./threads.js";

/*
 * The matrix products of `matmul`. Each is cut into strips, of a few rows of the output and up to three vectors of its
 * columns, that a strip kernel computes; what differs is how the operands are walked.
 */

/** So many steps of a sum at a time: the part of b that a strip reads then stays in the first-level cache. */
const SUM_PART = 512;

/** Rows of one strip of a dense product. */
const STRIP_ROWS = 4;

// ---------------------------------------------------------------- dense: c = a·b or a·bᵀ

const denseArguments = ["a", "b", "c", "rows", "inner", "columns", "rowParts", "add"] as const;

/** c [rows, columns] = a [rows, inner] · b [inner, columns]; a unit is a block of columns of a part of the rows. */
const denseJob = defineJob("dense", denseArguments, (args, begin, end) => {
  const { a, b, c, rows, inner, columns, rowParts, add } = args;
  const blocks = columnBlocks(columns);
  for (let unit = begin; unit < end; unit++) {
    const block = blocks[Math.floor(unit / rowParts)]!;
    const part = unit % rowParts;
    const firstRow = partStart(rows, rowParts, part);
    const product = new DenseStrips({ inner, block, columns, stepB: columns * FLOAT, add: add !== 0 });
    product.run(
      a + firstRow * inner * FLOAT,
      b + block.first * FLOAT,
      c + (firstRow * columns + block.first) * FLOAT,
      partStart(rows, rowParts, part + 1) - firstRow,
    );
  }
});

/** Where part i of n parts of `rows` begins: at a whole strip. */
function partStart(rows: number, n: number, i: number): number {
  const strips = Math.ceil(rows / STRIP_ROWS);
  return Math.min(rows, Math.floor((strips * i) / n) * STRIP_ROWS);
}

/** As `denseJob` with bᵀ for b: each unit, a block of columns, first writes its part of bᵀ to the thread's scratch. */
const denseTransposedJob = defineJob(
  "denseTransposed",
  ["a", "b", "c", "rows", "inner", "columns", "add", "scratch", "scratchBytes"],
  ({ a, b, c, rows, inner, columns, add, scratch, scratchBytes }, begin, end, thread) => {
    const panel = scratch + thread * scratchBytes;
    for (const block of columnBlocks(columns).slice(begin, end)) {
      const vectors = Math.ceil(block.columns / 4);
      writePanel(b / FLOAT + block.first * inner, inner, block.columns, {
        to: panel / FLOAT,
        width: vectors * 4,
      });
      const product = new DenseStrips({
        inner,
        block,
        columns,
        stepB: vectors * VECTOR_BYTES,
        add: add !== 0,
      });
      product.run(a, panel, c + block.first * FLOAT, rows);
    }
  },
);

/** Transposes `rows` rows of `length` floats that begin at index `from`. */
function writePanel(
  from: number,
  length: number,
  rows: number,
  { to, width }: { to: number; width: number },
): void {
  const floats = floatsOf(Math.max(from + rows * length, to + length * width) * FLOAT);
  for (let r = 0; r < rows; r++) {
    for (let k = 0, i = from + r * length, o = to + r; k < length; k++, i++, o += width)
      floats[o] = floats[i]!;
  }
}

/** The strips of a block of columns of a dense product. */
class DenseStrips {
  readonly #inner: number;
  readonly #stepB: number;
  readonly #add: boolean;
  readonly #rowC: number;
  readonly #columns: number;

  constructor({
    inner,
    block,
    columns,
    stepB,
    add,
  }: {
    inner: number;
    block: Block;
    columns: number;
    stepB: number;
    add: boolean;
  }) {
    this.#inner = inner;
    this.#stepB = stepB;
    this.#add = add;
    this.#rowC = columns * FLOAT;
    this.#columns = block.columns;
  }

  run(a: number, b: number, c: number, rows: number): void {
    // a sum that is to be added to c once has to be finished first
    const part = this.#add ? this.#inner : SUM_PART;
    for (let first = 0; first < this.#inner; first += part) {
      const count = Math.min(part, this.#inner - first);
      this.#runPart(a + first * FLOAT, b + first * this.#stepB, c, rows, { count, isFirst: first === 0 });
    }
  }

  /** Some steps of the sums of all rows: strips of four rows, then one of those that are left. */
  #runPart(
    a: number,
    b: number,
    c: number,
    rows: number,
    { count, isFirst }: { count: number; isFirst: boolean },
  ): void {
    const rowA = this.#inner * FLOAT;
    const rowC = this.#rowC;
    const strip = (stripRows: number): Strip => ({
      rows: stripRows,
      columns: this.#columns,
      rowA,
      rowC,
      sum: nest({ count: 0, a: FLOAT, b: this.#stepB }),
      next: { a: stripRows * rowA, b: 0, c: stripRows * rowC },
      start: isFirst ? "zero" : "c",
      finish: this.#add ? "add" : "write",
    });
    const strips = Math.floor(rows / STRIP_ROWS);
    const rest = rows - strips * STRIP_ROWS;
    if (strips > 0) stripKernel(strip(STRIP_ROWS))(a, b, c, count, strips);
    const done = strips * STRIP_ROWS;
    if (rest > 0) stripKernel(strip(rest))(a + done * rowA, b, c + done * rowC, count, 1);
  }
}

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
  if (!inMemory(a.data, b.data, c.data)) return false;
  const { rows, columns } = c;
  if (rows === 0 || columns === 0 || a.columns === 0) return false;
  const inner = a.columns;
  const blocks = columnBlocks(columns).length;
  const args = {
    a: addressOf(a.data),
    b: addressOf(b.data),
    c: addressOf(c.data),
    rows,
    inner,
    columns,
    add: Number(add),
  };
  const work = (rows * inner * columns) / 4;
  if (transposeB) {
    const length = inner * 12;
    const scratch = scratchAddress("threads", length * threadLimit());
    if (scratch === undefined) return false;
    run(
      denseTransposedJob,
      { ...args, scratch, scratchBytes: length * FLOAT },
      { units: blocks, work: work / blocks },
    );
  } else {
    // few blocks: a unit is a part of the rows of one
    const rowParts = blocks >= 8 ? 1 : Math.min(Math.ceil(rows / STRIP_ROWS), 8);
    const units = blocks * rowParts;
    run(denseJob, { ...args, rowParts }, { units, work: work / units });
  }
  return true;
}

// ---------------------------------------------------------------- patches

/** A window over images that are as large as it reaches: what the jobs need to know of a `Window`, in floats. */
const geometryArguments = [
  "W", // of an image with its padding
  "C",
  "KH",
  "KW",
  "OH",
  "OW",
  "strideH",
  "strideW",
  "dilationH",
  "dilationW",
  "image", // floats of an image with its padding
] as const;
type Geometry = Readonly<Record<(typeof geometryArguments)[number], number>>;

/** The loops over the taps of a window, of which one run after the other is contiguous in the image. */
function tapLoops({ W, C, KW, KH, dilationH, dilationW }: Geometry, F: number) {
  const ky = { count: KH, a: dilationH * W * C * FLOAT, b: KW * C * F * FLOAT };
  if (dilationW === 1) return nest(ky, { count: KW * C, a: FLOAT, b: F * FLOAT });
  const kx = { count: KW, a: dilationW * C * FLOAT, b: C * F * FLOAT };
  return nest(ky, kx, { count: C, a: FLOAT, b: F * FLOAT });
}

/** y [N, OH, OW, F] = P·W; a unit is a row (n, oh) of y. */
const patchesJob = defineJob(
  "patches",
  [...geometryArguments, "x", "w", "y", "F", "add"],
  (args, begin, end) => {
    const { W, C, KH, OH, OW, strideH, strideW, image, x, w, y, F, add } = args;
    const rowY = OW * F * FLOAT;
    for (const { first, columns } of columnBlocks(F)) {
      const product = stripKernel({
        rows: OW,
        columns,
        rowA: strideW * C * FLOAT,
        rowC: F * FLOAT,
        sum: tapLoops(args, F),
        next: { a: strideH * W * C * FLOAT, b: 0, c: rowY },
        start: "zero",
        finish: add !== 0 ? "add" : "write",
      });
      // the rows of one image lie at equal distances
      for (let row = begin; row < end; ) {
        const n = Math.floor(row / OH);
        const oh = row - n * OH;
        const rows = Math.min(end - row, OH - oh);
        const patch = x + (n * image + oh * strideH * W * C) * FLOAT;
        product(patch, w + first * FLOAT, y + row * rowY + first * FLOAT, KH, rows);
        row += rows;
      }
    }
  },
);

/** Rows of dW that one unit of `kernelGradientJob` computes, at most. */
const SEGMENT = 24;

/** The rows of dW in a contiguous run of taps, cut into segments. */
function segments({ C, KW, dilationW }: Geometry): {
  runs: number;
  run: number;
  segment: number;
  perRun: number;
} {
  const run = dilationW === 1 ? KW * C : C;
  const runs = dilationW === 1 ? 1 : KW;
  const perRun = Math.ceil(run / SEGMENT);
  const segment = Math.ceil(run / perRun / 4) * 4;
  return { runs, run, segment, perRun: Math.ceil(run / segment) };
}

/** dW [KH·KW·C, F] += Pᵀ·dy, image by image; a unit is a segment of rows of dW, by a block of columns. */
const kernelGradientJob = defineJob(
  "kernelGradient",
  [...geometryArguments, "x", "dy", "dw", "N", "F"],
  (args, begin, end) => {
    const { W, C, KW, OH, OW, strideH, strideW, dilationH, dilationW, image, x, dy, dw, N, F } = args;
    const { runs, run, segment, perRun } = segments(args);
    const blocks = columnBlocks(F);
    const units = Array.from({ length: end - begin }, (_, i) => {
      const { first, columns } = blocks[(begin + i) % blocks.length]!;
      const s = Math.floor((begin + i) / blocks.length);
      const start = (s % perRun) * segment;
      const tap = Math.floor(s / perRun); // the first of the run: ky·runs + kx, or ky
      const ky = Math.floor(tap / runs);
      const kx = tap % runs;
      return {
        pixel: ((ky * dilationH * W + kx * dilationW) * C + start) * FLOAT,
        gradient: first * FLOAT,
        row: (((ky * KW + kx) * C + start) * F + first) * FLOAT,
        sums: stripKernel({
          rows: Math.min(segment, run - start),
          columns,
          rowA: FLOAT,
          rowC: F * FLOAT,
          sum: nest(
            { count: 0, a: strideH * W * C * FLOAT, b: OW * F * FLOAT },
            { count: OW, a: strideW * C * FLOAT, b: F * FLOAT },
          ),
          next: { a: 0, b: 0, c: 0 },
          start: "zero",
          finish: "add",
        }),
      };
    });
    for (let n = 0; n < N; n++) {
      const imageX = x + n * image * FLOAT;
      const imageDy = dy + n * OH * OW * F * FLOAT;
      for (const { pixel, gradient, row, sums } of units)
        sums(imageX + pixel, imageDy + gradient, dw + row, OH, 1);
    }
  },
);

/** dx [N, H, W, C] = col2im(dy·Wᵀ); a unit is a row (n, h) of dx. */
const intoPatchesJob = defineJob(
  "intoPatches",
  [
    ...geometryArguments,
    "dy",
    "wT",
    "dx",
    "F",
    "add",
    "imageRows",
    "imageColumns",
    "padTop",
    "padLeft",
    "scratch",
    "scratchBytes",
  ],
  (args, begin, end, thread) => {
    const { W, C, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, dy, wT, dx, F, add } = args;
    const { imageRows: H, imageColumns, padTop, padLeft, scratch, scratchBytes } = args;
    const isPadded = imageColumns !== W; // then a row is computed with its padding, and copied without
    const rowFloats = imageColumns * C;
    const own = (scratch + thread * scratchBytes) / FLOAT;
    const floats = floatsOf(Math.max(dx + end * rowFloats * FLOAT, (own + W * C) * FLOAT));
    const blocks = columnBlocks(C).map(({ first, columns }) => ({
      offset: first * FLOAT,
      product: stripKernel({
        rows: OW,
        columns,
        rowA: F * FLOAT,
        rowC: strideW * C * FLOAT,
        sum: nest({ count: 0, a: FLOAT, b: C * FLOAT }),
        next: { a: 0, b: F * C * FLOAT, c: dilationW * C * FLOAT }, // the next tap kx
        start: "zero",
        finish: "add",
      }),
    }));
    for (let row = begin; row < end; row++) {
      const n = Math.floor(row / H);
      const h = row - n * H;
      const to = dx / FLOAT + row * rowFloats;
      const sums = isPadded ? own : to;
      if (add === 0) floats.fill(0, sums, sums + W * C);
      else if (isPadded) floats.copyWithin(own + padLeft * C, to, to + rowFloats);
      for (let ky = 0; ky < KH; ky++) {
        const oh = (h + padTop - ky * dilationH) / strideH;
        if (!(oh >= 0 && oh < OH && Number.isInteger(oh))) continue;
        const gradient = dy + (n * OH + oh) * OW * F * FLOAT;
        const kernel = wT + ky * KW * F * C * FLOAT;
        for (const { offset, product } of blocks) {
          product(gradient, kernel + offset, sums * FLOAT + offset, F, KW);
        }
      }
      if (isPadded) floats.copyWithin(to, own + padLeft * C, own + padLeft * C + rowFloats);
    }
  },
);

/** Copies images [N, H, W, C] into the middle of zeros, [N, paddedH, paddedW, C]; a unit is an image. */
const padJob = defineJob(
  "pad",
  ["x", "padded", "H", "W", "C", "paddedH", "paddedW", "padTop", "padLeft"],
  ({ x, padded, H, W, C, paddedH, paddedW, padTop, padLeft }, begin, end) => {
    const size = paddedH * paddedW * C;
    floatsOf(padded + end * size * FLOAT).fill(0, padded / FLOAT + begin * size, padded / FLOAT + end * size);
    const copy = copyKernel({ length: W * C, from: W * C, to: paddedW * C });
    for (let n = begin; n < end; n++) {
      copy(x + n * H * W * C * FLOAT, padded + (n * size + (padTop * paddedW + padLeft) * C) * FLOAT, H);
    }
  },
);

/** Images under a window, as the products take them. */
export interface PatchesView {
  readonly data: Float32Array;
  readonly window: Window;
  readonly N: number;
}

/** The window over images as large as it reaches. */
function geometryOf({ window }: PatchesView): { geometry: Geometry; H: number; isPadded: boolean } {
  const { C, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, padTop, padLeft } = window;
  const H = Math.max(padTop + window.H, (OH - 1) * strideH + (KH - 1) * dilationH + 1);
  const W = Math.max(padLeft + window.W, (OW - 1) * strideW + (KW - 1) * dilationW + 1);
  const isPadded = H !== window.H || W !== window.W;
  const geometry = { W, C, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, image: H * W * C };
  return { geometry, H, isPadded };
}

/** The address of the images with their padding: their own, if they have none. */
function paddedImages(patches: PatchesView): number | undefined {
  const { geometry, H, isPadded } = geometryOf(patches);
  const { data, window, N } = patches;
  if (!isPadded) return addressOf(data);
  const padded = scratchAddress("padded", N * geometry.image);
  if (padded === undefined) return undefined;
  const { padTop, padLeft, C } = window;
  const args = { x: addressOf(data), padded, H: window.H, W: window.W, C, padTop, padLeft };
  run(padJob, { ...args, paddedH: H, paddedW: geometry.W }, { units: N, work: geometry.image });
  return padded;
}

/** y = P·w, or y += it; w is [KH·KW·C, F]. */
export function simdPatches(
  patches: PatchesView,
  w: Float32Array,
  y: Float32Array,
  { F, add }: { readonly F: number; readonly add: boolean },
): boolean {
  if (!inMemory(patches.data, w, y) || y.length === 0) return false;
  const x = paddedImages(patches);
  if (x === undefined) return false;
  const { geometry } = geometryOf(patches);
  const { KH, KW, C, OH, OW } = geometry;
  const args = { ...geometry, x, w: addressOf(w), y: addressOf(y), F, add: Number(add) };
  run(patchesJob, args, { units: patches.N * OH, work: (KH * KW * C * OW * F) / 4 });
  return true;
}

/** dw = Pᵀ·dy, or dw += it, each image's sum finished before it is added to those before it; dy is [N, OH, OW, F]. */
export function simdKernelGradient(
  patches: PatchesView,
  dy: Float32Array,
  dw: Float32Array,
  { F, add }: { readonly F: number; readonly add: boolean },
): boolean {
  if (!inMemory(patches.data, dy, dw) || dw.length === 0 || dy.length === 0) return false;
  const x = paddedImages(patches);
  // the images are summed up first, and added to dw once
  const sums = add && patches.N > 1 ? scratchArray("sums", dw.length) : dw;
  if (x === undefined || !sums) return false;
  if (!add || sums !== dw) sums.fill(0);
  const { geometry } = geometryOf(patches);
  const { KH, KW, C, OH, OW } = geometry;
  const { runs, perRun } = segments(geometry);
  const units = KH * runs * perRun * columnBlocks(F).length;
  const work = (patches.N * KH * KW * C * OH * OW * F) / 4 / units;
  const args = { ...geometry, x, dy: addressOf(dy), dw: addressOf(sums), N: patches.N, F };
  run(kernelGradientJob, args, { units, work, parts: 2 }); // each part goes through all images
  if (sums !== dw) simdAddTo(dw, sums);
  return true;
}

/** col2im(dy·wᵀ) into the images, written, or added to what they hold; w is [KH·KW·C, F], or with `wT` its transpose. */
export function simdIntoPatches(
  dy: Float32Array,
  w: Float32Array,
  patches: PatchesView,
  { F, transposeB, add }: { readonly F: number; readonly transposeB: boolean; readonly add: boolean },
): boolean {
  if (!inMemory(patches.data, dy, w) || dy.length === 0) return false;
  const { geometry } = geometryOf(patches);
  const { W, C, KH, KW, OW } = geometry;
  const { window, N } = patches;
  const wT = scratchAddress("kernel", KH * KW * C * F);
  const scratch = scratchAddress("threads", W * C * threadLimit());
  if (wT === undefined || scratch === undefined) return false;
  writeTapTransposes(w, wT, { taps: KH * KW, C, F, transposeB });
  const args = {
    ...geometry,
    dy: addressOf(dy),
    wT,
    dx: addressOf(patches.data),
    F,
    add: Number(add),
    imageRows: window.H,
    imageColumns: window.W,
    padTop: window.padTop,
    padLeft: window.padLeft,
    scratch,
    scratchBytes: W * C * FLOAT,
  };
  run(intoPatchesJob, args, { units: N * window.H, work: (KH * KW * C * OW * F) / 4 });
  return true;
}

/** The matrix [F, C] of each tap: of w [taps, C, F] the transposes, of w [F, taps, C] the columns of the tap. */
function writeTapTransposes(
  { byteOffset }: Float32Array,
  address: number,
  { taps, C, F, transposeB }: { taps: number; C: number; F: number; transposeB: boolean },
): void {
  const floats = floatsOf(address + taps * C * F * FLOAT);
  const from = byteOffset / FLOAT;
  let o = address / FLOAT;
  for (let tap = 0; tap < taps; tap++) {
    for (let f = 0; f < F; f++) {
      const first = transposeB ? from + tap * C * F + f : from + (f * taps + tap) * C;
      const step = transposeB ? F : 1;
      for (let c = 0; c < C; c++, o++) floats[o] = floats[first + c * step]!;
    }
  }
}

/** The jobs of this file, for the threads. */
export const PRODUCT_JOBS: readonly Job[] = [
  denseJob,
  denseTransposedJob,
  patchesJob,
  kernelGradientJob,
  intoPatchesJob,
  padJob,
];
