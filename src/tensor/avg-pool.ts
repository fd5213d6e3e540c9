import { expectPooled } from "./pooling-window.js";
import { simdAvgPool, simdAvgPoolGradient } from "./simd/pooling.js";
import type { Tensor } from "./tensor.js";
import type { Window } from "./window.js";

/**
 * The mean of the pixels under each window, channel by channel; padding is not counted:
 *
 *     y[n,oh,ow,c] = Σ over ky, kx of  x[n,h,w,c] / count[oh,ow]      h, w as in `Window`, inside the image
 *
 * where count is the number of pixels under the window. Order of summation: one float32 running sum in ascending
 * (ky, kx), then the division.
 *
 * Shapes: x [N, H, W, C] · y [N, OH, OW, C].
 */
export function avgPool(x: Tensor, window: Window, { out }: { readonly out: Tensor }): Tensor {
  expectPooled("avgPool", x, out, window);
  if (simdAvgPool(x.data, window, out.data)) return out;
  const { H, W, C, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, padTop, padLeft } = window;
  const from = x.data;
  const y = out.data.fill(0);
  let o = 0; // of the output cell, [n, oh, ow, 0]
  for (let n = 0; n < x.shape[0]!; n++) {
    for (let oh = 0; oh < OH; oh++) {
      for (let ow = 0; ow < OW; ow++, o += C) {
        let count = 0;
        for (let ky = 0; ky < KH; ky++) {
          const h = oh * strideH + ky * dilationH - padTop;
          if (h < 0 || h >= H) continue;
          for (let kx = 0; kx < KW; kx++) {
            const w = ow * strideW + kx * dilationW - padLeft;
            if (w < 0 || w >= W) continue;
            const pixel = ((n * H + h) * W + w) * C;
            for (let c = 0; c < C; c++) y[o + c] = y[o + c]! + from[pixel + c]!;
            count++;
          }
        }
        for (let c = 0; c < C; c++) y[o + c] = y[o + c]! / count;
      }
    }
  }
  return out;
}

/**
 * The gradient of `avgPool`: each dy is shared out equally among the pixels of its window, and a pixel receives a
 * share from every window that it lies under:
 *
 *     dx[n,h,w,c] = Σ dy[n,oh,ow,c] / count[oh,ow]  over the windows on pixel (h, w)
 *
 * Order of summation: float32, each quotient rounded, over the taps in ascending (ky, kx), as in col2im.
 */
export function avgPoolGradient(dy: Tensor, window: Window, { out }: { readonly out: Tensor }): Tensor {
  expectPooled("avgPoolGradient", out, dy, window);
  if (simdAvgPoolGradient(dy.data, window, out.data)) return out;
  const { H, W, C, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, padTop, padLeft } = window;
  const { fround } = Math;
  const from = dy.data;
  const dx = out.data.fill(0);
  for (let n = 0; n < dy.shape[0]!; n++) {
    for (let ky = 0; ky < KH; ky++) {
      for (let kx = 0; kx < KW; kx++) {
        for (let oh = 0; oh < OH; oh++) {
          const top = oh * strideH - padTop;
          const h = top + ky * dilationH;
          if (h < 0 || h >= H) continue;
          const rows = cellsInside(top, KH, dilationH, H);
          for (let ow = 0; ow < OW; ow++) {
            const left = ow * strideW - padLeft;
            const w = left + kx * dilationW;
            if (w < 0 || w >= W) continue;
            const count = rows * cellsInside(left, KW, dilationW, W);
            const pixel = ((n * H + h) * W + w) * C;
            const o = ((n * OH + oh) * OW + ow) * C;
            for (let c = 0; c < C; c++) dx[pixel + c] = dx[pixel + c]! + fround(from[o + c]! / count);
          }
        }
      }
    }
  }
  return out;
}

/** How many of the cells first, first + step, ... (`taps` of them) lie in [0, length). */
function cellsInside(first: number, taps: number, step: number, length: number): number {
  let inside = 0;
  for (let k = 0; k < taps; k++) {
    const cell = first + k * step;
    if (cell >= 0 && cell < length) inside++;
  }
  return inside;
}
