import { ShapeError } from "./errors.js";
import { formatShape, sameShape } from "./shape.js";
import { simdAdam, simdMomentum, simdMoveTowards, simdSgd, simdShrink } from "./simd/elementwise.js";
import type { Tensor } from "./tensor.js";

/*
 * The elementwise steps of training, all in place. Every number that enters is rounded to float32 first, and so is
 * the result of every operation, in the order in which the code writes them: whatever computes the same faster has
 * to give the same bits.
 */

/** The numbers of `sgdUpdate`. */
export interface SgdUpdate {
  /** α */
  readonly learningRate: number;
}

/** One step down the gradient: θ ← θ − α·g. Shapes: θ and g are alike. */
export function sgdUpdate(theta: Tensor, g: Tensor, { learningRate }: SgdUpdate): void {
  expectAlike("sgdUpdate", theta, g);
  const { fround } = Math;
  const { data } = theta;
  const grads = g.data;
  const alpha = fround(learningRate);
  if (simdSgd(data, grads, alpha)) return;
  for (let i = 0; i < data.length; i++) data[i] = data[i]! - fround(alpha * grads[i]!);
}

/** The numbers of `momentumUpdate`. */
export interface MomentumUpdate {
  /** α */
  readonly learningRate: number;
  /** μ */
  readonly momentum: number;
  /** Step from where the velocity is about to lead. */
  readonly nesterov: boolean;
}

/**
 * One step with momentum. The velocity v loses a share of itself and is pushed down the gradient; θ moves with it:
 *
 *     v ← μ·v − α·g        θ ← θ + v,  or with Nesterov  θ ← θ + (μ·v − α·g)
 *
 * Shapes: θ, g and v are alike.
 */
export function momentumUpdate(
  theta: Tensor,
  g: Tensor,
  v: Tensor,
  { learningRate, momentum, nesterov }: MomentumUpdate,
): void {
  expectAlike("momentumUpdate", theta, g, v);
  const { fround } = Math;
  const { data } = theta;
  const grads = g.data;
  const velocities = v.data;
  const alpha = fround(learningRate);
  const mu = fround(momentum);
  if (simdMomentum(data, grads, velocities, { alpha, mu, nesterov })) return;
  for (let i = 0; i < data.length; i++) {
    const push = fround(alpha * grads[i]!);
    const velocity = fround(fround(mu * velocities[i]!) - push);
    velocities[i] = velocity;
    data[i] = data[i]! + (nesterov ? fround(fround(mu * velocity) - push) : velocity);
  }
}

/** The numbers of `adamUpdate`. */
export interface AdamUpdate {
  /** α */
  readonly learningRate: number;
  /** β₁ */
  readonly beta1: number;
  /** β₂ */
  readonly beta2: number;
  /** β₁ᵗ, where t = 1 in the first update. */
  readonly beta1Power: number;
  /** β₂ᵗ */
  readonly beta2Power: number;
  /** ε */
  readonly epsilon: number;
}

/**
 * One step of Adam (Kingma & Ba 2015, Algorithm 1):
 *
 *     m ← β₁·m + (1 − β₁)·g         m̂ = m / (1 − β₁ᵗ)
 *     v ← β₂·v + (1 − β₂)·g²        v̂ = v / (1 − β₂ᵗ)        θ ← θ − α·m̂ / (√v̂ + ε)
 *
 * Shapes: θ, g, m and v are alike.
 */
export function adamUpdate(
  theta: Tensor,
  g: Tensor,
  m: Tensor,
  v: Tensor,
  { learningRate, beta1, beta2, beta1Power, beta2Power, epsilon }: AdamUpdate,
): void {
  expectAlike("adamUpdate", theta, g, m, v);
  const { fround, sqrt } = Math;
  const { data } = theta;
  const grads = g.data;
  const means = m.data;
  const squares = v.data;
  const alpha = fround(learningRate);
  const eps = fround(epsilon);
  const keep1 = fround(beta1);
  const keep2 = fround(beta2);
  const take1 = fround(1 - beta1);
  const take2 = fround(1 - beta2);
  const sum1 = fround(1 - beta1Power); // the weights of all gradients in m add up to this
  const sum2 = fround(1 - beta2Power);
  const numbers = { alpha, eps, keep1, keep2, take1, take2, sum1, sum2 };
  if (simdAdam(data, grads, means, squares, numbers)) return;
  for (let i = 0; i < data.length; i++) {
    const grad = grads[i]!;
    const mean = fround(fround(keep1 * means[i]!) + fround(take1 * grad));
    const square = fround(fround(keep2 * squares[i]!) + fround(take2 * fround(grad * grad)));
    means[i] = mean;
    squares[i] = square;
    const mHat = fround(mean / sum1);
    const vHat = fround(square / sum2);
    data[i] = data[i]! - fround(fround(alpha * mHat) / fround(fround(sqrt(vHat)) + eps));
  }
}

/** Takes a share off every element: x ← x − share·x. This is weight decay. */
export function shrink(x: Tensor, share: number): void {
  const { fround } = Math;
  const { data } = x;
  const part = fround(share);
  if (simdShrink(data, part)) return;
  for (let i = 0; i < data.length; i++) data[i] = data[i]! - fround(part * data[i]!);
}

/**
 * Moves every element a share of the way to its target: x ← x + share·(target − x). With share = 1 − d this is the
 * moving average d·x + (1 − d)·target, written so that an x that has arrived stays: d and 1 − d, each rounded to
 * float32, would not quite add up to 1. Shapes: x and target are alike.
 */
export function moveTowards(x: Tensor, target: Tensor, share: number): void {
  expectAlike("moveTowards", x, target);
  const { fround } = Math;
  const { data } = x;
  const targets = target.data;
  const part = fround(share);
  if (simdMoveTowards(data, targets, part)) return;
  for (let i = 0; i < data.length; i++) {
    data[i] = data[i]! + fround(part * fround(targets[i]! - data[i]!));
  }
}

function expectAlike(where: string, theta: Tensor, ...others: readonly Tensor[]): void {
  const odd = others.find((other) => !sameShape(other.shape, theta.shape));
  if (odd) {
    throw new ShapeError(
      `${where}: expected tensors of one shape, got ${formatShape(theta.shape)} and ${formatShape(odd.shape)}.`,
    );
  }
}
