/** A product of the sum that made a cell. */
export interface Product {
  readonly value: number;
  readonly weight: number;
  readonly product: number;
}

/** One tap of a kernel: the weight at (ky, kx) times the cell that it lies on. */
export interface Tap extends Product {
  readonly ky: number;
  readonly kx: number;
  /** False where it lies in the padding around the picture, which counts as 0. */
  readonly inside: boolean;
}

/** The part of a convolution's sum that one channel of its input gives. */
export interface ChannelSum {
  readonly channel: number;
  readonly sum: number;
  /** In reading order, KH rows of KW. */
  readonly taps: readonly Tap[];
}

/** What every explanation has. */
interface Explained {
  /** The computation in one line, with its numbers. */
  readonly text: string;
  /** What comes out if one adds up the numbers as they are shown, but with all their digits. */
  readonly result: number;
}

/** Of a Conv2D: kernel times patch, plus bias. */
export interface ConvolutionExplanation extends Explained {
  readonly kind: "convolution";
  readonly kernelWidth: number;
  /** The largest, positive or negative, first. */
  readonly channels: readonly ChannelSum[];
  readonly bias: number | undefined;
}

/** Of a Dense: the largest terms, the others together, and the bias. */
export interface DenseExplanation extends Explained {
  readonly kind: "dense";
  /** The largest, positive or negative, first; `input` is the i of x[i]. */
  readonly largest: readonly (Product & { readonly input: number })[];
  readonly rest: { readonly count: number; readonly sum: number };
  readonly bias: number | undefined;
}

/** A cell under a pooling window. */
export interface PooledCell {
  readonly ky: number;
  readonly kx: number;
  /** Undefined where the window reaches over the edge of the picture. */
  readonly value: number | undefined;
  /** True of the one cell whose value a max-pool has kept. */
  readonly winner: boolean;
}

/** Of a pool: the cells under its window. */
export interface PoolExplanation extends Explained {
  readonly kind: "pool";
  readonly windowWidth: number;
  /** In reading order. */
  readonly cells: readonly PooledCell[];
}

/** Of a layer that computes with one number, or with few: a formula, and what its letters are. */
export interface FormulaExplanation extends Explained {
  readonly kind: "formula";
  readonly symbols: readonly { readonly symbol: string; readonly value: number; readonly words: string }[];
}

/** How the number in a cell came about. */
export type Explanation = ConvolutionExplanation | DenseExplanation | PoolExplanation | FormulaExplanation;

/** The sum in float64. */
export function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
