import { isLabels, type Labels } from "../layers/loss.js";
import { SoftmaxCrossEntropy } from "../layers/softmax-cross-entropy.js";
import { argmax } from "../tensor/argmax.js";
import { describe } from "../tensor/expect.js";
import { softmax } from "../tensor/softmax.js";
import { calibrationError } from "./calibration.js";
import { type Dataset, expectDataset, type Images } from "./dataset.js";
import { type ConfusionMatrix, confusionMatrix } from "./metrics.js";
import { type PredictLogitsOptions, predictLogits } from "./predict-logits.js";
import { expectSequential, type Sequential } from "./sequential.js";

/** An image that the model took for something else. */
export interface Mistake {
  /** Its place among the test images, from 0. */
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  /** The probability the model gave to its prediction. */
  readonly probability: number;
}

/** How a model does on images it was not trained on. */
export interface TestResult {
  readonly images: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly confusion: ConfusionMatrix;
  /** How far the model's probabilities are from the shares of right answers: see `calibrationError`. */
  readonly calibrationError: number;
  /** The most certain ones first. */
  readonly mistakes: readonly Mistake[];
}

/**
 * Everything there is to tell about a model's answers, from one pass over the test images.
 *
 * @throws TypeError if the labels are no class numbers; ShapeError or RangeError for images and labels that do not fit the
 * model or each other; and as `predictLogits`.
 */
export async function testModel(
  model: Sequential,
  data: Dataset<Images, Labels>,
  options: PredictLogitsOptions = {},
): Promise<TestResult> {
  expectSequential("testModel", model);
  const n = expectDataset("testModel", data, model);
  const { images, labels } = data;
  if (!isLabels(labels)) {
    throw new TypeError(`testModel: expected labels to be class numbers, got ${describe(labels)}.`);
  }
  const logits = await predictLogits(model, images, options); // [N, K]
  const loss = new SoftmaxCrossEntropy().forward(logits, labels);
  const predicted = argmax(logits);
  const [, classes] = logits.shape;
  const confusion = confusionMatrix(labels, predicted, classes!);
  const probabilities = softmax(logits, { out: logits }); // the logits have served

  const mistakes: Mistake[] = [];
  for (let index = 0; index < n; index++) {
    const label = labels[index]!;
    const answer = predicted[index]!;
    if (answer === label) continue;
    mistakes.push({ index, label, predicted: answer, probability: probabilities.at(index, answer) });
  }
  mistakes.sort((a, b) => b.probability - a.probability);
  return {
    images: n,
    loss,
    accuracy: confusion.accuracy,
    confusion,
    calibrationError: calibrationError(probabilities, labels),
    mistakes,
  };
}
