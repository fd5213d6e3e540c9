import type { Shape } from "../tensor/shape.js";
import { tanh } from "../tensor/tanh.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import type { Batch } from "../tensor/workspace.js";
import { expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BuildContext, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/**
 * Hyperbolic tangent: `y = tanh(x) = (exp(x) − exp(−x)) / (exp(x) + exp(−x))`, for each element on its own: from −1
 * over 0 at x = 0 to 1.
 *
 * Numerator and denominator are each the derivative of the other, so by the quotient rule ∂y/∂x = 1 − y², and the
 * output is all that `backward` needs:
 *
 *     dx = dy·(1 − y²)
 *
 * Shapes: x, dx, y, dy [N, ...], of any rank.
 */
export class Tanh implements Layer {
  readonly type = "Tanh";
  readonly name: string | undefined;
  readonly parameters: readonly Parameter[] = [];
  trainable: boolean;

  #built: { sampleShape: Shape; y: Batch; dx: Batch } | undefined;
  #y: Tensor | undefined; // [N, ...], kept by forward because dx needs it

  constructor(options: LayerOptions = {}) {
    const { name, trainable = true } = expectLayerOptions("Tanh", options);
    this.name = name;
    this.trainable = trainable;
  }

  build(inputShape: Shape, { workspace }: BuildContext): Shape {
    this.#built = {
      sampleShape: inputShape,
      y: workspace.batch("y", inputShape),
      dx: workspace.batch("dx", inputShape),
    };
    return inputShape;
  }

  forward(x: Tensor): Tensor {
    const { sampleShape, y: results } = expectBuilt("Tanh.forward", this.#built);
    expectTensorOf("Tanh.forward", x, ["N", ...sampleShape]);
    const y = results.of(x.shape[0]!);
    for (let i = 0; i < x.size; i++) y.data[i] = tanh(x.data[i]!);
    this.#y = y;
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { dx: results } = expectBuilt("Tanh.backward", this.#built);
    const y = expectForward("Tanh.backward", this.#y);
    expectTensorOf("Tanh.backward", dy, y.shape);
    const dx = results.of(y.shape[0]!);
    for (let i = 0; i < y.size; i++) dx.data[i] = dy.data[i]! * (1 - y.data[i]! * y.data[i]!); // dx = dy·(1 − y²)
    return dx;
  }

  config(): LayerConfig {
    const { name, trainable } = this;
    return { name, trainable };
  }
}
