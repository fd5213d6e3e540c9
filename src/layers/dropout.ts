import { CounterRandom } from "../tensor/counter-random.js";
import { expectInteger, expectNumber, expectOptions } from "../tensor/expect.js";
import type { Shape } from "../tensor/shape.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import type { Batch } from "../tensor/workspace.js";
import { expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BuildContext, ForwardOptions, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/** Options of `Dropout`. */
export interface DropoutOptions extends LayerOptions {
  /** The share of elements that are dropped, at least 0 and less than 1. */
  readonly rate: number;
  /** Seed of the masks. @default drawn when the layer is built; `config` has it from then on */
  readonly seed?: number | undefined;
}

/**
 * Dropout: in training, sets each element to 0 with probability `rate`, and scales the others up so that the expected
 * value of y is x. In inference y is x.
 *
 *     y = x∘m        dx = dy∘m        with m = 0 with probability rate, else 1 / (1 − rate)
 *
 * The mask m is drawn anew for each training step. It depends on a seed, which the layer draws when it is built unless it
 * was given one, on the number of the step and on the place of the element in the batch, and on nothing else: the same step gives the
 * same mask again.
 *
 * Where nothing is dropped, y is x itself, and dx is dy.
 *
 * Shapes: x, m, dx, y, dy [N, ...], of any rank.
 *
 * Source: Srivastava and others, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting" (2014), section 4,
 * scaled in training and not in inference, as its section 10 describes.
 *
 * @throws RangeError if `rate` is not a number >= 0 and < 1, or `seed` not a whole number >= 0.
 */
export class Dropout implements Layer {
  readonly type = "Dropout";
  readonly name: string | undefined;
  readonly rate: number;
  readonly parameters: readonly Parameter[] = [];
  trainable: boolean;

  #seed: number | undefined;
  #built: { sampleShape: Shape; random: CounterRandom; mask: Batch; y: Batch; dx: Batch } | undefined;
  #kept: { shape: Shape; mask: Tensor | undefined } | undefined; // no mask where the last forward dropped nothing

  constructor(options: DropoutOptions) {
    const { rate, seed, name, trainable = true } = expectLayerOptions("Dropout", options);
    this.rate = expectNumber("Dropout", "rate", rate, { min: 0, below: 1 });
    this.#seed = seed === undefined ? undefined : expectInteger("Dropout", "seed", seed, { min: 0 });
    this.name = name;
    this.trainable = trainable;
  }

  build(inputShape: Shape, { workspace, random }: BuildContext): Shape {
    const drawn = random.uint32(); // in any case, so that the weights after it do not depend on whether it has a seed
    this.#seed ??= drawn;
    this.#built = {
      sampleShape: inputShape,
      random: new CounterRandom(this.#seed),
      mask: workspace.batch("mask", inputShape),
      y: workspace.batch("y", inputShape),
      dx: workspace.batch("dx", inputShape),
    };
    return inputShape;
  }

  forward(x: Tensor, options: ForwardOptions = {}): Tensor {
    const { training = false, step = 0 } = expectOptions("Dropout.forward", options);
    const { sampleShape, random, mask: masks, y: results } = expectBuilt("Dropout.forward", this.#built);
    expectTensorOf("Dropout.forward", x, ["N", ...sampleShape]);
    if (!training || this.rate === 0) {
      this.#kept = { shape: x.shape, mask: undefined };
      return x;
    }
    expectInteger("Dropout.forward", "step", step, { min: 0, below: 2 ** 32 });
    const mask = masks.of(x.shape[0]!);
    drawMask(mask.data, this.rate, random, step);
    this.#kept = { shape: x.shape, mask };
    return multiply(x, mask, results.of(x.shape[0]!)); // y = x∘m
  }

  backward(dy: Tensor): Tensor {
    const { dx: results } = expectBuilt("Dropout.backward", this.#built);
    const { shape, mask } = expectForward("Dropout.backward", this.#kept);
    expectTensorOf("Dropout.backward", dy, shape);
    if (!mask) return dy;
    return multiply(dy, mask, results.of(shape[0]!)); // dx = dy∘m
  }

  config(): LayerConfig {
    const { name, trainable, rate } = this;
    return { name, trainable, rate, seed: this.#seed };
  }
}

/** 0 with probability `rate`, else 1 / (1 − rate), for each element. */
function drawMask(mask: Float32Array, rate: number, random: CounterRandom, step: number): void {
  const scale = 1 / (1 - rate);
  random.fillUniform(mask, step); // in [0, 1), so below `rate` with that probability
  for (let i = 0; i < mask.length; i++) mask[i] = mask[i]! < rate ? 0 : scale;
}

function multiply(a: Tensor, b: Tensor, out: Tensor): Tensor {
  for (let i = 0; i < out.size; i++) out.data[i] = a.data[i]! * b.data[i]!;
  return out;
}
