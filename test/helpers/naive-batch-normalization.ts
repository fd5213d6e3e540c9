import type { Tensor } from "../../src/tensor/tensor.js";
import { naiveMap, type Rounding } from "./naive.js";

interface Options {
  readonly momentum: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  /** A layer that is not trainable is in inference. @default true */
  readonly trainable?: boolean;
}

interface Given {
  readonly x: Tensor;
  readonly dy: Tensor;
  /** The parameters that there are, and the moving statistics. */
  readonly weights: Readonly<Record<string, Tensor>>;
  readonly training: boolean;
}

/**
 * Batch normalisation as direct loops, one channel after the other: what is kept for a channel is worked out in float64
 * and rounded once, and every operation on an element is rounded. Sums over the batch are sums of the samples' sums.
 */
export function naiveBatchNormalization(
  options: Options,
  { x, dy, weights, training }: Given,
  round: Rounding,
) {
  const { momentum, epsilon, center, scale, trainable = true } = options;
  const C = x.shape.at(-1)!;
  const isBatch = training && trainable;
  const channels = Array.from({ length: C }, (_, c) => {
    const gamma = weights.gamma?.data[c] ?? 1;
    const beta = weights.beta?.data[c] ?? 0;
    const moving = { mean: weights.moving_mean!.data[c]!, variance: weights.moving_variance!.data[c]! };
    const samples = indicesOf(x, c);
    const M = samples.flat().length;
    const sum = (value: (i: number) => number): number =>
      samples.reduce((total, of) => round(total + of.reduce((s, i) => round(s + value(i)), 0)), 0);

    const batchMean = round(sum((i) => x.data[i]!) / M);
    const squared = (difference: number): number => round(difference * difference);
    const batchVariance = round(sum((i) => squared(round(x.data[i]! - batchMean))) / M);
    const { mean, variance } = isBatch ? { mean: batchMean, variance: batchVariance } : moving;
    const inverse = round(1 / Math.sqrt(variance + epsilon));
    const xHat = (i: number): number => round(round(x.data[i]! - mean) * inverse);
    const dBeta = sum((i) => dy.data[i]!);
    const dGamma = sum((i) => round(dy.data[i]! * xHat(i)));
    const slope = round(gamma * inverse);
    const centred = (i: number): number => round(dy.data[i]! - round(dBeta / M));
    const moved = (old: number, now: number): number =>
      isBatch ? round(momentum * old + (1 - momentum) * now) : old;
    return {
      y: (i: number): number => round(round(xHat(i) * gamma) + beta),
      dx: (i: number): number =>
        isBatch
          ? round(slope * round(centred(i) - round(xHat(i) * round(dGamma / M))))
          : round(slope * dy.data[i]!),
      dGamma,
      dBeta,
      mean: moved(moving.mean, batchMean),
      variance: moved(moving.variance, batchVariance),
    };
  });
  return {
    y: naiveMap(x, (_, i) => channels[i % C]!.y(i)),
    dx: naiveMap(x, (_, i) => channels[i % C]!.dx(i)),
    gradients: {
      ...(scale ? { gamma: channels.map(({ dGamma }) => dGamma) } : {}),
      ...(center ? { beta: channels.map(({ dBeta }) => dBeta) } : {}),
    },
    state: {
      moving_mean: channels.map(({ mean }) => mean),
      moving_variance: channels.map(({ variance }) => variance),
    },
  };
}

/** Where the values of channel c are, sample by sample. */
function indicesOf(x: Tensor, c: number): readonly (readonly number[])[] {
  const [N, C] = [x.shape[0]!, x.shape.at(-1)!];
  const rows = x.size / N / C;
  return Array.from({ length: N }, (_, n) =>
    Array.from({ length: rows }, (_, row) => (n * rows + row) * C + c),
  );
}
