import { avgPool, avgPoolGradient } from "../tensor/avg-pool.js";
import type { Shape } from "../tensor/shape.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import { slidingWindow, type Window } from "../tensor/window.js";
import type { Batch } from "../tensor/workspace.js";
import { expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BuildContext, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/**
 * Global average pooling: the mean of each channel over the whole image.
 *
 *     y[n,c] = 1/(H·W) · Σ over h, w of  x[n,h,w,c]        dx[n,h,w,c] = dy[n,c] / (H·W)
 *
 * It is average pooling with one window, as large as the image. After the last convolution it takes the place of
 * `Flatten` and a large `Dense`, and has no weights.
 *
 * Shapes: x, dx [N, H, W, C] · y, dy [N, C].
 *
 * Source: Lin, Chen and Yan, "Network In Network" (2014), section 3.2.
 */
export class GlobalAvgPool2D implements Layer {
  readonly type = "GlobalAvgPool2D";
  readonly name: string | undefined;
  readonly parameters: readonly Parameter[] = [];
  trainable: boolean;

  #built: { window: Window; y: Batch; dx: Batch } | undefined;
  #N: number | undefined; // the size of the last batch; the gradient needs nothing else of it

  constructor(options: LayerOptions = {}) {
    const { name, trainable = true } = expectLayerOptions("GlobalAvgPool2D", options);
    this.name = name;
    this.trainable = trainable;
  }

  build(inputShape: Shape, { workspace }: BuildContext): Shape {
    const [height, width] = inputShape as [number, number]; // slidingWindow checks that it is an image
    const window = slidingWindow("GlobalAvgPool2D.build", inputShape, {
      kernelSize: [height, width],
      strides: 1,
      padding: "valid",
    });
    const { H, W, C } = window;
    this.#built = { window, y: workspace.batch("y", [C]), dx: workspace.batch("dx", [H, W, C]) };
    return [C];
  }

  forward(x: Tensor): Tensor {
    const { window, y: results } = expectBuilt("GlobalAvgPool2D.forward", this.#built);
    const { H, W, C } = window;
    expectTensorOf("GlobalAvgPool2D.forward", x, ["N", H, W, C]);
    this.#N = x.shape[0]!;
    const y = results.of(this.#N);
    avgPool(x, window, { out: y.reshape([this.#N, 1, 1, C]) }); // the window has one place, so [OH, OW] is [1, 1]
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { window, dx } = expectBuilt("GlobalAvgPool2D.backward", this.#built);
    const N = expectForward("GlobalAvgPool2D.backward", this.#N);
    expectTensorOf("GlobalAvgPool2D.backward", dy, [N, window.C]);
    return avgPoolGradient(dy.reshape([N, 1, 1, window.C]), window, { out: dx.of(N) });
  }

  config(): LayerConfig {
    const { name, trainable } = this;
    return { name, trainable };
  }
}
