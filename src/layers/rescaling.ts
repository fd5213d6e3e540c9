import { expectNumber } from "../tensor/expect.js";
import { rescale } from "../tensor/rescale.js";
import type { Shape } from "../tensor/shape.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import type { Batch } from "../tensor/workspace.js";
import { expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BuildContext, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/** Options of `Rescaling`. */
export interface RescalingOptions extends LayerOptions {
  /** What each element is multiplied by: 1/255 takes bytes to [0, 1]. */
  readonly scale: number;
  /** What is added after that. @default 0 */
  readonly offset?: number;
}

/**
 * Fixed scaling of the input: `y = scale·x + offset`, for each element on its own.
 *
 * Each y has the slope `scale` in its x, and the offset none:
 *
 *     dx = scale·dy
 *
 * To bring bytes to mean 0 and deviation 1, as (x / 255 − mean) / deviation, take scale = 1 / (255·deviation) and
 * offset = −mean / deviation.
 *
 * Shapes: x, dx, y, dy [N, ...], of any rank.
 *
 * @throws RangeError if `scale` or `offset` is not a finite number.
 */
export class Rescaling implements Layer {
  readonly type = "Rescaling";
  readonly name: string | undefined;
  readonly scale: number;
  readonly offset: number;
  readonly parameters: readonly Parameter[] = [];
  trainable: boolean;

  #built: { sampleShape: Shape; y: Batch; dx: Batch } | undefined;
  #shape: Shape | undefined; // x's, [N, ...], which dy must have

  constructor(options: RescalingOptions) {
    const { scale, offset = 0, name, trainable = true } = expectLayerOptions("Rescaling", options);
    this.scale = expectNumber("Rescaling", "scale", scale);
    this.offset = expectNumber("Rescaling", "offset", offset);
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
    const { sampleShape, y: results } = expectBuilt("Rescaling.forward", this.#built);
    expectTensorOf("Rescaling.forward", x, ["N", ...sampleShape]);
    this.#shape = x.shape;
    const { scale, offset } = this;
    return rescale(x, { scale, offset, out: results.of(x.shape[0]!) }); // y = scale·x + offset
  }

  backward(dy: Tensor): Tensor {
    const { dx: results } = expectBuilt("Rescaling.backward", this.#built);
    const shape = expectForward("Rescaling.backward", this.#shape);
    expectTensorOf("Rescaling.backward", dy, shape);
    return rescale(dy, { scale: this.scale, offset: 0, out: results.of(shape[0]!) }); // dx = scale·dy
  }

  config(): LayerConfig {
    const { name, trainable, scale, offset } = this;
    return { name, trainable, scale, offset };
  }
}
