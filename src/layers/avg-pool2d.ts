import { avgPool, avgPoolGradient } from "../tensor/avg-pool.js";
import { expectPair, type Pair } from "../tensor/expect.js";
import { poolingWindow } from "../tensor/pooling-window.js";
import type { Shape } from "../tensor/shape.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import { expectPadding, type Padding, type Window } from "../tensor/window.js";
import type { Batch } from "../tensor/workspace.js";
import { expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BuildContext, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/** Options of `AvgPool2D`. */
export interface AvgPool2DOptions extends LayerOptions {
  /** KH and KW, height and width of the window: one number, or a pair. @default 2 */
  readonly poolSize?: Pair;
  /** The step from one window to the next, in pixels. @default poolSize */
  readonly strides?: Pair;
  /** Padding is not counted; each side must be smaller than the pool. @default "valid" */
  readonly padding?: Padding;
}

/**
 * Average pooling: the mean of the pixels under each window, channel by channel.
 *
 *     y[n,oh,ow,c] = 1/count[oh,ow] · Σ over ky, kx of  x[n, h, w, c]
 *     with h = oh·strideH + ky − padTop and w = ow·strideW + kx − padLeft, where these lie inside the image,
 *     and count[oh,ow] the number of such pixels: KH·KW, and less where the window reaches into the padding.
 *
 * Each pixel of a window has the same part in its mean, so ∂y/∂x is 1/count for all of them, and
 *
 *     dx[n,h,w,c] = Σ dy[n,oh,ow,c] / count[oh,ow] over the windows that pixel (h, w) lies under
 *
 * Shapes: x, dx [N, H, W, C] · y, dy [N, OH, OW, C].
 *
 * @throws RangeError if an option is out of range or unknown; TypeError if `padding` has another form.
 */
export class AvgPool2D implements Layer {
  readonly type = "AvgPool2D";
  readonly name: string | undefined;
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly parameters: readonly Parameter[] = [];
  trainable: boolean;

  #built: { window: Window; y: Batch; dx: Batch } | undefined;
  #N: number | undefined; // the size of the last batch; the gradient needs nothing else of it

  constructor(options: AvgPool2DOptions = {}) {
    const {
      poolSize = 2,
      strides = poolSize,
      padding = "valid",
      name,
      trainable = true,
    } = expectLayerOptions("AvgPool2D", options);
    this.poolSize = expectPair("AvgPool2D", "poolSize", poolSize);
    this.strides = expectPair("AvgPool2D", "strides", strides);
    this.padding = expectPadding("AvgPool2D", padding);
    this.name = name;
    this.trainable = trainable;
  }

  build(inputShape: Shape, { workspace }: BuildContext): Shape {
    const window = poolingWindow("AvgPool2D.build", inputShape, this);
    const { H, W, C, OH, OW } = window;
    this.#built = { window, y: workspace.batch("y", [OH, OW, C]), dx: workspace.batch("dx", [H, W, C]) };
    return [OH, OW, C];
  }

  forward(x: Tensor): Tensor {
    const { window, y } = expectBuilt("AvgPool2D.forward", this.#built);
    expectTensorOf("AvgPool2D.forward", x, ["N", window.H, window.W, window.C]);
    this.#N = x.shape[0]!;
    return avgPool(x, window, { out: y.of(this.#N) });
  }

  backward(dy: Tensor): Tensor {
    const { window, dx } = expectBuilt("AvgPool2D.backward", this.#built);
    const N = expectForward("AvgPool2D.backward", this.#N);
    expectTensorOf("AvgPool2D.backward", dy, [N, window.OH, window.OW, window.C]);
    return avgPoolGradient(dy, window, { out: dx.of(N) });
  }

  config(): LayerConfig {
    const { name, trainable, poolSize, strides, padding } = this;
    return { name, trainable, poolSize, strides, padding };
  }
}
