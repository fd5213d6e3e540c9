import { expectNumber } from "../tensor/expect.js";
import { expectParameters, type Parameter } from "../tensor/parameter.js";

/**
 * Scales all gradients by one factor, so that together they are no longer than `maxNorm`: a rare huge gradient keeps
 * its direction and loses its length. Call it between `backward` and the optimizer's `step`.
 *
 *     norm = √(Σ g² over all elements of all gradients)        g ← g·maxNorm / norm   if norm > maxNorm
 *
 * The norm is summed in float64, in the order of the parameters. If it is not finite, because a gradient is NaN or
 * infinite, no gradient is changed: no factor could repair them, and the norm that is returned tells the caller.
 *
 * Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013), Algorithm 1.
 *
 * @returns the norm before clipping.
 * @throws RangeError if `maxNorm` is not a finite number > 0.
 */
export function clipGradientsByGlobalNorm(parameters: readonly Parameter[], maxNorm: number): number {
  expectParameters("clipGradientsByGlobalNorm", parameters);
  expectNumber("clipGradientsByGlobalNorm", "maxNorm", maxNorm, { above: 0 });
  let sum = 0;
  for (const { grad } of parameters) {
    const { data } = grad;
    for (let i = 0; i < data.length; i++) sum += data[i]! * data[i]!;
  }
  const norm = Math.sqrt(sum);
  if (norm > maxNorm && Number.isFinite(norm)) {
    const factor = maxNorm / norm;
    for (const { grad } of parameters) {
      const { data } = grad;
      for (let i = 0; i < data.length; i++) data[i] = data[i]! * factor;
    }
  }
  return norm;
}
