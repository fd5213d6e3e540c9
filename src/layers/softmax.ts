import { ShapeError } from "../tensor/errors.js";
import { formatShape, type Shape } from "../tensor/shape.js";
import { softmax } from "../tensor/softmax.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import type { Batch } from "../tensor/workspace.js";
import { expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BuildContext, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/**
 * Softmax of the last axis: `y[k] = exp(x[k]) / Σⱼ exp(x[j])`, which turns K scores into K probabilities.
 *
 * Every output depends on every input of its row: ∂y[j]/∂x[k] = y[j]·((j = k ? 1 : 0) − y[k]). So the chain rule gives
 *
 *     dx[k] = Σⱼ dy[j]·y[j]·((j = k ? 1 : 0) − y[k]) = y[k]·(dy[k] − Σⱼ dy[j]·y[j])
 *
 * To train a classifier, leave this layer out and use `SoftmaxCrossEntropy` on the scores: the two together have a
 * simpler gradient, and lose no digits where a probability is near 0.
 *
 * Shapes: x, dx, y, dy [N, ..., K].
 */
export class Softmax implements Layer {
  readonly type = "Softmax";
  readonly name: string | undefined;
  readonly parameters: readonly Parameter[] = [];
  trainable: boolean;

  #built: { sampleShape: Shape; K: number; y: Batch; dx: Batch } | undefined;
  #y: Tensor | undefined; // [N, ..., K], kept by forward because dx needs it

  constructor(options: LayerOptions = {}) {
    const { name, trainable = true } = expectLayerOptions("Softmax", options);
    this.name = name;
    this.trainable = trainable;
  }

  build(inputShape: Shape, { workspace }: BuildContext): Shape {
    const K = inputShape.at(-1);
    if (K === undefined) {
      throw new ShapeError(
        `Softmax.build: expected samples of shape [..., K], got ${formatShape(inputShape)}.`,
      );
    }
    this.#built = {
      sampleShape: inputShape,
      K,
      y: workspace.batch("y", inputShape),
      dx: workspace.batch("dx", inputShape),
    };
    return inputShape;
  }

  forward(x: Tensor): Tensor {
    const { sampleShape, y: results } = expectBuilt("Softmax.forward", this.#built);
    expectTensorOf("Softmax.forward", x, ["N", ...sampleShape]);
    this.#y = softmax(x, { out: results.of(x.shape[0]!) });
    return this.#y;
  }

  backward(dy: Tensor): Tensor {
    const { K, dx: results } = expectBuilt("Softmax.backward", this.#built);
    const y = expectForward("Softmax.backward", this.#y);
    expectTensorOf("Softmax.backward", dy, y.shape);
    const dx = results.of(y.shape[0]!);
    for (let row = 0; row < y.size; row += K) {
      let dot = 0; // Σⱼ dy[j]·y[j], in float64
      for (let i = row; i < row + K; i++) dot += dy.data[i]! * y.data[i]!;
      for (let i = row; i < row + K; i++) dx.data[i] = y.data[i]! * (dy.data[i]! - dot);
    }
    return dx;
  }

  config(): LayerConfig {
    const { name, trainable } = this;
    return { name, trainable };
  }
}
