// Exercise 6: there is one mistake in this file. `npm run exercises -- 6` shows what comes of it.
import {
  type Batch,
  type BuildContext,
  CounterRandom,
  expectBuilt,
  expectForward,
  expectShape,
  type ForwardOptions,
  type Layer,
  type LayerConfig,
  type Parameter,
  type Shape,
  type Tensor,
} from "tinyconv";

/**
 * Dropout: in training, sets each element to 0 with probability `rate`. In inference y is x.
 *
 *     y = x∘m        dx = dy∘m        with m the mask, drawn anew for each training step
 *
 * The layers behind it must not notice whether it is on: the expected value of y is x, in training as well.
 *
 * Shapes: x, m, dx, y, dy [N, ...], of any rank.
 */
export class Dropout implements Layer {
  readonly type = "Dropout";
  readonly rate: number;
  readonly parameters: readonly Parameter[] = [];

  #built: { sampleShape: Shape; random: CounterRandom; mask: Batch; y: Batch; dx: Batch } | undefined;
  #kept: { shape: Shape; mask: Tensor | undefined } | undefined; // no mask where the last forward dropped nothing

  constructor({ rate }: { readonly rate: number }) {
    this.rate = rate;
  }

  build(inputShape: Shape, { workspace, random }: BuildContext): Shape {
    this.#built = {
      sampleShape: inputShape,
      random: new CounterRandom(random.uint32()),
      mask: workspace.batch("mask", inputShape),
      y: workspace.batch("y", inputShape),
      dx: workspace.batch("dx", inputShape),
    };
    return inputShape;
  }

  forward(x: Tensor, { training = false, step = 0 }: ForwardOptions = {}): Tensor {
    const { sampleShape, random, mask: masks, y: results } = expectBuilt("Dropout.forward", this.#built);
    expectShape("Dropout.forward", x.shape, ["N", ...sampleShape]);
    if (!training) {
      this.#kept = { shape: x.shape, mask: undefined };
      return x;
    }
    const mask = masks.of(x.shape[0]!);
    drawMask(mask.data, this.rate, random, step);
    this.#kept = { shape: x.shape, mask };
    return multiply(x, mask, results.of(x.shape[0]!)); // y = x∘m
  }

  backward(dy: Tensor): Tensor {
    const { dx: results } = expectBuilt("Dropout.backward", this.#built);
    const { shape, mask } = expectForward("Dropout.backward", this.#kept);
    expectShape("Dropout.backward", dy.shape, shape);
    if (!mask) return dy;
    return multiply(dy, mask, results.of(shape[0]!)); // dx = dy∘m
  }

  config(): LayerConfig {
    return { rate: this.rate };
  }
}

/** Draws m: 0 with probability `rate`, for each element. */
function drawMask(mask: Float32Array, rate: number, random: CounterRandom, step: number): void {
  random.fillUniform(mask, step); // in [0, 1), so below `rate` with that probability
  for (let i = 0; i < mask.length; i++) mask[i] = mask[i]! < rate ? 0 : 1;
}

function multiply(a: Tensor, b: Tensor, out: Tensor): Tensor {
  for (let i = 0; i < out.size; i++) out.data[i] = a.data[i]! * b.data[i]!;
  return out;
}
