import { expectPooled } from "./pooling-window.js";
import { expectShape } from "./shape.js";
import { simdMaxPool, simdMaxPoolGradient } from "./simd/pooling.js";
import type { Tensor } from "./tensor.js";
import type { Window } from "./window.js";

/** Options of `maxPool`. */
export interface MaxPoolOptions {
  /** Where the maxima go, [N, OH, OW, C]. */
  readonly out: Tensor;
  /** Where the taps ky·KW + kx that they were found at go, [N, OH, OW, C]. */
  readonly winners: Tensor;
}

/**
 * The largest pixel under each window, channel by channel:
 *
 *     y[n,oh,ow,c] = max over ky, kx of  x[n,h,w,c]      h, w as in `Window`, inside the image
 *
 * The winner of equals is the first in ascending (ky, kx). A NaN is larger than any number, so that it shows in the
 * output.
 *
 * Shapes: x [N, H, W, C] · y, winners [N, OH, OW, C].
 */
export function maxPool(x: Tensor, window: Window, { out, winners }: MaxPoolOptions): Tensor {
  expectPooled("maxPool", x, out, window);
  expectShape("maxPool", winners.shape, out.shape);
  if (simdMaxPool(x.data, window, out.data, winners.data)) return out;
  const { H, W, C, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, padTop, padLeft } = window;
  const from = x.data;
  const y = out.data;
  const taps = winners.data;
  let o = 0; // of the output cell, [n, oh, ow, 0]
  for (let n = 0; n < x.shape[0]!; n++) {
    for (let oh = 0; oh < OH; oh++) {
      for (let ow = 0; ow < OW; ow++, o += C) {
        let first = true;
        for (let ky = 0; ky < KH; ky++) {
          const h = oh * strideH + ky * dilationH - padTop;
          if (h < 0 || h >= H) continue;
          for (let kx = 0; kx < KW; kx++) {
            const w = ow * strideW + kx * dilationW - padLeft;
            if (w < 0 || w >= W) continue;
            const pixel = ((n * H + h) * W + w) * C;
            const tap = ky * KW + kx;
            for (let c = 0; c < C; c++) {
              const value = from[pixel + c]!;
              const best = y[o + c]!;
              // "not <=" is true of a larger value and of NaN, which no later value replaces
              if (first || (!(value <= best) && !Number.isNaN(best))) {
                y[o + c] = value;
                taps[o + c] = tap;
              }
            }
            first = false;
          }
        }
      }
    }
  }
  return out;
}

/** Options of `maxPoolGradient`. */
export interface MaxPoolGradientOptions {
  /** Where dx goes, [N, H, W, C]. */
  readonly out: Tensor;
  /** What `maxPool` wrote there, [N, OH, OW, C]. */
  readonly winners: Tensor;
}

/**
 * The gradient of `maxPool`. A maximum moves with its winner and with no other pixel, so each dy goes to the winner
 * of its window, and a pixel that wins in several windows receives the sum:
 *
 *     dx[n,h,w,c] = Σ dy[n,oh,ow,c] over the windows that pixel (h, w) has won in channel c
 *
 * Order of summation: float32, over the taps in ascending (ky, kx), as in col2im.
 */
export function maxPoolGradient(
  dy: Tensor,
  window: Window,
  { out, winners }: MaxPoolGradientOptions,
): Tensor {
  expectPooled("maxPoolGradient", out, dy, window);
  expectShape("maxPoolGradient", winners.shape, dy.shape);
  if (simdMaxPoolGradient(dy.data, window, out.data, winners.data)) return out;
  const { H, W, C, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, padTop, padLeft } = window;
  const from = dy.data;
  const taps = winners.data;
  const dx = out.data.fill(0);
  for (let n = 0; n < dy.shape[0]!; n++) {
    for (let ky = 0; ky < KH; ky++) {
      for (let kx = 0; kx < KW; kx++) {
        const tap = ky * KW + kx;
        for (let oh = 0; oh < OH; oh++) {
          const h = oh * strideH + ky * dilationH - padTop;
          if (h < 0 || h >= H) continue;
          for (let ow = 0; ow < OW; ow++) {
            const w = ow * strideW + kx * dilationW - padLeft;
            if (w < 0 || w >= W) continue;
            const pixel = ((n * H + h) * W + w) * C;
            const o = ((n * OH + oh) * OW + ow) * C;
            for (let c = 0; c < C; c++) {
              if (taps[o + c] === tap) dx[pixel + c] = dx[pixel + c]! + from[o + c]!;
            }
          }
        }
      }
    }
  }
  return out;
}
