import { describe, expect, test } from "vitest";
import { trainAndTest } from "../../src/cli/run.js";
import { completeSettings, type TrainArguments } from "../../src/cli/settings.js";
import { readIdxDataset } from "../../src/mnist/idx-dataset.js";
import { createNetwork } from "../../src/mnist/networks.js";
import { trainByRecipe } from "../../src/mnist/recipe.js";
import { testModel } from "../../src/model/test-model.js";
import { Adam } from "../../src/optim/adam.js";
import { bitsOf } from "../helpers/models.js";
import { bands } from "../helpers/program.js";

const read = ({ images, labels }: ReturnType<typeof bands>) => readIdxDataset(images, labels);
const data = {
  train: await read(bands(40)),
  validation: undefined,
  test: await read(bands(20)),
  holdout: undefined,
};
const context = {
  data,
  callbacks: [],
  signal: new AbortController().signal,
};
const run = (options: Partial<TrainArguments>, more = {}) =>
  trainAndTest(
    completeSettings({ model: "lenet", seed: 3, repeat: 1, out: "o", report: false, ...options }),
    {
      ...context,
      ...more,
    },
  );

describe("trainAndTest", () => {
  test("trains compact by the recipe of the library", async () => {
    const model = createNetwork("compact", { seed: 3 });
    await trainByRecipe(model, data.train, { epochs: 1, batchSize: 16 });
    const { model: trained, seed } = await run({ model: "compact", epochs: 1, batchSize: 16 });
    expect(seed).toBe(3);
    expect(bitsOf(trained)).toEqual(bitsOf(model));
  });

  test("trains lenet with fit and Adam", async () => {
    const model = createNetwork("lenet", { seed: 3 });
    await model.fit(data.train, { batchSize: 40, optimizer: new Adam() });
    expect(bitsOf((await run({ schedule: "constant" })).model)).toEqual(bitsOf(model)); // 50 images a step: there are 40
  });

  test("tests the model it has trained, once, after training", async () => {
    const events: string[] = [];
    const callbacks = [{ onEpochEnd: () => void events.push("epoch") }];
    const onTrained = () => void events.push("trained");
    const {
      model,
      test: result,
      history,
      seconds,
      testSeconds,
    } = await run({ epochs: 2 }, { callbacks, onTrained });
    expect(events).toEqual(["epoch", "epoch", "trained"]);
    expect(history.loss).toHaveLength(2);
    expect(result).toEqual(await testModel(model, data.test));
    expect(seconds).toBeGreaterThanOrEqual(history.seconds[0]! + history.seconds[1]!);
    expect(testSeconds).toBeGreaterThan(0);
  });

  test("makes each part of the recipe matter", async () => {
    const parts = [{}, { augment: true }, { weightAverage: true }, { schedule: "constant" as const }];
    const weights = [];
    for (const part of parts) weights.push(bitsOf((await run({ batchSize: 10, ...part })).model).join());
    expect(new Set(weights).size).toBe(4);
  });

  test("gives the same weights on any number of threads", async () => {
    const [one, two] = [await run({ threads: 1 }), await run({ threads: 2 })];
    expect(bitsOf(two.model)).toEqual(bitsOf(one.model));
  });

  test("ends with the signal's reason", async () => {
    const reason = new Error("enough");
    await expect(run({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
