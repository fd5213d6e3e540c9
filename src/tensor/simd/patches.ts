import type { Window } from "../window.js";
import { FLOAT } from "./assembler.js";
import { copyKernel } from "./copy-kernel.js";
import { simdAddTo } from "./elementwise.js";
import { defineJob, type Job } from "./job.js";
import { addressOf, floatsOf, inMemory } from "./memory.js";
import { scratchAddress, scratchArray } from "./scratch.js";
import { columnBlocks, nest, stripKernel } from "./strip-kernel.js";
import { run, threadLimit } from "./threads.js";

/*
 * Matrix products with patches: the convolutions. Each is cut into strips, of some rows and a few vectors of columns of
 * its result, that a strip kernel computes; what differs is how the operands are walked:
 *
 *   y = P·W          rows of a strip are the pixels ow of one row of y; the sum runs over the taps
 *   dW = Pᵀ·dy       rows of a strip are taps; the sum runs over the pixels of one image
 *   dx = col2im(…)   rows of a strip are the pixels ow of one row of dy; the sum runs over F, and is added to dx
 *
 * No patch is ever copied: the taps of a patch that lie side by side in the image are a run of contiguous floats, and
 * from one run, or one patch, to the next is a constant distance. For that an image has its padding in memory.
 */

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

/** The loops over the taps (ky, kx, c) of a window. */
function tapLoops({ W, C, KW, KH, dilationH, dilationW }: Geometry, F: number) {
  const ky = { count: KH, a: dilationH * W * C * FLOAT, b: KW * C * F * FLOAT };
  // then all (kx, c) of one ky are contiguous in the image, and one loop will do for them
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
      // the rows of one image lie at equal distances, so that one call computes them all
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

/** How the rows of dW for one ky are cut: runs of taps that are contiguous in the image, each in segments. */
function segmentsOf({ C, KW, dilationW }: Geometry) {
  const runs = dilationW === 1 ? 1 : KW;
  const runLength = (KW * C) / runs;
  const equal = runLength / Math.ceil(runLength / SEGMENT); // the length, if all were equal
  const segmentLength = Math.ceil(equal / 4) * 4;
  return { runs, runLength, segmentLength, segments: Math.ceil(runLength / segmentLength) };
}

/** dW [KH·KW·C, F] += Pᵀ·dy, image by image; a unit is a segment of rows of dW, by a block of columns. */
const kernelGradientJob = defineJob(
  "kernelGradient",
  [...geometryArguments, "x", "dy", "dw", "N", "F"],
  (args, begin, end) => {
    const { W, C, KW, OH, OW, strideH, strideW, dilationH, dilationW, image, x, dy, dw, N, F } = args;
    const { runs, runLength, segmentLength, segments } = segmentsOf(args);
    const blocks = columnBlocks(F);
    // what the units are is worked out once, and not again for each image
    const units = Array.from({ length: end - begin }, (_, i) => {
      const { first, columns } = blocks[(begin + i) % blocks.length]!;
      const s = Math.floor((begin + i) / blocks.length);
      const start = (s % segments) * segmentLength;
      const tap = Math.floor(s / segments); // the first of the run: ky·runs + kx, or ky
      const ky = Math.floor(tap / runs);
      const kx = tap % runs;
      return {
        pixel: ((ky * dilationH * W + kx * dilationW) * C + start) * FLOAT,
        gradient: first * FLOAT,
        row: (((ky * KW + kx) * C + start) * F + first) * FLOAT,
        sums: stripKernel({
          rows: Math.min(segmentLength, runLength - start),
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
    // image by image: each image's sum is finished, and then added to those before it
    for (let n = 0; n < N; n++) {
      const imageX = x + n * image * FLOAT;
      const imageDy = dy + n * OH * OW * F * FLOAT;
      for (const { pixel, gradient, row, sums } of units) {
        sums(imageX + pixel, imageDy + gradient, dw + row, OH, 1);
      }
    }
  },
);

/**
 * dx [N, H, W, C] = col2im(dy·Wᵀ); a unit is a row (n, h) of dx. It gathers what belongs there, tap by tap in ascending
 * (ky, kx), so that no two units add to the same place.
 */
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
        if (!(oh >= 0 && oh < OH && Number.isInteger(oh))) continue; // no row of y sees row h through ky
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
  const paddedSides = { paddedH: H, paddedW: geometry.W };
  const args = { x: addressOf(data), padded, H: window.H, W: window.W, C, padTop, padLeft, ...paddedSides };
  run(padJob, args, { units: N, work: geometry.image });
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
  const args = { x, w: addressOf(w), y: addressOf(y), F, add: Number(add), ...geometry };
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
  const { runs, segments } = segmentsOf(geometry);
  const units = KH * runs * segments * columnBlocks(F).length;
  const work = (patches.N * KH * KW * C * OH * OW * F) / 4 / units;
  const args = { x, dy: addressOf(dy), dw: addressOf(sums), N: patches.N, F, ...geometry };
  run(kernelGradientJob, args, { units, work, parts: 2 }); // each part goes through all images
  if (sums !== dw) simdAddTo(dw, sums);
  return true;
}

/**
 * col2im(dy·wᵀ) into the images, or added to what they hold, with w [KH·KW·C, F]; without `transposeB`, col2im(dy·w)
 * with w [F, KH·KW·C].
 */
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
    ...geometry,
  };
  const work = (KH * KW * C * window.OH * OW * F) / 4 / window.H; // in the mean: not every row lies under every tap
  run(intoPatchesJob, args, { units: N * window.H, work });
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
export const PATCHES_JOBS: readonly Job[] = [patchesJob, kernelGradientJob, intoPatchesJob, padJob];
