// Exercise 3: there is one mistake in this file. `npm run exercises -- 3` shows what comes of it.
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
  im2col,
  type Layer,
  type LayerConfig,
  matmul,
  type Padding,
  type Pair,
  type Parameter,
  type Shape,
  slidingWindow,
  type Tensor,
  type Window,
} from "tinyconv";

/** Options of `Conv2D`. */
interface Conv2DOptions {
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly strides?: Pair;
  readonly padding?: Padding;
}

/**
 * Two-dimensional convolution, as a dense layer over patches. P = im2col(x) is the matrix that has in row (n,oh,ow) the
 * KH·KW·C values under the kernel at that place. With W as a matrix [KH·KW·C, F],
 *
 *     y = P·W + b        dW = Pᵀ·dy        db = Σ dy over n, oh, ow        dx = col2im(dy·Wᵀ)
 *
 * Shapes: x, dx [N, H, W, C] · W, dW [KH, KW, C, F] · b, db [F] · y, dy [N, OH, OW, F].
 */
export class Conv2D implements Layer {
  readonly type = "Conv2D";
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;

  #built: { window: Window; kernel: Parameter; bias: Parameter; y: Batch; dx: Batch } | undefined;
  #x: Tensor | undefined; // [N, H, W, C], kept by forward because dW needs it

  constructor({ filters, kernelSize, strides = 1, padding = "valid" }: Conv2DOptions) {
    this.filters = filters;
    this.kernelSize = kernelSize;
    this.strides = strides;
    this.padding = padding;
  }

  get parameters(): readonly Parameter[] {
    return this.#built ? [this.#built.kernel, this.#built.bias] : [];
  }

  build(inputShape: Shape, context: BuildContext): Shape {
    const window = slidingWindow("Conv2D.build", inputShape, this);
    const { H, W, C, KH, KW, OH, OW } = window;
    const F = this.filters;
    this.#built = {
      window,
      kernel: createParameter("kernel", [KH, KW, C, F], "glorotUniform", context),
      bias: createParameter("bias", [F], "zeros", context),
      y: context.workspace.batch("y", [OH, OW, F]),
      dx: context.workspace.batch("dx", [H, W, C]),
    };
    return [OH, OW, F];
  }

  forward(x: Tensor): Tensor {
    const { window, kernel, bias, y: results } = expectBuilt("Conv2D.forward", this.#built);
    expectShape("Conv2D.forward", x.shape, ["N", window.H, window.W, window.C]);
    this.#x = x;
    const y = matmul(im2col(x, window), kernel.value, { out: results.of(x.shape[0]!) }); // y = P·W
    return addRow(y, bias.value);
  }

  backward(dy: Tensor, { inputGradient = true }: BackwardOptions = {}): Tensor | undefined {
    const { window, kernel, bias, dx: results } = expectBuilt("Conv2D.backward", this.#built);
    const x = expectForward("Conv2D.backward", this.#x);
    expectShape("Conv2D.backward", dy.shape, [x.shape[0]!, window.OH, window.OW, this.filters]);
    matmul(im2col(x, window), dy, { transposeA: true, out: kernel.grad }); // dW = Pᵀ·dy
    columnSums(dy, { out: bias.grad, accumulate: true }); // db = Σ dy
    if (!inputGradient) return undefined;
    const dx = results.of(x.shape[0]!);
    matmul(dy, kernel.value, { transposeB: true, out: im2col(dx, window) }); // dx = col2im(dy·Wᵀ)
    return dx;
  }

  config(): LayerConfig {
    const { filters, kernelSize, strides, padding } = this;
    return { filters, kernelSize, strides, padding };
  }
}
