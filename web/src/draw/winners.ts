import { type Shape, slidingWindow, type WindowOptions } from "tinyconv";

/**
 * Which cells of the input win in a max-pool: 1 for the first largest cell of each window, 0 for the
 * others. NaN is larger than any number, as in the library.
 *
 * Shapes: x, result [H, W, C].
 */
export function poolWinners(x: Float32Array, shape: Shape, options: WindowOptions): Uint8Array {
  const window = slidingWindow("poolWinners", shape, options);
  const { H, W, C, KH, KW, OH, OW, strideH, strideW, padTop, padLeft } = window;
  const wins = new Uint8Array(H * W * C);
  for (let oh = 0; oh < OH; oh++) {
    for (let ow = 0; ow < OW; ow++) {
      for (let c = 0; c < C; c++) {
        let winner = -1;
        for (let ky = 0; ky < KH; ky++) {
          for (let kx = 0; kx < KW; kx++) {
            const h = oh * strideH + ky - padTop;
            const w = ow * strideW + kx - padLeft;
            if (h < 0 || h >= H || w < 0 || w >= W) continue;
            const i = (h * W + w) * C + c;
            if (winner === -1 || !(x[i]! <= x[winner]! || Number.isNaN(x[winner]!))) winner = i;
          }
        }
        if (winner !== -1) wins[winner] = 1;
      }
    }
  }
  return wins;
}
