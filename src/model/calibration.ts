import { isLabels, type Labels } from "../layers/loss.js";
import { argmax } from "../tensor/argmax.js";
import { ShapeError } from "../tensor/errors.js";
import { describe, expectInteger, expectOptions } from "../tensor/expect.js";
import { expectClassLabels } from "../tensor/one-hot.js";
import { formatShape } from "../tensor/shape.js";
import { expectTensor, type Tensor } from "../tensor/tensor.js";

/** More would be more than there are float32 numbers between 1/2 and 1. */
const MOST_BINS = 2 ** 23;

/** Options of `calibrationError`. */
export interface CalibrationOptions {
  /** Into how many bins of equal width the probabilities 0 to 1 are sorted. @default 15 */
  readonly bins?: number;
}

/**
 * The expected calibration error: how far the probabilities that a model gives to its predictions are from the share
 * of them that is right. Of the predictions made with 90 %, nine in ten should be right; then the error is 0. A model
 * that is always certain and right in 98 of 100 has an error of 0.02.
 *
 * The predictions are sorted into bins B of equal width by their probability, and with n of N predictions in a bin
 *
 *     ECE = Σ_B n/N · |right(B) − probability(B)|
 *
 * for the share of right ones and the mean probability in the bin. A probability on a boundary belongs to the lower bin.
 *
 * Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (2017), equation 3.
 *
 * @param probabilities [N, K], the rows of which add up to 1, as `predict` returns them.
 * @throws ShapeError if the probabilities are not [N, K], or there is not a label for each row; TypeError if the labels are
 * none; RangeError if `bins` is not a whole number from 1 to 2^23, a label none of the classes, or a probability not from 0 to 1, as
 * NaN and logits are not.
 */
export function calibrationError(
  probabilities: Tensor,
  labels: Labels,
  options: CalibrationOptions = {},
): number {
  const where = "calibrationError";
  const { bins = 15 } = expectOptions(where, options);
  expectInteger(where, "bins", bins, { min: 1, max: MOST_BINS });
  expectTensor(where, probabilities, "probabilities to be a Tensor");
  const { shape, rank } = probabilities;
  if (rank !== 2) {
    throw new ShapeError(`${where}: expected probabilities of shape [N, K], got ${formatShape(shape)}.`);
  }
  if (!isLabels(labels)) {
    throw new TypeError(`${where}: expected labels to be class numbers, got ${describe(labels)}.`);
  }
  const [n, classes] = shape as [number, number];
  if (labels.length !== n) {
    throw new ShapeError(`${where}: expected as many labels as rows, ${n}, got ${labels.length}.`);
  }
  expectClassLabels(where, labels, classes);
  const wrong = probabilities.data.findIndex((value) => !(value >= 0 && value <= 1)); // NaN too
  if (wrong !== -1) {
    const place = `row ${Math.floor(wrong / classes)}, class ${wrong % classes}`;
    throw new RangeError(
      `${where}: expected probabilities from 0 to 1, got ${probabilities.data[wrong]} at ${place}. softmax makes them of logits.`,
    );
  }
  // |right − probability| times n/N needs of each bin only the sum of the one minus the sum of the other
  const gaps = new Float64Array(bins);
  const predicted = argmax(probabilities);
  for (let i = 0; i < n; i++) {
    const probability = probabilities.at(i, predicted[i]!);
    const bin = Math.min(Math.max(Math.ceil(probability * bins) - 1, 0), bins - 1);
    gaps[bin]! += (predicted[i] === labels[i] ? 1 : 0) - probability;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / n;
}
