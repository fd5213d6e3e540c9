import { describe, expect, test } from "vitest";
import {
  completeSettings,
  createOptimizer,
  LEARNING_RATES,
  OPTIMIZERS,
  RECIPES,
  type TrainArguments,
} from "../../src/cli/settings.js";
import { NETWORKS } from "../../src/mnist/networks.js";
import { Adam } from "../../src/optim/adam.js";
import { AdamW } from "../../src/optim/adamw.js";
import { SGD } from "../../src/optim/sgd.js";

const options: TrainArguments = { model: "compact", seed: 1, repeat: 1, out: "o", report: true };

describe("completeSettings", () => {
  test("takes from the recipe of the network what is not said", () => {
    for (const model of NETWORKS) {
      expect(completeSettings({ ...options, model })).toEqual({ ...RECIPES[model], ...options, model });
    }
    expect(completeSettings({ ...options, epochs: 3, augment: false })).toMatchObject({
      epochs: 3,
      augment: false,
      batchSize: 128,
      weightAverage: true,
    });
  });

  test("trains until convergence with patience: at a constant rate, with validation and without averages", () => {
    expect(completeSettings({ ...options, patience: 3 })).toMatchObject({
      patience: 3,
      epochs: 100,
      schedule: "constant",
      learningRate: 0.001,
      weightAverage: false,
      validationSplit: 0.1,
      augment: true,
      batchSize: 128,
    });
    const own = { patience: 3, epochs: 7, validationSplit: 0.3, learningRate: 0.5 };
    expect(completeSettings({ ...options, ...own })).toMatchObject(own);
  });

  test("gives another schedule than the network's its own learning rate", () => {
    expect(completeSettings({ ...options, schedule: "constant" }).learningRate).toBe(0.001);
    expect(completeSettings({ ...options, model: "lenet", schedule: "constant" }).learningRate).toBe(0.001);
  });

  test("gives another optimizer than the network's its own learning rate", () => {
    expect(completeSettings({ ...options, optimizer: "sgd" }).learningRate).toBe(0.01);
    expect(completeSettings({ ...options, model: "lenet", optimizer: "adamw" }).learningRate).toBe(0.001);
    expect(completeSettings({ ...options, optimizer: "adamw" }).learningRate).toBe(0.005);
    expect(completeSettings({ ...options, optimizer: "sgd", learningRate: 0.5 }).learningRate).toBe(0.5);
  });
});

describe("LEARNING_RATES", () => {
  test("are those of the optimizers themselves", () => {
    const own = [new SGD(), new Adam(), new AdamW()].map(({ learningRate }) => learningRate);
    expect(OPTIMIZERS.map((name) => LEARNING_RATES[name])).toEqual(own);
  });
});

describe("createOptimizer", () => {
  test("makes each by its name, with a constant learning rate", () => {
    const made = OPTIMIZERS.map((optimizer) =>
      createOptimizer({ optimizer, learningRate: 0.5, schedule: "constant" }, 10),
    );
    expect(made.map(({ type, learningRate }) => [type, learningRate])).toEqual([
      ["SGD", 0.5],
      ["Adam", 0.5],
      ["AdamW", 0.5],
    ]);
  });

  test("makes AdamW that of the recipe", () => {
    const made = createOptimizer({ optimizer: "adamw", learningRate: 1, schedule: "constant" }, 10);
    expect(made).toMatchObject({ beta2: 0.99, weightDecay: 5e-4 });
  });

  test("starts one cycle at 1/25 of its peak", () => {
    for (const optimizer of OPTIMIZERS) {
      const made = createOptimizer({ optimizer, learningRate: 0.5, schedule: "one-cycle" }, 100);
      expect(made.learningRate).toBe(0.02);
    }
  });
});
