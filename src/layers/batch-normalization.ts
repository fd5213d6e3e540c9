import {
  columnMoments,
  inverseDeviation,
  type Moments,
  normalize,
  normalizeGradient,
  scaleGradient,
} from "../tensor/batch-norm.js";
import { ShapeError } from "../tensor/errors.js";
import { expectBoolean, expectNumber, expectOptions } from "../tensor/expect.js";
import { addRow, columnDots, columnSums } from "../tensor/rows.js";
import { formatShape, type Shape } from "../tensor/shape.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import type { Batch } from "../tensor/workspace.js";
import { createParameter, expectBuilt, expectForward, expectLayerOptions } from "./build.js";
import type {
  BackwardOptions,
  BuildContext,
  ForwardOptions,
  Layer,
  LayerConfig,
  LayerOptions,
  NamedTensor,
  Parameter,
} from "./layer.js";

/** Options of `BatchNormalization`. */
export interface BatchNormalizationOptions extends LayerOptions {
  /** The share of the old value in each update of the moving statistics. @default 0.99 */
  readonly momentum?: number;
  /** ε, added to the variance, so that a channel of equal values is not divided by 0. @default 1e-3 */
  readonly epsilon?: number;
  /** Learn β, which is added to the normalised values; otherwise it stays 0. @default true */
  readonly center?: boolean;
  /** Learn γ, by which the normalised values are multiplied; otherwise it stays 1. @default true */
  readonly scale?: boolean;
}

/**
 * Batch normalisation: gives each channel (index of the last axis) the mean β and the standard deviation γ.
 *
 * In training, a channel has M values in the batch, M = N·H·W for images, and their own statistics are used:
 *
 *     μ = (1/M)·Σ x        v = (1/M)·Σ (x − μ)²        σ = √(v + ε)        x̂ = (x − μ)/σ        y = γ·x̂ + β
 *
 * while moving averages of μ and v are kept for inference, which uses them in place of μ and v:
 *
 *     moving = momentum·moving + (1 − momentum)·batch
 *
 * The gradients of the parameters are sums over the M values, in both modes:
 *
 *     dβ = Σ dy        dγ = Σ dy·x̂
 *
 * In inference, μ and σ are constants, and dx = (γ/σ)·dy. In training, xⱼ moves every x̂ᵢ of its channel: through the
 * numerator if i = j, through μ, with ∂μ/∂xⱼ = 1/M, and through σ. In ∂v/∂xⱼ = 2(xⱼ − μ)/M the share of μ vanishes,
 * because Σ (x − μ) = 0; so ∂σ/∂xⱼ = (1/2σ)·∂v/∂xⱼ = x̂ⱼ/M, and with ∂x̂ᵢ/∂σ = −x̂ᵢ/σ
 *
 *     ∂x̂ᵢ/∂xⱼ = (1/σ)·([i = j] − 1/M − x̂ᵢ·x̂ⱼ/M).
 *
 * Multiplied by γ·dyᵢ and summed over i, this is
 *
 *     dx = (γ/σ)·(dy − (1/M)·Σ dy − x̂·(1/M)·Σ dy·x̂).
 *
 * A layer that is not trainable runs in inference mode in training too, as in Keras, so that a frozen network keeps
 * its statistics. A single value a channel (M = 1) is legal, but then y is β, whatever x is. The variance is the
 * biased one in both modes (Keras 3; PyTorch keeps a moving average of the unbiased one).
 *
 * Shapes: x, dx, y, dy [N, ..., C] · γ, dγ, β, dβ and the moving statistics [C].
 *
 * Source: Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate
 * Shift" (2015), section 3 and algorithm 1; the moving averages are those of Keras.
 *
 * @throws RangeError if `momentum` is not in [0, 1], or `epsilon` not above 0; TypeError if `center` or `scale` is not
 * true or false.
 */
export class BatchNormalization implements Layer {
  readonly type = "BatchNormalization";
  readonly name: string | undefined;
  /**
   * The share of the old value in each update of the moving statistics. It may be changed between two steps: 0 takes
   * the statistics of the next batch as they are, 1 keeps those there are.
   */
  momentum: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  trainable: boolean;

  #built:
    | {
        sampleShape: Shape;
        gamma: Parameter;
        beta: Parameter;
        moving: Moments;
        batch: Moments;
        inverse: Tensor; // 1/σ
        sumDy: Tensor;
        sumDyXHat: Tensor;
        xHat: Batch;
        y: Batch;
        dx: Batch;
      }
    | undefined;
  // kept by forward, because dγ needs x̂ and dx depends on whose statistics were used
  #kept: { xHat: Tensor; batchStatistics: boolean } | undefined;

  constructor(options: BatchNormalizationOptions = {}) {
    const {
      momentum = 0.99,
      epsilon = 1e-3,
      center = true,
      scale = true,
      name,
      trainable = true,
    } = expectLayerOptions("BatchNormalization", options);
    this.momentum = expectNumber("BatchNormalization", "momentum", momentum, { min: 0, max: 1 });
    this.epsilon = expectNumber("BatchNormalization", "epsilon", epsilon, { above: 0 });
    this.center = expectBoolean("BatchNormalization", "center", center);
    this.scale = expectBoolean("BatchNormalization", "scale", scale);
    this.name = name;
    this.trainable = trainable;
  }

  get parameters(): readonly Parameter[] {
    if (!this.#built) return [];
    const { gamma, beta } = this.#built;
    return [...(this.scale ? [gamma] : []), ...(this.center ? [beta] : [])];
  }

  get state(): readonly NamedTensor[] {
    if (!this.#built) return [];
    const { mean, variance } = this.#built.moving;
    return [
      { name: "moving_mean", value: mean },
      { name: "moving_variance", value: variance },
    ];
  }

  build(inputShape: Shape, context: BuildContext): Shape {
    const C = inputShape.at(-1);
    if (C === undefined) {
      throw new ShapeError(
        `BatchNormalization.build: expected samples with a channel axis, got shape ${formatShape(inputShape)}.`,
      );
    }
    const { workspace } = context;
    const row = (name: string): Tensor => workspace.tensor(name, [C]);
    const moving = { mean: row("moving_mean"), variance: row("moving_variance") };
    moving.variance.data.fill(1);
    this.#built = {
      sampleShape: inputShape,
      gamma: createParameter("gamma", [C], "ones", context),
      beta: createParameter("beta", [C], "zeros", context),
      moving,
      batch: { mean: row("mean"), variance: row("variance") },
      inverse: row("inverse"),
      sumDy: row("sumDy"),
      sumDyXHat: row("sumDyXHat"),
      xHat: workspace.batch("xHat", inputShape),
      y: workspace.batch("y", inputShape),
      dx: workspace.batch("dx", inputShape),
    };
    return inputShape;
  }

  forward(x: Tensor, options: ForwardOptions = {}): Tensor {
    const { training = false } = expectOptions("BatchNormalization.forward", options);
    const built = expectBuilt("BatchNormalization.forward", this.#built);
    const { gamma, beta, batch, moving, inverse } = built;
    expectTensorOf("BatchNormalization.forward", x, ["N", ...built.sampleShape]);
    const N = x.shape[0]!;
    const xHat = built.xHat.of(N);
    const batchStatistics = training && this.trainable;
    if (batchStatistics) {
      columnMoments(x, { out: batch }); // μ, v
      this.#move(moving.mean, batch.mean);
      this.#move(moving.variance, batch.variance);
    }
    const { mean, variance } = batchStatistics ? batch : moving;
    inverseDeviation(variance, this.epsilon, { out: inverse }); // 1/σ
    this.#kept = { xHat, batchStatistics };
    const row = { mean, inverse, gamma: gamma.value, beta: beta.value };
    return normalize(x, row, { xHat, out: built.y.of(N) }); // x̂ = (x − μ)/σ, y = γ·x̂ + β
  }

  backward(dy: Tensor, options: BackwardOptions = {}): Tensor | undefined {
    const { inputGradient = true } = expectOptions("BatchNormalization.backward", options);
    const { gamma, beta, inverse, sumDy, sumDyXHat, dx } = expectBuilt(
      "BatchNormalization.backward",
      this.#built,
    );
    const { xHat, batchStatistics } = expectForward("BatchNormalization.backward", this.#kept);
    expectTensorOf("BatchNormalization.backward", dy, xHat.shape);
    columnSums(dy, { out: sumDy });
    columnDots(dy, xHat, { out: sumDyXHat });
    if (this.center) addRow(beta.grad, sumDy); // dβ += Σ dy
    if (this.scale) addRow(gamma.grad, sumDyXHat); // dγ += Σ dy·x̂
    if (!inputGradient) return undefined;
    const out = dx.of(dy.shape[0]!);
    const row = { gamma: gamma.value, inverse, sumDy, sumDyXHat };
    if (!batchStatistics) return scaleGradient(dy, row, { out }); // dx = (γ/σ)·dy
    return normalizeGradient(dy, xHat, row, { out }); // dx = (γ/σ)·(dy − Σ dy/M − x̂·Σ dy·x̂/M)
  }

  config(): LayerConfig {
    const { name, trainable, momentum, epsilon, center, scale } = this;
    return { name, trainable, momentum, epsilon, center, scale };
  }

  /** moving = momentum·moving + (1 − momentum)·batch */
  #move(moving: Tensor, batch: Tensor): void {
    const { momentum } = this;
    for (let c = 0; c < moving.size; c++) {
      moving.data[c] = momentum * moving.data[c]! + (1 - momentum) * batch.data[c]!;
    }
  }
}
