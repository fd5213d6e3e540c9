import { expectParameters, type NamedTensor, type Parameter } from "../tensor/parameter.js";
import type { Random } from "../tensor/random.js";
import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Workspace } from "../tensor/workspace.js";

export type { NamedTensor, Parameter };

/*
 * The letters in shapes mean the same in every file:
 *
 *   N batch · H, W height and width · C channels · F filters (channels of the output) · KH, KW kernel height and
 *   width · OH, OW output height and width · I, O inputs and outputs of a dense layer · K classes
 *
 * Images are NHWC, row-major: [N, H, W, C]. The gradient ∂L/∂x of the loss L with respect to x is called dx.
 */

/** What a layer is given when it is built. */
export interface BuildContext {
  /** Memory for parameters and results. */
  readonly workspace: Workspace;
  /** The source of initial weights and of seeds. */
  readonly random: Random;
}

/** Options of `Layer.forward`. */
export interface ForwardOptions {
  /** Training behaves unlike inference in `Dropout` and `BatchNormalization`. @default false */
  readonly training?: boolean;
  /** How many training steps came before this one: random masks depend on it and on nothing else. @default 0 */
  readonly step?: number;
}

/** Options of `Layer.backward`. */
export interface BackwardOptions {
  /** False where nobody needs dx, as in a model's first layer: `backward` may then skip it. @default true */
  readonly inputGradient?: boolean;
}

/**
 * A layer: a function of a batch of samples with parameters, and the gradient of that function.
 *
 * This is the whole contract, and the layers of the library have no other: any object that keeps it can be put into
 * a `Sequential`. Shapes in `build` are those of one sample, without the batch axis.
 *
 * What `forward` and `backward` return belongs to the layer, and is valid until its next call.
 */
export interface Layer {
  /** The name of the class, by which a saved model finds it again. */
  readonly type: string;
  /** A name of your choice; a model numbers the layers that have none, as in `conv2d_1`. */
  readonly name?: string | undefined;
  /** False keeps an optimizer from changing the parameters. @default true */
  trainable?: boolean;
  /** What training changes, empty before `build`. */
  readonly parameters: readonly Parameter[];
  /** Tensors that are saved but not trained, such as moving averages, empty before `build`. */
  readonly state?: readonly NamedTensor[];
  /** Multiply-adds of the forward pass for one sample, for `summary`. @default 0 */
  readonly multiplyAdds?: number;

  /**
   * Makes the layer for samples of one shape: checks it, allocates and initialises the parameters, and returns the
   * shape of the output.
   */
  build(inputShape: Shape, context: BuildContext): Shape;

  /** y, the output for the batch x [N, ...]; keeps what `backward` will need. */
  forward(x: Tensor, options?: ForwardOptions): Tensor;

  /**
   * From dy = ∂L/∂y at the input of the last `forward`: **adds** each parameter's gradient to its `grad`, and returns
   * dx = ∂L/∂x, or undefined if it was not asked for.
   */
  backward(dy: Tensor, options?: BackwardOptions): Tensor | undefined;

  /** The options that make this layer again, as plain JSON. */
  config(): LayerConfig;
}

/** The options of a layer as plain JSON. */
export type LayerConfig = { readonly [option: string]: unknown };

/** Options that every layer of the library takes. */
export interface LayerOptions {
  /** The layer's name in summaries, errors and files. @default the type and a number, such as `conv2d_1` */
  readonly name?: string | undefined;
  /** False keeps an optimizer from changing the parameters. @default true */
  readonly trainable?: boolean;
}

/** Sets all gradients to zero. */
export function zeroGrad(parameters: readonly Parameter[]): void {
  expectParameters("zeroGrad", parameters);
  for (const { grad } of parameters) grad.data.fill(0);
}
