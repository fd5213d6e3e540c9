import { ShapeError } from "./errors.js";
import { columnSums, simdSums, sumOverImages } from "./rows.js";
import { scratch } from "./scratch.js";
import { expectShape, formatShape, sameShape } from "./shape.js";
import { simdSquaredDifferences } from "./simd/column-sums.js";
import { simdNormalize, simdNormalizeGradient, simdScaleGradient } from "./simd/rows.js";
import type { Tensor } from "./tensor.js";

/*
 * The operations of batch normalisation on a batch of M = N·... rows of C channels. Each says in float32 what is
 * computed for every element; numbers that there is one of in each channel are computed in float64 and rounded once.
 */

/** The mean and the variance of each channel, [C] each. */
export interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * The mean and the biased variance of each channel over all M rows:
 *
 *     mean[c] = (1/M)·Σ x[…, c]        variance[c] = (1/M)·Σ (x[…, c] − mean[c])²
 *
 * This takes two passes. One pass over x and x² would do for E[x²] − E[x]², but where the mean is large beside the
 * deviation, that difference of two nearly equal numbers has no correct digit left.
 *
 * Order of summation: that of `columnSums`, within each image, then over the images in order; each difference, square
 * and sum is rounded to float32.
 *
 * Shapes: x [N, ..., C] · mean, variance [C].
 *
 * @throws ShapeError if x has no rows, or mean or variance not C elements.
 */
export function columnMoments(x: Tensor, { out }: { readonly out: Moments }): Moments {
  const C = expectChannels("columnMoments", x, { mean: out.mean, variance: out.variance });
  if (x.rank < 2 || x.size === 0) {
    throw new ShapeError(`columnMoments: expected a batch of at least one row, got ${formatShape(x.shape)}.`);
  }
  const M = x.size / C;
  const mean = columnSums(x, { out: out.mean }).data;
  for (let c = 0; c < C; c++) mean[c] = mean[c]! / M;
  const variance = out.variance.data;
  if (!simdSquaredDifferences(x.data, mean, simdSums(x, { out: out.variance }))) {
    sumOverImages(x, { out: out.variance }, (sum, first, end) =>
      addSquaredDifferences(sum, x.data, mean, first, end),
    );
  }
  for (let c = 0; c < C; c++) variance[c] = variance[c]! / M;
  return out;
}

/** sum[c] += (x[i + c] − mean[c])² for each row of C elements that begins at an i in [first, end). */
function addSquaredDifferences(
  sum: Float32Array,
  x: Float32Array,
  mean: Float32Array,
  first: number,
  end: number,
): void {
  const { fround } = Math;
  const C = mean.length;
  for (let i = first; i < end; i += C) {
    for (let c = 0; c < C; c++) {
      const difference = fround(x[i + c]! - mean[c]!);
      sum[c] = sum[c]! + fround(difference * difference);
    }
  }
}

/** out[c] = 1/σ = 1 / √(variance[c] + ε). Shapes: variance, out [C]. */
export function inverseDeviation(
  variance: Tensor,
  epsilon: number,
  { out }: { readonly out: Tensor },
): Tensor {
  expectShape("inverseDeviation", out.shape, variance.shape);
  for (let c = 0; c < out.size; c++) out.data[c] = 1 / Math.sqrt(variance.data[c]! + epsilon);
  return out;
}

/** What each channel is normalised with, [C] each. */
export interface Normalization {
  readonly mean: Tensor;
  /** 1/σ. */
  readonly inverse: Tensor;
  readonly gamma: Tensor;
  readonly beta: Tensor;
}

/**
 * Normalises each channel, then scales and shifts it:
 *
 *     x̂[…, c] = (x[…, c] − mean[c])·inverse[c]        out[…, c] = x̂[…, c]·gamma[c] + beta[c]
 *
 * Every difference, product and sum is rounded to float32.
 *
 * Shapes: x, xHat, out [N, ..., C] · mean, inverse, gamma, beta [C].
 */
export function normalize(
  x: Tensor,
  { mean, inverse, gamma, beta }: Normalization,
  { xHat, out }: { readonly xHat: Tensor; readonly out: Tensor },
): Tensor {
  const C = expectChannels("normalize", x, { mean, inverse, gamma, beta });
  expectShape("normalize", xHat.shape, x.shape);
  expectShape("normalize", out.shape, x.shape);
  const { fround } = Math;
  const input = x.data;
  const normalized = xHat.data;
  const output = out.data;
  const means = mean.data;
  const inverses = inverse.data;
  const gammas = gamma.data;
  const betas = beta.data;
  if (simdNormalize([input, normalized, output], [means, inverses, gammas, betas])) return out;
  for (let i = 0; i < input.length; i += C) {
    for (let c = 0; c < C; c++) {
      const standard = fround(fround(input[i + c]! - means[c]!) * inverses[c]!);
      normalized[i + c] = standard;
      output[i + c] = fround(standard * gammas[c]!) + betas[c]!;
    }
  }
  return out;
}

/** What the gradient of `normalize` needs of each channel, [C] each. */
export interface NormalizationGradient {
  readonly gamma: Tensor;
  /** 1/σ. */
  readonly inverse: Tensor;
  /** Σ dy over the rows. */
  readonly sumDy: Tensor;
  /** Σ dy·x̂ over the rows. */
  readonly sumDyXHat: Tensor;
}

/**
 * The gradient of x in `normalize`, where mean and inverse are those of x itself:
 *
 *     out[…, c] = gamma[c]·inverse[c]·(dy[…, c] − sumDy[c]/M − x̂[…, c]·sumDyXHat[c]/M)
 *
 * The quotients and gamma·inverse are rounded to float32 first, and then every product and every difference.
 *
 * Shapes: dy, xHat, out [N, ..., C] · gamma, inverse, sumDy, sumDyXHat [C].
 */
export function normalizeGradient(
  dy: Tensor,
  xHat: Tensor,
  { gamma, inverse, sumDy, sumDyXHat }: NormalizationGradient,
  { out }: { readonly out: Tensor },
): Tensor {
  const C = expectChannels("normalizeGradient", dy, { gamma, inverse, sumDy, sumDyXHat });
  expectShape("normalizeGradient", xHat.shape, dy.shape);
  expectShape("normalizeGradient", out.shape, dy.shape);
  const { fround } = Math;
  const M = dy.size / C;
  const slope = scratch(0, C);
  const meanDy = scratch(1, C);
  const meanDyXHat = scratch(2, C);
  for (let c = 0; c < C; c++) {
    slope[c] = gamma.data[c]! * inverse.data[c]!;
    meanDy[c] = sumDy.data[c]! / M;
    meanDyXHat[c] = sumDyXHat.data[c]! / M;
  }
  const gradient = dy.data;
  const normalized = xHat.data;
  const output = out.data;
  if (simdNormalizeGradient([gradient, normalized, output], { slope, meanDy, meanDyXHat, C })) return out;
  for (let i = 0; i < gradient.length; i += C) {
    for (let c = 0; c < C; c++) {
      const centred = fround(gradient[i + c]! - meanDy[c]!);
      output[i + c] = slope[c]! * fround(centred - fround(normalized[i + c]! * meanDyXHat[c]!));
    }
  }
  return out;
}

/**
 * The gradient of x in `normalize`, where mean and inverse are constants: out[…, c] = gamma[c]·inverse[c]·dy[…, c],
 * with gamma·inverse rounded to float32 first.
 *
 * Shapes: dy, out [N, ..., C] · gamma, inverse [C].
 */
export function scaleGradient(
  dy: Tensor,
  { gamma, inverse }: Pick<NormalizationGradient, "gamma" | "inverse">,
  { out }: { readonly out: Tensor },
): Tensor {
  const C = expectChannels("scaleGradient", dy, { gamma, inverse });
  expectShape("scaleGradient", out.shape, dy.shape);
  const gradient = dy.data;
  const output = out.data;
  const slope = scratch(0, C);
  for (let c = 0; c < C; c++) slope[c] = gamma.data[c]! * inverse.data[c]!;
  if (simdScaleGradient(gradient, output, { slope, C })) return out;
  for (let i = 0; i < gradient.length; i += C) {
    for (let c = 0; c < C; c++) output[i + c] = slope[c]! * gradient[i + c]!;
  }
  return out;
}

/** C, the length of the last axis of x, which each of the rows must have too. */
function expectChannels(where: string, x: Tensor, rows: Readonly<Record<string, Tensor>>): number {
  const C = x.shape.at(-1) ?? 0;
  for (const [name, { shape }] of Object.entries(rows)) {
    if (!sameShape(shape, [C])) {
      throw new ShapeError(
        `${where}: expected ${name} to be a row of ${C} elements for ${formatShape(x.shape)}, got ${formatShape(shape)}.`,
      );
    }
  }
  return C;
}
