import { isLabels, type Labels, type Targets } from "../layers/loss.js";
import { argmax } from "../tensor/argmax.js";
import { ShapeError } from "../tensor/errors.js";
import { describe, expectInteger } from "../tensor/expect.js";
import { expectClassLabels } from "../tensor/one-hot.js";
import { Tensor } from "../tensor/tensor.js";

/**
 * How many rows of `predictions` [N, K] have their largest value at the label's class, or where that of soft targets
 * is; NaN if the predictions are not rows of at least two.
 */
export function countCorrect(predictions: Tensor, targets: Targets): number {
  if (predictions.rank !== 2 || predictions.shape[1]! < 2) return Number.NaN; // a single output is always the largest
  const predicted = argmax(predictions);
  const wanted = targets instanceof Tensor ? argmax(targets) : targets;
  let correct = 0;
  for (let n = 0; n < predicted.length; n++) if (predicted[n] === wanted[n]) correct++;
  return correct;
}

/** The matrix has the square of it in numbers. */
const MOST_CLASSES = 10_000;

/** Which classes were taken for which. */
export class ConfusionMatrix {
  constructor(
    /** `counts[k][j]`: how often an image of class k was predicted to be of class j. */
    readonly counts: readonly (readonly number[])[],
  ) {}

  /** For each class, how many images there are of it. */
  get support(): number[] {
    return this.counts.map(sum);
  }

  /** Share of all images that were predicted right. */
  get accuracy(): number {
    return sum(this.#right) / sum(this.support);
  }

  /** For each class, the share of right ones among the images predicted to be of it; NaN where there are none. */
  get precision(): number[] {
    const predicted = this.#predicted;
    return this.#right.map((right, k) => right / predicted[k]!);
  }

  /** For each class, the share of its images that were predicted right; NaN where it has none. */
  get recall(): number[] {
    const { support } = this;
    return this.#right.map((right, k) => right / support[k]!);
  }

  /**
   * For each class, the F1 score: the harmonic mean of precision and recall, 2·TP/(2·TP + FP + FN). It is 0 for a class
   * that was never predicted, and NaN for one that was neither predicted nor has images.
   */
  get f1(): number[] {
    const { support } = this;
    const predicted = this.#predicted;
    // predicted are TP + FP, and the images of a class TP + FN
    return this.#right.map((right, k) => (2 * right) / (predicted[k]! + support[k]!));
  }

  /** For each class, the images of it that were predicted right: TP. */
  get #right(): number[] {
    return this.counts.map((row, k) => row[k]!);
  }

  /** For each class, the images that were predicted to be of it. */
  get #predicted(): number[] {
    return this.counts.map((_, k) => sum(this.counts.map((row) => row[k]!)));
  }

  /**
   * A table that fits a terminal of 80 columns for ten classes: what the images of each class were taken for, and
   * beside it the precision and the recall of the class. A dot is a zero, a dash a share of nothing.
   *
   * ```
   *         predicted
   * actual    0    1  precision  recall
   *      0   90   10     100.0%   90.0%
   *      1    .   50      83.3%  100.0%
   * ```
   */
  toString(): string {
    const { counts, precision, recall } = this;
    const width = Math.max(4, ...counts.flat().map((count) => String(count).length));
    const cell = (text: string | number): string => ` ${String(text).padStart(width)}`;
    const rows = counts.map((row, k) => {
      const cells = row.map((count) => cell(count === 0 ? "." : count)).join("");
      return `${String(k).padStart(6)}${cells}  ${percent(precision[k]!).padStart(9)}  ${percent(recall[k]!).padStart(6)}`;
    });
    const classes = counts.map((_, k) => cell(k)).join("");
    return [`${" ".repeat(8)}predicted`, `actual${classes}  precision  recall`, ...rows].join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function percent(share: number): string {
  return Number.isNaN(share) ? "-" : `${(100 * share).toFixed(1)}%`;
}

/**
 * Counts, for each class, which classes its images were predicted to be of.
 *
 * ```ts
 * console.log(confusionMatrix(test.labels, argmax(model.predict(test.images)), 10));
 * ```
 *
 * @throws TypeError if either is not a list; ShapeError if they differ in length; RangeError if they hold anything but
 * class numbers below `classes`, of which there are 10,000 at most.
 */
export function confusionMatrix(actual: Labels, predicted: Labels, classes: number): ConfusionMatrix {
  expectInteger("confusionMatrix", "classes", classes, { min: 1, max: MOST_CLASSES });
  expectLabels("actual", actual);
  expectLabels("predicted", predicted);
  if (actual.length !== predicted.length) {
    throw new ShapeError(
      `confusionMatrix: expected as many predictions as labels, ${actual.length}, got ${predicted.length}.`,
    );
  }
  expectClassLabels("confusionMatrix", actual, classes);
  expectClassLabels("confusionMatrix", predicted, classes);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let n = 0; n < actual.length; n++) counts[actual[n]!]![predicted[n]!]!++;
  return new ConfusionMatrix(counts);
}

function expectLabels(name: string, labels: Labels): void {
  if (isLabels(labels)) return;
  throw new TypeError(`confusionMatrix: expected ${name} to be class numbers, got ${describe(labels)}.`);
}
