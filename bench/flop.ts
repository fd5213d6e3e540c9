import type { Sequential } from "tinyconv";

/**
 * Floating-point operations in the products of one training step, for one image: a multiply-add counts as two, and
 * what is not a product (bias, ReLU, pooling, batch normalisation, loss, Adam) is not counted.
 *
 * Forward, dW and dx are products of the same size, but the first layer that has parameters computes no dx. For
 * `reference` that is 7.3 MFLOP forward and 21.8 MFLOP in all.
 */
export function trainingFlop({ layers }: Sequential): number {
  const sizes = layers.map(({ multiplyAdds = 0 }) => multiplyAdds);
  const forward = sizes.reduce((sum, size) => sum + size, 0);
  const first = sizes.find((size) => size > 0) ?? 0;
  return 2 * (3 * forward - first);
}
