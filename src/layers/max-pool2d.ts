import { expectPair, type Pair } from "../tensor/expect.js";
import { maxPool, maxPoolGradient } from "../tensor/max-pool.js";
import { poolingWindow } from "../tensor/pooling-window.js";
import type { Shape } from "../tensor/shape.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import { expectPadding, type Padding, type Window } from "../tensor/window.js";
import type { Batch } from "../tensor/workspace.js";
import { expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BuildContext, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/** Options of `MaxPool2D`. */
export interface MaxPool2DOptions extends LayerOptions {
  /** KH and KW, height and width of the window: one number, or a pair. @default 2 */
  readonly poolSize?: Pair;
  /** The step from one window to the next, in pixels. @default poolSize */
  readonly strides?: Pair;
  /** Padding is never pooled; each side must be smaller than the pool. @default "valid" */
  readonly padding?: Padding;
}

/**
 * Max pooling: the largest pixel under each window, channel by channel.
 *
 *     y[n,oh,ow,c] = max over ky, kx of  x[n, h, w, c]
 *     with h = oh·strideH + ky − padTop and w = ow·strideW + kx − padLeft, where these lie inside the image.
 *
 * A small change of the winner changes the maximum by as much, and a small change of any other pixel leaves it as it
 * is. So ∂y/∂x is 1 at the winner of the window and 0 elsewhere, and
 *
 *     dx[n,h,w,c] = Σ dy[n,oh,ow,c] over the windows that pixel (h, w) has won in channel c
 *
 * Of equal pixels the first in reading order wins. NaN beats every number.
 *
 * Shapes: x, dx [N, H, W, C] · y, dy [N, OH, OW, C].
 *
 * @throws RangeError if an option is out of range or unknown; TypeError if `padding` has another form.
 */
export class MaxPool2D implements Layer {
  readonly type = "MaxPool2D";
  readonly name: string | undefined;
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly parameters: readonly Parameter[] = [];
  trainable: boolean;

  #built: { window: Window; y: Batch; winners: Batch; dx: Batch } | undefined;
  #winners: Tensor | undefined; // [N, OH, OW, C], which tap of its window each maximum was found at

  constructor(options: MaxPool2DOptions = {}) {
    const {
      poolSize = 2,
      strides = poolSize,
      padding = "valid",
      name,
      trainable = true,
    } = expectLayerOptions("MaxPool2D", options);
    this.poolSize = expectPair("MaxPool2D", "poolSize", poolSize);
    this.strides = expectPair("MaxPool2D", "strides", strides);
    this.padding = expectPadding("MaxPool2D", padding);
    this.name = name;
    this.trainable = trainable;
  }

  build(inputShape: Shape, { workspace }: BuildContext): Shape {
    const window = poolingWindow("MaxPool2D.build", inputShape, this);
    const { H, W, C, OH, OW } = window;
    this.#built = {
      window,
      y: workspace.batch("y", [OH, OW, C]),
      winners: workspace.batch("winners", [OH, OW, C]),
      dx: workspace.batch("dx", [H, W, C]),
    };
    return [OH, OW, C];
  }

  forward(x: Tensor): Tensor {
    const { window, y, winners } = expectBuilt("MaxPool2D.forward", this.#built);
    expectTensorOf("MaxPool2D.forward", x, ["N", window.H, window.W, window.C]);
    const N = x.shape[0]!;
    this.#winners = winners.of(N);
    return maxPool(x, window, { out: y.of(N), winners: this.#winners });
  }

  backward(dy: Tensor): Tensor {
    const { window, dx } = expectBuilt("MaxPool2D.backward", this.#built);
    const winners = expectForward("MaxPool2D.backward", this.#winners);
    expectTensorOf("MaxPool2D.backward", dy, winners.shape);
    return maxPoolGradient(dy, window, { out: dx.of(dy.shape[0]!), winners });
  }

  config(): LayerConfig {
    const { name, trainable, poolSize, strides, padding } = this;
    return { name, trainable, poolSize, strides, padding };
  }
}
