// Exercise 8, mended.
import { type Optimizer, type Parameter, Tensor } from "tinyconv";

/** Options of `Adam`. */
interface AdamOptions {
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/**
 * Adam: each number of θ has a step size of its own, for its gradient g is divided by the size that g usually has.
 *
 *     m ← β₁·m + (1 − β₁)·g         the mean of g over about the last 1/(1 − β₁) steps
 *     v ← β₂·v + (1 − β₂)·g²        the mean of g² over about the last 1/(1 − β₂) steps
 *
 * Both start at zero, so after few steps the weights of the gradients in them do not add up to 1 yet. m̂ and v̂ are m and
 * v divided by what the weights add up to:
 *
 *     θ ← θ − α·m̂ / (√v̂ + ε)
 *
 * So if g never changes, m̂ = g and v̂ = g² from the first step on, and each step is α long (but for ε), however
 * large or small g is.
 *
 * Shapes: θ, g, m and v are alike.
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), Algorithm 1.
 */
export class Adam implements Optimizer {
  readonly type = "Adam";
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;

  #iterations = 0;
  readonly #moments = new WeakMap<Tensor, Moments>(); // of each θ

  constructor({ learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions = {}) {
    this.learningRate = learningRate;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
  }

  get iterations(): number {
    return this.#iterations;
  }

  step(parameters: readonly Parameter[]): void {
    const { learningRate, beta1, beta2, epsilon } = this;
    this.#iterations++; // t
    const sum1 = 1 - beta1 ** this.#iterations; // the weights of all gradients in m add up to this
    const sum2 = 1 - beta2 ** this.#iterations;
    for (const { value, grad } of parameters) {
      const { m, v } = this.#momentsOf(value);
      for (let i = 0; i < value.size; i++) {
        const g = grad.data[i]!;
        m.data[i] = beta1 * m.data[i]! + (1 - beta1) * g;
        v.data[i] = beta2 * v.data[i]! + (1 - beta2) * g * g;
        const mHat = m.data[i]! / sum1;
        const vHat = v.data[i]! / sum2;
        value.data[i] = value.data[i]! - (learningRate * mHat) / (Math.sqrt(vHat) + epsilon);
      }
    }
  }

  #momentsOf(value: Tensor): Moments {
    const moments = this.#moments.get(value) ?? { m: new Tensor(value.shape), v: new Tensor(value.shape) };
    this.#moments.set(value, moments);
    return moments;
  }
}

/** What Adam keeps for each parameter, zeros before its first step. */
interface Moments {
  readonly m: Tensor;
  readonly v: Tensor;
}
