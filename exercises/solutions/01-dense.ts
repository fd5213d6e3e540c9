// Exercise 1, mended.
import {
  addRow,
  type BackwardOptions,
  type Batch,
  type BuildContext,
  columnSums,
  createParameter,
  expectBuilt,
  expectForward,
  expectShape,
  type Layer,
  type LayerConfig,
  matmul,
  type Parameter,
  type Shape,
  type Tensor,
} from "tinyconv";

/**
 * Fully connected layer: `y = x·W + b`, the same W and b for each of the N samples (rows) of x.
 *
 * Write dy for ∂L/∂y. Each y[n,o] = Σᵢ x[n,i]·W[i,o] + b[o], so the chain rule gives
 *
 *     dW = xᵀ·dy        db = Σₙ dy[n,:]        dx = dy·Wᵀ
 *
 * Shapes: x, dx [N, I] · W, dW [I, O] · b, db [O] · y, dy [N, O].
 */
export class Dense implements Layer {
  readonly type = "Dense";
  readonly units: number;

  #built: { I: number; kernel: Parameter; bias: Parameter; y: Batch; dx: Batch } | undefined;
  #x: Tensor | undefined; // [N, I], kept by forward because dW needs it

  constructor({ units }: { readonly units: number }) {
    this.units = units;
  }

  get parameters(): readonly Parameter[] {
    return this.#built ? [this.#built.kernel, this.#built.bias] : [];
  }

  build(inputShape: Shape, context: BuildContext): Shape {
    expectShape("Dense.build", inputShape, ["I"], "Put a Flatten in front of it.");
    const I = inputShape[0]!;
    const O = this.units;
    this.#built = {
      I,
      kernel: createParameter("kernel", [I, O], "glorotUniform", context),
      bias: createParameter("bias", [O], "zeros", context),
      y: context.workspace.batch("y", [O]),
      dx: context.workspace.batch("dx", [I]),
    };
    return [O];
  }

  forward(x: Tensor): Tensor {
    const { I, kernel, bias, y: results } = expectBuilt("Dense.forward", this.#built);
    expectShape("Dense.forward", x.shape, ["N", I]);
    this.#x = x;
    const y = matmul(x, kernel.value, { out: results.of(x.shape[0]!) }); // [N, I]·[I, O] → [N, O]
    return addRow(y, bias.value);
  }

  backward(dy: Tensor, { inputGradient = true }: BackwardOptions = {}): Tensor | undefined {
    const { kernel, bias, dx: results } = expectBuilt("Dense.backward", this.#built);
    const x = expectForward("Dense.backward", this.#x);
    expectShape("Dense.backward", dy.shape, [x.shape[0]!, this.units]);
    matmul(x, dy, { transposeA: true, out: kernel.grad, accumulate: true }); // adds dW
    columnSums(dy, { out: bias.grad, accumulate: true }); // adds db
    if (!inputGradient) return undefined;
    return matmul(dy, kernel.value, { transposeB: true, out: results.of(x.shape[0]!) }); // dx = dy·Wᵀ
  }

  config(): LayerConfig {
    return { units: this.units };
  }
}
