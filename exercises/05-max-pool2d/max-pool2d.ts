// Exercise 5: there is one mistake in this file. `npm run exercises -- 5` shows what comes of it.
import {
  type Batch,
  type BuildContext,
  expectBuilt,
  expectForward,
  expectShape,
  type Layer,
  type LayerConfig,
  type Pair,
  type Parameter,
  type Shape,
  slidingWindow,
  type Tensor,
  type Window,
} from "tinyconv";

/** Options of `MaxPool2D`. */
interface MaxPool2DOptions {
  readonly poolSize?: Pair;
  readonly strides?: Pair;
}

/**
 * Max pooling: the largest pixel under each window, channel by channel.
 *
 *     y[n,oh,ow,c] = max over ky, kx of  x[n, oh·strideH + ky, ow·strideW + kx, c]
 *
 * A small change of the winner changes the maximum by as much, and a small change of any other pixel leaves it as it
 * is: dy goes to the winner of its window. Of equal pixels the first in reading order wins.
 *
 * Shapes: x, dx [N, H, W, C] · y, dy [N, OH, OW, C].
 */
export class MaxPool2D implements Layer {
  readonly type = "MaxPool2D";
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly parameters: readonly Parameter[] = [];

  #built: { window: Window; y: Batch; dx: Batch } | undefined;
  #kept: { x: Tensor; y: Tensor } | undefined;

  constructor({ poolSize = 2, strides = poolSize }: MaxPool2DOptions = {}) {
    this.poolSize = poolSize;
    this.strides = strides;
  }

  build(inputShape: Shape, { workspace }: BuildContext): Shape {
    const { poolSize: kernelSize, strides } = this;
    const window = slidingWindow("MaxPool2D.build", inputShape, { kernelSize, strides, padding: "valid" });
    const { H, W, C, OH, OW } = window;
    this.#built = {
      window,
      y: workspace.batch("y", [OH, OW, C]),
      dx: workspace.batch("dx", [H, W, C]),
    };
    return [OH, OW, C];
  }

  forward(x: Tensor): Tensor {
    const { window, y: results } = expectBuilt("MaxPool2D.forward", this.#built);
    expectShape("MaxPool2D.forward", x.shape, ["N", window.H, window.W, window.C]);
    const y = results.of(x.shape[0]!);
    for (let o = 0; o < y.size; o++) {
      y.data[o] = Math.max(...pixelsUnder(o, window).map((i) => x.data[i]!));
    }
    this.#kept = { x, y };
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { window, dx: results } = expectBuilt("MaxPool2D.backward", this.#built);
    const { x, y } = expectForward("MaxPool2D.backward", this.#kept);
    expectShape("MaxPool2D.backward", dy.shape, y.shape);
    const dx = results.of(x.shape[0]!);
    dx.data.fill(0);
    for (let o = 0; o < dy.size; o++) {
      for (const i of pixelsUnder(o, window)) {
        if (x.data[i] !== y.data[o]) continue;
        dx.data[i] = dx.data[i]! + dy.data[o]!; // a pixel may win in several windows
      }
    }
    return dx;
  }

  config(): LayerConfig {
    const { poolSize, strides } = this;
    return { poolSize, strides };
  }
}

/** The pixels under the window of output element o, in reading order: KH·KW indices into x. */
function pixelsUnder(o: number, { H, W, C, KH, KW, OH, OW, strideH, strideW }: Window): number[] {
  const c = o % C;
  const ow = Math.floor(o / C) % OW;
  const oh = Math.floor(o / (C * OW)) % OH;
  const n = Math.floor(o / (C * OW * OH));
  const pixels: number[] = [];
  for (let ky = 0; ky < KH; ky++) {
    for (let kx = 0; kx < KW; kx++) {
      const h = oh * strideH + ky;
      const w = ow * strideW + kx;
      pixels.push(((n * H + h) * W + w) * C + c);
    }
  }
  return pixels;
}
