import { expectClassLabels, type Labels, type Targets } from "../layers/loss.js";
import { argmax } from "../tensor/argmax.js";
import { ShapeError } from "../tensor/errors.js";
import { describe, expectInteger } from "../tensor/expect.js";
import { Tensor } from "../tensor/tensor.js";
import { formatTable } from "./table.js";

/**
 * How many rows of `predictions` [N, K] have their largest value at the label's class, or where that of soft targets
 * is; NaN if the predictions are no such rows.
 */
export function countCorrect(predictions: Tensor, targets: Targets): number {
  if (predictions.rank !== 2) return Number.NaN;
  const predicted = argmax(predictions);
  const wanted = targets instanceof Tensor ? argmax(targets) : targets;
  let correct = 0;
  for (let n = 0; n < predicted.length; n++) if (predicted[n] === wanted[n]) correct++;
  return correct;
}

/** Which classes were taken for which. */
export class ConfusionMatrix {
  constructor(
    /** `counts[k][j]`: how often an image of class k was predicted to be of class j. */
    readonly counts: readonly (readonly number[])[],
  ) {}

  /** Share of all images that were predicted right. */
  get accuracy(): number {
    const all = this.counts.flat().reduce((sum, count) => sum + count, 0);
    return this.#diagonal.reduce((sum, count) => sum + count, 0) / all;
  }

  /** For each class, the share of right ones among the images predicted to be of it; NaN where there are none. */
  get precision(): number[] {
    return this.#diagonal.map((right, k) => right / this.counts.reduce((sum, row) => sum + row[k]!, 0));
  }

  /** For each class, the share of its images that were predicted right; NaN where it has none. */
  get recall(): number[] {
    return this.#diagonal.map((right, k) => right / this.counts[k]!.reduce((sum, count) => sum + count, 0));
  }

  get #diagonal(): number[] {
    return this.counts.map((row, k) => row[k]!);
  }

  /** A table: one row for each class, one column for each prediction, then recall; precision in the last row. */
  toString(): string {
    const { precision, recall } = this;
    const rows = this.counts.map((row, k) => [String(k), ...row.map(String), percent(recall[k]!)]);
    const last = ["precision", ...precision.map(percent), ""];
    return formatTable(
      ["actual \\ predicted", ...this.counts.map((_, k) => String(k)), "recall"],
      [...rows, last],
    );
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
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
 * @throws TypeError if either is no list; ShapeError if they differ in length; RangeError if they hold anything but class numbers below `classes`.
 */
export function confusionMatrix(actual: Labels, predicted: Labels, classes: number): ConfusionMatrix {
  expectInteger("confusionMatrix", "classes", classes, { min: 1 });
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
  if (Array.isArray(labels) || ArrayBuffer.isView(labels)) return;
  throw new TypeError(`confusionMatrix: expected ${name} to be class numbers, got ${describe(labels)}.`);
}
