import { relu, reluGradient } from "../tensor/relu.js";
import type { Shape } from "../tensor/shape.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import type { Batch } from "../tensor/workspace.js";
import { expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BuildContext, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/**
 * Rectified linear unit: `y = max(x, 0)`, for each element on its own.
 *
 * The slope is 1 where x > 0 and 0 where x < 0. At 0 there is none; as everyone does, we take 0:
 *
 *     dx = dy where x > 0, else 0
 *
 * NaN stays NaN in y, so that the layer it came from can be found.
 *
 * Shapes: x, dx, y, dy [N, ...], of any rank.
 *
 * Source: Nair and Hinton, "Rectified Linear Units Improve Restricted Boltzmann Machines" (2010).
 */
export class ReLU implements Layer {
  readonly type = "ReLU";
  readonly name: string | undefined;
  readonly parameters: readonly Parameter[] = [];
  trainable: boolean;

  #built: { sampleShape: Shape; y: Batch; dx: Batch } | undefined;
  #y: Tensor | undefined; // [N, ...], kept by forward: y > 0 just where x > 0

  constructor(options: LayerOptions = {}) {
    const { name, trainable = true } = expectLayerOptions("ReLU", options);
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
    const { sampleShape, y: results } = expectBuilt("ReLU.forward", this.#built);
    expectTensorOf("ReLU.forward", x, ["N", ...sampleShape]);
    this.#y = relu(x, { out: results.of(x.shape[0]!) }); // y = max(x, 0)
    return this.#y;
  }

  backward(dy: Tensor): Tensor {
    const { dx: results } = expectBuilt("ReLU.backward", this.#built);
    const y = expectForward("ReLU.backward", this.#y);
    expectTensorOf("ReLU.backward", dy, y.shape);
    return reluGradient(dy, y, { out: results.of(y.shape[0]!) }); // dx = dy where x > 0, else 0
  }

  config(): LayerConfig {
    const { name, trainable } = this;
    return { name, trainable };
  }
}
