import { describe, expect, test } from "vitest";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { Conv2D } from "../../src/layers/conv2d.js";
import { Dense } from "../../src/layers/dense.js";
import { Flatten } from "../../src/layers/flatten.js";
import { ReLU } from "../../src/layers/relu.js";
import { Rescaling } from "../../src/layers/rescaling.js";
import { Augmentation } from "../../src/mnist/augmentation.js";
import type { PixelDataset } from "../../src/mnist/augmented-batches.js";
import { augmentedBatches } from "../../src/mnist/augmented-batches.js";
import { RECIPE, type RecipeOptions, recipeOptimizer, trainByRecipe } from "../../src/mnist/recipe.js";
import { reestimateStatistics } from "../../src/model/reestimate-statistics.js";
import { Sequential } from "../../src/model/sequential.js";
import { oneCycle } from "../../src/optim/schedule.js";
import { SGD } from "../../src/optim/sgd.js";
import { WeightAverage } from "../../src/optim/weight-average.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Random } from "../../src/tensor/random.js";
import { bitsOf } from "../helpers/models.js";

/** n images of 8 x 8: a bright row on noise; its place is the class, one of three. */
function rows(n: number): PixelDataset {
  const random = new Random(1);
  const data = Uint8Array.from({ length: n * 64 }, () => random.integer(40));
  const labels = Uint8Array.from({ length: n }, (_, i) => i % 3);
  for (const [i, label] of labels.entries())
    data.fill(250, 64 * i + 16 + 16 * label, 64 * i + 24 + 16 * label);
  return { images: { data, shape: [n, 8, 8, 1] }, labels };
}

const network = (seed = 1): Sequential =>
  new Sequential({ inputShape: [8, 8, 1], seed }, [
    new Rescaling({ scale: 1 / 255 }),
    new Conv2D({ filters: 4, kernelSize: 3, useBias: false }),
    new BatchNormalization({ momentum: 0.9 }),
    new ReLU(),
    new Flatten(),
    new Dense({ units: 3 }),
  ]);

const data = rows(30);
const short: RecipeOptions = { epochs: 2, batchSize: 8 };

/** The weights after training by the recipe, with other options. */
async function trained(options: RecipeOptions, seed = 1): Promise<number[]> {
  const model = network(seed);
  await trainByRecipe(model, data, { ...short, ...options });
  return bitsOf(model);
}

describe("trainByRecipe", () => {
  test("learns", async () => {
    const model = network();
    // the rows are two pixels apart, and not to be shifted onto each other
    const augmentation = new Augmentation({ shift: 0.5 });
    const history = await trainByRecipe(model, data, { ...short, epochs: 20, augmentation });
    expect(history.loss).toHaveLength(20);
    expect(history.loss[19]).toBeLessThan(0.3 * history.loss[0]!);
    expect((await model.evaluate(data)).accuracy).toBe(1);
  });

  test("is what its docs say, step by step", async () => {
    const model = network();
    const optimizer = recipeOptimizer(oneCycle({ peak: 5e-3, totalSteps: 2 * 4 })); // 30 images are 4 batches
    const augmentation = new Augmentation({ seed: 1 });
    const weightAverage = new WeightAverage();
    const batches = augmentedBatches(data, { batchSize: 8, augmentation, random: model.random });
    await model.fit(batches, { epochs: 2, optimizer, weightAverage });
    weightAverage.swap(model.parameters);
    await reestimateStatistics(model, data.images, { batchSize: 8 });
    expect(await trained({})).toEqual(bitsOf(model));
  });

  test("does one step after the other at the rate of one cycle, per batch", async () => {
    const rates: number[] = [];
    await trainByRecipe(network(), data, {
      ...short,
      callbacks: [{ onBatchEnd: ({ learningRate }) => void rates.push(learningRate) }],
    });
    const schedule = oneCycle({ peak: 5e-3, totalSteps: 8 });
    expect(rates).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map(schedule));
    expect(rates[7]).toBeCloseTo(5e-6, 12);
  });

  test("without augmentation and average is fit", async () => {
    const model = network();
    await model.fit(data, { epochs: 2, batchSize: 8, optimizer: new SGD() });
    expect(await trained({ augmentation: false, weightAverage: false, optimizer: new SGD() })).toEqual(
      bitsOf(model),
    );
  });

  test("can leave out each part by itself", async () => {
    const results = await Promise.all(
      [{}, { augmentation: false as const }, { weightAverage: false }, { optimizer: new SGD() }].map(
        (options) => trained(options),
      ),
    );
    expect(new Set(results.map(String)).size).toBe(4);
  });

  test("gives the same bits for the same seed, and others for another", async () => {
    expect(await trained({})).toEqual(await trained({}));
    expect(await trained({}, 2)).not.toEqual(await trained({}));
    expect(await trained({ augmentation: new Augmentation({ seed: 2 }) })).not.toEqual(await trained({}));
  });

  test("validates after each epoch, with the weights there are", async () => {
    const history = await trainByRecipe(network(), data, { ...short, validationData: rows(6) });
    expect(history.val_loss).toHaveLength(2);
    expect(history.val_accuracy).toHaveLength(2);
  });

  test("ends with the signal's reason, and leaves the weights of training", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const model = network();
    const training = trainByRecipe(model, data, {
      ...short,
      signal: stop.signal,
      callbacks: [{ onBatchEnd: ({ batch }) => (batch === 3 ? stop.abort(reason) : undefined) }],
    });
    await expect(training).rejects.toBe(reason);
    expect(model.steps).toBe(3);
  });

  test("has the numbers of its docs", () => {
    expect(RECIPE).toEqual({ epochs: 5, batchSize: 128, learningRate: 0.005 });
    const { type, beta1, beta2, weightDecay, learningRate } = recipeOptimizer(0.25);
    expect({ type, beta1, beta2, weightDecay, learningRate }).toEqual({
      type: "AdamW",
      beta1: 0.9,
      beta2: 0.99,
      weightDecay: 5e-4,
      learningRate: 0.25,
    });
  });

  test("shrinks kernels, and neither biases nor batch normalizations", () => {
    const model = network();
    for (const { value } of model.parameters) value.data.fill(1);
    recipeOptimizer(1).step(model.parameters); // all gradients are 0: what is left is the decay
    const shrunk = model.parameters.filter(({ value }) =>
      value.data.every((w) => w === Math.fround(1 - 5e-4)),
    );
    const others = model.parameters.filter(({ value }) => value.data.every((w) => w === 1));
    expect(shrunk.map(({ name }) => name)).toEqual(["conv2d_1/kernel", "dense_1/kernel"]);
    expect(others.map(({ name }) => name)).toEqual([
      "batch_normalization_1/gamma",
      "batch_normalization_1/beta",
      "dense_1/bias",
    ]);
  });

  test("refuses what does not fit, before it trains", async () => {
    const model = network();
    const refused = (options: object, set: PixelDataset = data) =>
      expect(trainByRecipe(model, set, options)).rejects;
    await refused({ epochs: 0 }).toThrow(
      new RangeError("trainByRecipe: expected epochs to be a whole number >= 1, got 0 (number)."),
    );
    await refused({ batchSize: 1.5 }).toThrow(
      new RangeError("trainByRecipe: expected batchSize to be a whole number >= 1, got 1.5 (number)."),
    );
    await refused({ weightAverage: new WeightAverage() }).toThrow(
      new TypeError(
        "trainByRecipe: expected weightAverage to be true or false, got a value of type WeightAverage.",
      ),
    );
    await refused({ augmentation: true }).toThrow(
      new TypeError(
        "trainByRecipe: expected augmentation to be an Augmentation or false, got true (boolean).",
      ),
    );
    await expect(trainByRecipe({} as never, data)).rejects.toThrow(
      new TypeError("trainByRecipe: expected a Sequential, got an object. createNetwork makes one."),
    );
    await refused({}, { ...data, labels: [1] }).toThrow(
      new ShapeError("trainByRecipe: expected as many labels as images, 30, got 1."),
    );
    expect(model.steps).toBe(0);
  });
});
