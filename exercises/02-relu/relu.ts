// Exercise 2: there is one mistake in this file. `npm run exercises -- 2` shows what comes of it.
import {
  type Batch,
  type BuildContext,
  expectBuilt,
  expectForward,
  expectShape,
  type Layer,
  type LayerConfig,
  type Parameter,
  type Shape,
  type Tensor,
} from "tinyconv";

/**
 * Rectified linear unit: `y = max(x, 0)`, for each element on its own.
 *
 * The slope is 1 where x > 0 and 0 where x < 0. At 0 there is none; as everyone does, we take 0:
 *
 *     dx = dy where x > 0, else 0
 *
 * Shapes: x, dx, y, dy [N, ...], of any rank.
 */
export class ReLU implements Layer {
  readonly type = "ReLU";
  readonly parameters: readonly Parameter[] = [];

  #built: { sampleShape: Shape; y: Batch; dx: Batch } | undefined;
  #y: Tensor | undefined; // [N, ...], kept by forward because it tells where x was positive

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
    expectShape("ReLU.forward", x.shape, ["N", ...sampleShape]);
    const y = results.of(x.shape[0]!);
    for (let i = 0; i < x.size; i++) y.data[i] = Math.max(x.data[i]!, 0);
    this.#y = y;
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { dx: results } = expectBuilt("ReLU.backward", this.#built);
    const y = expectForward("ReLU.backward", this.#y);
    expectShape("ReLU.backward", dy.shape, y.shape);
    const dx = results.of(y.shape[0]!);
    for (let i = 0; i < y.size; i++) dx.data[i] = y.data[i]! >= 0 ? dy.data[i]! : 0;
    return dx;
  }

  config(): LayerConfig {
    return {};
  }
}
