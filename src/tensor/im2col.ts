import { expectInteger, expectOptions } from "./expect.js";
import type { Shape } from "./shape.js";
import { expectTensorOf, type Tensor } from "./tensor.js";
import type { Window } from "./window.js";

/**
 * The patch matrix of a batch of images, as a view: one row for each image and output cell (n, oh, ow), one column
 * for each tap and channel (ky, kx, c), and in it the value under that tap, or 0 in the padding.
 *
 * For a 3 x 3 image of one channel and a 2 x 2 window, four output cells with four taps each:
 *
 *     1 2 3        1 2 4 5
 *     4 5 6   ->   2 3 5 6
 *     7 8 9        4 5 7 8
 *                  5 6 8 9
 *
 * With it, a convolution is a matrix product, `im2col(x)·W`. `matmul` reads it on either side of a product, and
 * adds into it (which is col2im). It stands for OH·OW × KH·KW·C numbers an image, but stores none of them.
 */
export class Patches {
  constructor(
    /** The images, [N, H, W, C]. */
    readonly images: Tensor,
    readonly window: Window,
  ) {}

  /** The axes that the rows run over: [N, OH, OW]. */
  get rowsShape(): Shape {
    return [this.images.shape[0]!, this.window.OH, this.window.OW];
  }

  /** The number of rows an image has: OH·OW. */
  get rowsPerImage(): number {
    return this.window.OH * this.window.OW;
  }

  /** The number of columns: KH·KW·C. */
  get columns(): number {
    return this.window.KH * this.window.KW * this.window.C;
  }
}

const LENGTHS = [
  "H",
  "W",
  "C",
  "KH",
  "KW",
  "OH",
  "OW",
  "strideH",
  "strideW",
  "dilationH",
  "dilationW",
] as const;

/**
 * The patches of `images` [N, H, W, C] under `window`, as a view.
 *
 * @param window as `slidingWindow` makes it
 * @throws ShapeError if the images are not of the size that the window was made for; RangeError if the window is none.
 */
export function im2col(images: Tensor, window: Window): Patches {
  expectOptions("im2col (window)", window);
  for (const name of LENGTHS) expectInteger("im2col (window)", name, window[name], { min: 1 });
  for (const name of ["padTop", "padLeft"] as const)
    expectInteger("im2col (window)", name, window[name], { min: 0 });
  expectTensorOf("im2col", images, ["N", window.H, window.W, window.C]);
  return new Patches(images, window);
}

/** Writes the patch matrix of image `n`, [OH·OW, KH·KW·C], row by row to the front of `columns`. */
export function copyPatches({ images, window }: Patches, n: number, columns: Float32Array): void {
  const { H, W, C, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, padTop, padLeft } = window;
  const x = images.data;
  const image = n * H * W * C;
  const rowLength = KH * KW * C;
  columns.fill(0, 0, OH * OW * rowLength); // the padding
  for (let ow = 0; ow < OW; ow++) {
    const left = ow * strideW - padLeft;
    // the taps kx from `first` to `end` lie on the image. Undilated, they lie side by side there, as in the patch, and
    // their values are one run; dilated, each tap is a run of its own
    const first = Math.max(0, Math.ceil(-left / dilationW));
    const end = Math.min(KW, Math.ceil((W - left) / dilationW));
    const [runs, runLength] = dilationW === 1 ? [1, (end - first) * C] : [end - first, C];
    for (let oh = 0; oh < OH; oh++) {
      for (let ky = 0; ky < KH; ky++) {
        const h = oh * strideH + ky * dilationH - padTop;
        if (h < 0 || h >= H) continue;
        for (let run = 0; run < runs; run++) {
          const kx = first + run;
          let i = image + (h * W + left + kx * dilationW) * C;
          let o = (oh * OW + ow) * rowLength + (ky * KW + kx) * C;
          for (const last = o + runLength; o < last; i++, o++) columns[o] = x[i]!;
        }
      }
    }
  }
}

/**
 * The adjoint of `copyPatches`, known as col2im: adds every element of the matrix [OH·OW, KH·KW·C] in `columns` to
 * the pixel of image `n` that it stands for; what stands for padding is dropped.
 *
 * A pixel receives one term from each tap that can lie on it. The taps are the outer loops, so that the terms of a
 * pixel are added in ascending (ky, kx), the order that the library fixes.
 */
export function addPatches({ images, window }: Patches, n: number, columns: Float32Array): void {
  const { H, W, C, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, padTop, padLeft } = window;
  const dx = images.data;
  const image = n * H * W * C;
  const rowLength = KH * KW * C;
  for (let ky = 0; ky < KH; ky++) {
    for (let kx = 0; kx < KW; kx++) {
      const tap = (ky * KW + kx) * C;
      for (let oh = 0; oh < OH; oh++) {
        const h = oh * strideH + ky * dilationH - padTop;
        if (h < 0 || h >= H) continue;
        for (let ow = 0; ow < OW; ow++) {
          const w = ow * strideW + kx * dilationW - padLeft;
          if (w < 0 || w >= W) continue;
          const pixel = image + (h * W + w) * C;
          const row = (oh * OW + ow) * rowLength + tap;
          for (let c = 0; c < C; c++) dx[pixel + c] = dx[pixel + c]! + columns[row + c]!;
        }
      }
    }
  }
}
