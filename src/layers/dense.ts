import { expectBoolean, expectInteger, expectOneOf, expectOptions } from "../tensor/expect.js";
import { INITIALIZERS, type Initializer } from "../tensor/init.js";
import { matmul } from "../tensor/matmul.js";
import { addRow, columnSums } from "../tensor/rows.js";
import { expectShape, type Shape } from "../tensor/shape.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import type { Batch } from "../tensor/workspace.js";
import { createParameter, expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BackwardOptions, BuildContext, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/** Options of `Dense`. */
export interface DenseOptions extends LayerOptions {
  /** O, the number of outputs. */
  readonly units: number;
  /** Add a bias to each output. @default true */
  readonly useBias?: boolean;
  /** How the kernel is drawn; the bias starts at zero. @default "glorotUniform" */
  readonly kernelInitializer?: Initializer;
}

/**
 * Fully connected layer: `y = x·W + b`, the same W and b for each of the N samples (rows) of x.
 *
 * Write dy for ∂L/∂y. Each y[n,o] = Σᵢ x[n,i]·W[i,o] + b[o], so the chain rule gives
 *
 *     dW = xᵀ·dy        db = Σₙ dy[n,:]        dx = dy·Wᵀ
 *
 * Shapes: x, dx [N, I] · W, dW [I, O] · b, db [O] · y, dy [N, O].
 *
 * @throws RangeError if `units` is not a whole number >= 1, or the initialiser unknown; TypeError if `useBias` is not
 * true or false.
 */
export class Dense implements Layer {
  readonly type = "Dense";
  readonly name: string | undefined;
  readonly units: number;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  trainable: boolean;

  #built: { I: number; kernel: Parameter; bias: Parameter | undefined; y: Batch; dx: Batch } | undefined;
  #x: Tensor | undefined; // [N, I], kept by forward because dW needs it

  constructor(options: DenseOptions) {
    const {
      units,
      useBias = true,
      kernelInitializer = "glorotUniform",
      name,
      trainable = true,
    } = expectLayerOptions("Dense", options);
    this.units = expectInteger("Dense", "units", units, { min: 1 });
    this.useBias = expectBoolean("Dense", "useBias", useBias);
    this.kernelInitializer = expectOneOf("Dense", "kernelInitializer", kernelInitializer, INITIALIZERS);
    this.name = name;
    this.trainable = trainable;
  }

  get parameters(): readonly Parameter[] {
    if (!this.#built) return [];
    const { kernel, bias } = this.#built;
    return bias ? [kernel, bias] : [kernel];
  }

  get multiplyAdds(): number {
    return (this.#built?.I ?? 0) * this.units;
  }

  build(inputShape: Shape, context: BuildContext): Shape {
    expectShape("Dense.build", inputShape, ["I"], "Put a Flatten in front of it.");
    const I = inputShape[0]!;
    const O = this.units;
    this.#built = {
      I,
      kernel: createParameter("kernel", [I, O], this.kernelInitializer, context),
      bias: this.useBias ? createParameter("bias", [O], "zeros", context) : undefined,
      y: context.workspace.batch("y", [O]),
      dx: context.workspace.batch("dx", [I]),
    };
    return [O];
  }

  forward(x: Tensor): Tensor {
    const { I, kernel, bias, y: results } = expectBuilt("Dense.forward", this.#built);
    expectTensorOf("Dense.forward", x, ["N", I]);
    this.#x = x;
    const y = results.of(x.shape[0]!);
    matmul(x, kernel.value, { out: y }); // [N, I]·[I, O] → [N, O]
    if (bias) addRow(y, bias.value);
    return y;
  }

  backward(dy: Tensor, options: BackwardOptions = {}): Tensor | undefined {
    const { inputGradient = true } = expectOptions("Dense.backward", options);
    const { kernel, bias, dx: results } = expectBuilt("Dense.backward", this.#built);
    const x = expectForward("Dense.backward", this.#x);
    expectTensorOf("Dense.backward", dy, [x.shape[0]!, this.units]);
    matmul(x, dy, { transposeA: true, out: kernel.grad, accumulate: true }); // dW += xᵀ·dy
    if (bias) columnSums(dy, { out: bias.grad, accumulate: true }); // db += Σₙ dy[n,:]
    if (!inputGradient) return undefined;
    return matmul(dy, kernel.value, { transposeB: true, out: results.of(x.shape[0]!) }); // dx = dy·Wᵀ
  }

  config(): LayerConfig {
    const { name, trainable, units, useBias, kernelInitializer } = this;
    return { name, trainable, units, useBias, kernelInitializer };
  }
}
