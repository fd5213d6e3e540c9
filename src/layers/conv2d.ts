import {
  expectBoolean,
  expectInteger,
  expectOneOf,
  expectOptions,
  expectPair,
  type Pair,
} from "../tensor/expect.js";
import { im2col } from "../tensor/im2col.js";
import { INITIALIZERS, type Initializer } from "../tensor/init.js";
import { matmul } from "../tensor/matmul.js";
import { addRow, columnSums } from "../tensor/rows.js";
import type { Shape } from "../tensor/shape.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import { expectPadding, type Padding, slidingWindow, type Window } from "../tensor/window.js";
import type { Batch } from "../tensor/workspace.js";
import { createParameter, expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type { BackwardOptions, BuildContext, Layer, LayerConfig, LayerOptions, Parameter } from "./layer.js";

/** Options of `Conv2D`. */
export interface Conv2DOptions extends LayerOptions {
  /** F, the number of channels of the output. */
  readonly filters: number;
  /** Height and width of the kernel: one number, or a pair. */
  readonly kernelSize: Pair;
  /** The step from one output cell to the next, in pixels. @default 1 */
  readonly strides?: Pair;
  /** How far the kernel may reach over the edge of the image. @default "valid" */
  readonly padding?: Padding;
  /** The step from one tap of the kernel to the next, in pixels. @default 1 */
  readonly dilationRate?: Pair;
  /** Add a bias to each channel of the output. @default true */
  readonly useBias?: boolean;
  /** How the kernel is drawn; the bias starts at zero. @default "glorotUniform" */
  readonly kernelInitializer?: Initializer;
}

/**
 * Two-dimensional convolution (in the field's sense, a cross-correlation: the kernel is not flipped):
 *
 *     y[n,oh,ow,f] = Σ over ky, kx, c of  x[n, h, w, c]·W[ky,kx,c,f]  + b[f]
 *     with h = oh·strideH + ky·dilationH − padTop and w = ow·strideW + kx·dilationW − padLeft; x is 0 outside the image.
 *
 * Write P = im2col(x) for the matrix that has in row (n,oh,ow) the KH·KW·C values under the kernel at that place, and
 * W as a matrix [KH·KW·C, F]. The sum above is a row of P times a column of W, and a convolution is a dense layer
 * over patches:
 *
 *     y = P·W + b        dW = Pᵀ·dy        db = Σ dy over n, oh, ow        dP = dy·Wᵀ
 *
 * A pixel of x stands in P once for every tap that comes to lie on it, so its gradient is the sum of all of these
 * elements of dP: dx = col2im(dP).
 *
 * Shapes: x, dx [N, H, W, C] · W, dW [KH, KW, C, F] · b, db [F] · y, dy [N, OH, OW, F].
 *
 * Source: im2col as in Chellapilla, Puri and Simard, "High Performance Convolutional Neural Networks for Document
 * Processing" (2006).
 *
 * @throws RangeError if an option is out of range or unknown; TypeError if it is of another type.
 */
export class Conv2D implements Layer {
  readonly type = "Conv2D";
  readonly name: string | undefined;
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly dilationRate: readonly [number, number];
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  trainable: boolean;

  #built: { window: Window; kernel: Parameter; bias: Parameter | undefined; y: Batch; dx: Batch } | undefined;
  #x: Tensor | undefined; // [N, H, W, C], kept by forward because dW needs it

  constructor(options: Conv2DOptions) {
    const {
      filters,
      kernelSize,
      strides = 1,
      padding = "valid",
      dilationRate = 1,
      useBias = true,
      kernelInitializer = "glorotUniform",
      name,
      trainable = true,
    } = expectLayerOptions("Conv2D", options);
    this.filters = expectInteger("Conv2D", "filters", filters, { min: 1 });
    this.kernelSize = expectPair("Conv2D", "kernelSize", kernelSize);
    this.strides = expectPair("Conv2D", "strides", strides);
    this.padding = expectPadding("Conv2D", padding);
    this.dilationRate = expectPair("Conv2D", "dilationRate", dilationRate);
    this.useBias = expectBoolean("Conv2D", "useBias", useBias);
    this.kernelInitializer = expectOneOf("Conv2D", "kernelInitializer", kernelInitializer, INITIALIZERS);
    this.name = name;
    this.trainable = trainable;
  }

  get parameters(): readonly Parameter[] {
    if (!this.#built) return [];
    const { kernel, bias } = this.#built;
    return bias ? [kernel, bias] : [kernel];
  }

  get multiplyAdds(): number {
    if (!this.#built) return 0;
    const { window, kernel } = this.#built;
    return window.OH * window.OW * kernel.value.size; // each output cell uses every weight once
  }

  build(inputShape: Shape, context: BuildContext): Shape {
    const window = slidingWindow("Conv2D.build", inputShape, this);
    const { H, W, C, KH, KW, OH, OW } = window;
    const F = this.filters;
    this.#built = {
      window,
      kernel: createParameter("kernel", [KH, KW, C, F], this.kernelInitializer, context),
      bias: this.useBias ? createParameter("bias", [F], "zeros", context) : undefined,
      y: context.workspace.batch("y", [OH, OW, F]),
      dx: context.workspace.batch("dx", [H, W, C]),
    };
    return [OH, OW, F];
  }

  forward(x: Tensor): Tensor {
    const { window, kernel, bias, y: results } = expectBuilt("Conv2D.forward", this.#built);
    expectTensorOf("Conv2D.forward", x, ["N", window.H, window.W, window.C]);
    this.#x = x;
    const y = results.of(x.shape[0]!);
    matmul(im2col(x, window), kernel.value, { out: y }); // y = P·W
    if (bias) addRow(y, bias.value);
    return y;
  }

  backward(dy: Tensor, options: BackwardOptions = {}): Tensor | undefined {
    const { inputGradient = true } = expectOptions("Conv2D.backward", options);
    const { window, kernel, bias, dx: results } = expectBuilt("Conv2D.backward", this.#built);
    const x = expectForward("Conv2D.backward", this.#x);
    expectTensorOf("Conv2D.backward", dy, [x.shape[0]!, window.OH, window.OW, this.filters]);
    matmul(im2col(x, window), dy, { transposeA: true, out: kernel.grad, accumulate: true }); // dW += Pᵀ·dy
    if (bias) columnSums(dy, { out: bias.grad, accumulate: true }); // db += Σ dy
    if (!inputGradient) return undefined;
    const dx = results.of(x.shape[0]!);
    matmul(dy, kernel.value, { transposeB: true, out: im2col(dx, window) }); // dx = col2im(dy·Wᵀ)
    return dx;
  }

  config(): LayerConfig {
    const {
      name,
      trainable,
      filters,
      kernelSize,
      strides,
      padding,
      dilationRate,
      useBias,
      kernelInitializer,
    } = this;
    return {
      name,
      trainable,
      filters,
      kernelSize,
      strides,
      padding,
      dilationRate,
      useBias,
      kernelInitializer,
    };
  }
}
