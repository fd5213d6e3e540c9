import { type Shape, sizeOf } from "../tensor/shape.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import { expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BuildContext, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/**
 * Makes each sample one row: y holds the elements of x in the same order, all axes but the batch's joined into one.
 *
 * No number changes, so the gradient only takes its old shape back:
 *
 *     y = x as [N, I]        dx = dy as [N, ...]
 *
 * Both are views, which share the data of the tensor they are given. The elements of an image come in the order of
 * rows, columns, channels.
 *
 * Shapes: x, dx [N, ...] · y, dy [N, I], where I is the product of the other axes: [N, H, W, C] → [N, H·W·C].
 */
export class Flatten implements Layer {
  readonly type = "Flatten";
  readonly name: string | undefined;
  readonly parameters: readonly Parameter[] = [];
  trainable: boolean;

  #built: { sampleShape: Shape; I: number } | undefined;
  #shape: Shape | undefined; // x's, [N, ...], kept by forward for dx

  constructor(options: LayerOptions = {}) {
    const { name, trainable = true } = expectLayerOptions("Flatten", options);
    this.name = name;
    this.trainable = trainable;
  }

  build(inputShape: Shape, _context: BuildContext): Shape {
    const I = sizeOf(inputShape);
    this.#built = { sampleShape: inputShape, I };
    return [I];
  }

  forward(x: Tensor): Tensor {
    const { sampleShape, I } = expectBuilt("Flatten.forward", this.#built);
    expectTensorOf("Flatten.forward", x, ["N", ...sampleShape]);
    this.#shape = x.shape;
    return x.reshape([x.shape[0]!, I]);
  }

  backward(dy: Tensor): Tensor {
    const { I } = expectBuilt("Flatten.backward", this.#built);
    const shape = expectForward("Flatten.backward", this.#shape);
    expectTensorOf("Flatten.backward", dy, [shape[0]!, I]);
    return dy.reshape(shape);
  }

  config(): LayerConfig {
    const { name, trainable } = this;
    return { name, trainable };
  }
}
