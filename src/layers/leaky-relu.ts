import { expectNumber } from "../tensor/expect.js";
import type { Shape } from "../tensor/shape.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import type { Batch } from "../tensor/workspace.js";
import { expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BuildContext, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/** Options of `LeakyReLU`. */
export interface LeakyReLUOptions extends LayerOptions {
  /** The slope a where x is negative, at least 0. @default 0.3 */
  readonly negativeSlope?: number;
}

/**
 * Leaky rectified linear unit: `y = x where x > 0, else a·x`, for each element on its own.
 *
 * Where `ReLU` has slope 0 and learns nothing, this has the small slope a:
 *
 *     dx = dy where x > 0, else a·dy
 *
 * Shapes: x, dx, y, dy [N, ...], of any rank.
 *
 * Source: Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models" (2013).
 *
 * @throws RangeError if `negativeSlope` is not a finite number >= 0.
 */
export class LeakyReLU implements Layer {
  readonly type = "LeakyReLU";
  readonly name: string | undefined;
  readonly negativeSlope: number;
  readonly parameters: readonly Parameter[] = [];
  trainable: boolean;

  #built: { sampleShape: Shape; y: Batch; dx: Batch } | undefined;
  #x: Tensor | undefined; // [N, ...], kept by forward because dx needs its sign

  constructor(options: LeakyReLUOptions = {}) {
    const { negativeSlope = 0.3, name, trainable = true } = expectLayerOptions("LeakyReLU", options);
    this.negativeSlope = expectNumber("LeakyReLU", "negativeSlope", negativeSlope, { min: 0 });
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
    const { sampleShape, y: results } = expectBuilt("LeakyReLU.forward", this.#built);
    expectTensorOf("LeakyReLU.forward", x, ["N", ...sampleShape]);
    this.#x = x;
    const y = results.of(x.shape[0]!);
    const a = this.negativeSlope;
    for (let i = 0; i < x.size; i++) {
      const value = x.data[i]!;
      y.data[i] = value > 0 ? value : a * value;
    }
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { dx: results } = expectBuilt("LeakyReLU.backward", this.#built);
    const x = expectForward("LeakyReLU.backward", this.#x);
    expectTensorOf("LeakyReLU.backward", dy, x.shape);
    const dx = results.of(x.shape[0]!);
    const a = this.negativeSlope;
    for (let i = 0; i < x.size; i++) {
      const gradient = dy.data[i]!;
      dx.data[i] = x.data[i]! > 0 ? gradient : a * gradient;
    }
    return dx;
  }

  config(): LayerConfig {
    const { name, trainable, negativeSlope } = this;
    return { name, trainable, negativeSlope };
  }
}
