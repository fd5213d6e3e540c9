import { exp } from "../tensor/exp.js";
import type { Shape } from "../tensor/shape.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import type { Batch } from "../tensor/workspace.js";
import { expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BuildContext, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/**
 * Logistic sigmoid: `y = 1 / (1 + exp(−x))`, for each element on its own: from 0 over ½ at x = 0 to 1.
 *
 * With e = exp(−x), ∂y/∂x = e / (1 + e)² = y·e / (1 + e), and e / (1 + e) is 1 − y, so the output is all that
 * `backward` needs:
 *
 *     dx = dy·y·(1 − y)
 *
 * y is worked out in float64 and rounded once. Nothing fails for a large |x|: exp(−x) is Infinity or 0, and y is 0
 * or 1.
 *
 * Shapes: x, dx, y, dy [N, ...], of any rank.
 */
export class Sigmoid implements Layer {
  readonly type = "Sigmoid";
  readonly name: string | undefined;
  readonly parameters: readonly Parameter[] = [];
  trainable: boolean;

  #built: { sampleShape: Shape; y: Batch; dx: Batch } | undefined;
  #y: Tensor | undefined; // [N, ...], kept by forward because dx needs it

  constructor(options: LayerOptions = {}) {
    const { name, trainable = true } = expectLayerOptions("Sigmoid", options);
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
    const { sampleShape, y: results } = expectBuilt("Sigmoid.forward", this.#built);
    expectTensorOf("Sigmoid.forward", x, ["N", ...sampleShape]);
    const y = results.of(x.shape[0]!);
    for (let i = 0; i < x.size; i++) y.data[i] = 1 / (1 + exp(-x.data[i]!));
    this.#y = y;
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { dx: results } = expectBuilt("Sigmoid.backward", this.#built);
    const y = expectForward("Sigmoid.backward", this.#y);
    expectTensorOf("Sigmoid.backward", dy, y.shape);
    const dx = results.of(y.shape[0]!);
    for (let i = 0; i < y.size; i++) dx.data[i] = dy.data[i]! * y.data[i]! * (1 - y.data[i]!); // dx = dy·y·(1 − y)
    return dx;
  }

  config(): LayerConfig {
    const { name, trainable } = this;
    return { name, trainable };
  }
}
