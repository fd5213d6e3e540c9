/** The strengths that separate ink from paper. */
export interface InkLevels {
  /** Above it lies ink. */
  readonly threshold: number;
  /** The strength of plain paper, of which nothing is ink. */
  readonly paper: number;
  /** The strength of full ink. */
  readonly full: number;
  /** The standard deviation of the noise on the paper. */
  readonly noise: number;
}

/** The strengths are counted from -1, for paper is brighter than its estimate half of the time, to 1. */
const BINS = 512;
const LOWEST = -1;
const BIN_WIDTH = 2 / BINS;

/** In multiples of the noise's standard deviation: what is not stronger than this above the paper is noise. */
const NOISE_RANGE = 3;

/**
 * Finds the levels of ink and paper in the strengths of a picture's pixels.
 *
 * The threshold t is Otsu's: of the classes below and above t, with the shares w₀ and w₁ of all pixels and the means m₀
 * and m₁, the variance between the classes
 *
 *     σ²(t) = w₀·w₁·(m₁ − m₀)²
 *
 * is the greatest (Otsu, "A Threshold Selection Method from Gray-Level Histograms", 1979, equation 14). The paper's
 * strength is the median of the class below, and the noise its distance from the 16th percentile, which is σ of a normal
 * distribution: this side of the median has no soft edges of ink in it. Full ink is the median of the class above.
 */
export function findInkLevels(strengths: Float32Array): InkLevels {
  const histogram = new Float64Array(BINS);
  for (const strength of strengths) {
    const bin = Math.floor((strength - LOWEST) / BIN_WIDTH);
    histogram[Math.min(BINS - 1, Math.max(0, bin))]!++;
  }
  const split = otsuSplit(histogram);
  if (split === BINS) return { threshold: 1, paper: 1, full: 1, noise: 0 }; // plain, and nothing of it is ink
  const below = histogram.subarray(0, split);
  const above = histogram.subarray(split);
  const median = levelOf(quantile(below, 0.5));
  const noise = median - levelOf(quantile(below, 0.16));
  const threshold = LOWEST + split * BIN_WIDTH;
  return {
    threshold,
    paper: Math.min(median + NOISE_RANGE * noise, threshold),
    full: levelOf(split + quantile(above, 0.5)),
    noise,
  };
}

/** The number of bins in the lower class: all of them if the strengths are equal. */
function otsuSplit(histogram: Float64Array): number {
  let count = 0;
  let sum = 0;
  histogram.forEach((n, bin) => {
    count += n;
    sum += n * bin;
  });
  let best = 0;
  let split = BINS;
  let countBelow = 0;
  let sumBelow = 0;
  for (let bin = 0; bin < BINS - 1; bin++) {
    countBelow += histogram[bin]!;
    sumBelow += histogram[bin]! * bin;
    const countAbove = count - countBelow;
    if (countBelow === 0 || countAbove === 0) continue;
    const distance = (sum - sumBelow) / countAbove - sumBelow / countBelow;
    const variance = countBelow * countAbove * distance * distance;
    if (variance > best) {
      best = variance;
      split = bin + 1;
    }
  }
  return split;
}

/** The bin that a share of all that was counted lies at or below. */
function quantile(histogram: Float64Array, share: number): number {
  let rest = share * histogram.reduce((sum, n) => sum + n, 0);
  let bin = 0;
  while (bin < histogram.length - 1 && rest > histogram[bin]!) rest -= histogram[bin++]!;
  return bin;
}

/** The strength in the middle of a bin. */
function levelOf(bin: number): number {
  return LOWEST + (bin + 0.5) * BIN_WIDTH;
}
