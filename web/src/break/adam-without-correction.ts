import type { Optimizer, Parameter } from "tinyconv";

/**
 * Adam as in Kingma and Ba (2015), algorithm 1, without its bias correction: m and v begin at 0, and are used as they are.
 *
 *     m ← β₁·m + (1 − β₁)·g        v ← β₂·v + (1 − β₂)·g²        θ ← θ − α·m/(√v + ε)
 */
export class AdamWithoutCorrection implements Optimizer {
  readonly type = "AdamWithoutCorrection";
  readonly learningRate: number;
  iterations = 0;
  readonly #moments = new WeakMap<
    Parameter["value"],
    { readonly m: Float32Array; readonly v: Float32Array }
  >();

  constructor(learningRate: number) {
    this.learningRate = learningRate;
  }

  step(parameters: readonly Parameter[]): void {
    for (const { value, grad } of parameters) {
      const { size } = value;
      const moments = this.#moments.get(value) ?? { m: new Float32Array(size), v: new Float32Array(size) };
      this.#moments.set(value, moments);
      const { m, v } = moments;
      for (let i = 0; i < size; i++) {
        const g = grad.data[i]!;
        m[i] = 0.9 * m[i]! + 0.1 * g;
        v[i] = 0.999 * v[i]! + 0.001 * g * g;
        value.data[i]! -= (this.learningRate * m[i]!) / (Math.sqrt(v[i]!) + 1e-7);
      }
    }
    this.iterations++;
  }
}
