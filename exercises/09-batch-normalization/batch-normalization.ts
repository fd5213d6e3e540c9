// Exercise 9: there is one mistake in this file. `npm run exercises -- 9` shows what comes of it.
import {
  type Batch,
  type BuildContext,
  createParameter,
  expectBuilt,
  expectForward,
  expectShape,
  type ForwardOptions,
  type Layer,
  type LayerConfig,
  type NamedTensor,
  type Parameter,
  type Shape,
  type Tensor,
} from "tinyconv";

/** Options of `BatchNormalization`. */
interface BatchNormalizationOptions {
  readonly momentum?: number;
  readonly epsilon?: number;
}

/**
 * Batch normalisation: gives each channel (index of the last axis) the mean β and the standard deviation γ.
 *
 * In training, a channel has M values in the batch, M = N·H·W for images, and their own statistics are used:
 *
 *     μ = (1/M)·Σ x        v = (1/M)·Σ (x − μ)²        σ = √(v + ε)        x̂ = (x − μ)/σ        y = γ·x̂ + β
 *
 * while moving averages of μ and v are kept for inference, which uses them in place of μ and v. The gradients of the
 * parameters are sums over the M values, in both modes:
 *
 *     dβ = Σ dy        dγ = Σ dy·x̂
 *
 * In inference, μ and σ are constants, and dx = (γ/σ)·dy. In training, x moves them too.
 *
 * Shapes: x, dx, y, dy [N, ..., C] · γ, dγ, β, dβ and the statistics [C].
 */
export class BatchNormalization implements Layer {
  readonly type = "BatchNormalization";
  readonly momentum: number;
  readonly epsilon: number;

  #built:
    | { gamma: Parameter; beta: Parameter; moving: Statistics; xHat: Batch; y: Batch; dx: Batch }
    | undefined;
  #kept: { xHat: Tensor; sigma: Float32Array; training: boolean } | undefined; // what backward needs

  constructor({ momentum = 0.99, epsilon = 1e-3 }: BatchNormalizationOptions = {}) {
    this.momentum = momentum;
    this.epsilon = epsilon;
  }

  get parameters(): readonly Parameter[] {
    return this.#built ? [this.#built.gamma, this.#built.beta] : [];
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
    const C = inputShape.at(-1) ?? 1;
    const { workspace } = context;
    const moving = {
      mean: workspace.tensor("moving_mean", [C]),
      variance: workspace.tensor("moving_variance", [C]),
    };
    moving.variance.data.fill(1);
    this.#built = {
      gamma: createParameter("gamma", [C], "ones", context),
      beta: createParameter("beta", [C], "zeros", context),
      moving,
      xHat: workspace.batch("xHat", inputShape),
      y: workspace.batch("y", inputShape),
      dx: workspace.batch("dx", inputShape),
    };
    return inputShape;
  }

  forward(x: Tensor, { training = false }: ForwardOptions = {}): Tensor {
    const { gamma, beta, moving, ...results } = expectBuilt("BatchNormalization.forward", this.#built);
    const [xHat, y] = [results.xHat.of(x.shape[0]!), results.y.of(x.shape[0]!)];
    expectShape("BatchNormalization.forward", x.shape, ["N", ...y.shape.slice(1)]);
    const C = gamma.value.size;
    const [mean, variance] = training
      ? this.#batchStatistics(x, moving)
      : [moving.mean.data, moving.variance.data];
    const sigma = variance.map((v) => Math.sqrt(v + this.epsilon));
    for (let i = 0; i < x.size; i++) {
      const c = i % C;
      xHat.data[i] = (x.data[i]! - mean[c]!) / sigma[c]!;
      y.data[i] = gamma.value.data[c]! * xHat.data[i]! + beta.value.data[c]!;
    }
    this.#kept = { xHat, sigma, training };
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { gamma, beta, dx: results } = expectBuilt("BatchNormalization.backward", this.#built);
    const { xHat, sigma, training } = expectForward("BatchNormalization.backward", this.#kept);
    expectShape("BatchNormalization.backward", dy.shape, xHat.shape);
    const C = gamma.value.size;
    const M = dy.size / C;
    const sumDy = new Float32Array(C);
    const sumDyXHat = new Float32Array(C);
    for (let i = 0; i < dy.size; i++) {
      const c = i % C;
      sumDy[c] = sumDy[c]! + dy.data[i]!;
      sumDyXHat[c] = sumDyXHat[c]! + dy.data[i]! * xHat.data[i]!;
    }
    for (let c = 0; c < C; c++) {
      beta.grad.data[c] = beta.grad.data[c]! + sumDy[c]!; // dβ += Σ dy
      gamma.grad.data[c] = gamma.grad.data[c]! + sumDyXHat[c]!; // dγ += Σ dy·x̂
    }
    const dx = results.of(dy.shape[0]!);
    for (let i = 0; i < dy.size; i++) {
      const c = i % C;
      const slope = gamma.value.data[c]! / sigma[c]!;
      // what reaches x by way of the statistics
      const shared = training ? sumDy[c]! / M : 0;
      dx.data[i] = slope * (dy.data[i]! - shared);
    }
    return dx;
  }

  config(): LayerConfig {
    const { momentum, epsilon } = this;
    return { momentum, epsilon };
  }

  /** The mean and the variance of each channel, which also move the moving ones. */
  #batchStatistics(x: Tensor, moving: Statistics): readonly [Float32Array, Float32Array] {
    const C = moving.mean.size;
    const M = x.size / C;
    const mean = new Float32Array(C);
    const variance = new Float32Array(C);
    for (let i = 0; i < x.size; i++) mean[i % C] = mean[i % C]! + x.data[i]! / M;
    for (let i = 0; i < x.size; i++) {
      variance[i % C] = variance[i % C]! + (x.data[i]! - mean[i % C]!) ** 2 / M;
    }
    for (let c = 0; c < C; c++) {
      moving.mean.data[c] = this.momentum * moving.mean.data[c]! + (1 - this.momentum) * mean[c]!;
      moving.variance.data[c] = this.momentum * moving.variance.data[c]! + (1 - this.momentum) * variance[c]!;
    }
    return [mean, variance];
  }
}

/** The mean and the variance of each channel, [C] each. */
interface Statistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
}
