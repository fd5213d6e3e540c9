import { describe, expect, test, vi } from "vitest";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { Dense } from "../../src/layers/dense.js";
import { Dropout } from "../../src/layers/dropout.js";
import { reestimateStatistics } from "../../src/model/reestimate-statistics.js";
import { Sequential } from "../../src/model/sequential.js";
import { SGD } from "../../src/optim/sgd.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { bitsOf, smallDataset, smallNetwork } from "../helpers/models.js";

const stateOf = (model: Sequential) =>
  Object.fromEntries(model.state.map(({ name, value }) => [name, value.toArray()]));

/** A model of one batch normalization, and samples of one number. */
const single = (options = {}) => new Sequential({ inputShape: [1] }, [new BatchNormalization(options)]);
const column = (...values: number[]) => Tensor.from(values.map((value) => [value]));

let clock = 1e6; // ahead of the true one, and never set back: the last turn is remembered from test to test

function everyBatchTakes(milliseconds: number): void {
  vi.spyOn(performance, "now").mockImplementation(() => (clock += milliseconds));
}

describe("reestimateStatistics", () => {
  test("makes the moving statistics the means over the batches", async () => {
    const model = single();
    // batches 1, 3 and 10, 14: means 2 and 12, variances 1 and 4
    await reestimateStatistics(model, column(1, 3, 10, 14), { batchSize: 2 });
    expect(stateOf(model)).toEqual({
      "batch_normalization_1/moving_mean": [7],
      "batch_normalization_1/moving_variance": [2.5],
    });
  });

  test("gives a short last batch its share", async () => {
    const model = single();
    // batches 1, 3, 8 and 20: means 4 and 20, the first counts three times
    await reestimateStatistics(model, column(1, 3, 8, 20), { batchSize: 3 });
    expect(stateOf(model)["batch_normalization_1/moving_mean"]).toEqual([8]);
  });

  test("forgets what was there before, and gives the same when it is called again", async () => {
    const data = smallDataset(20, 1);
    const model = smallNetwork(1, [
      new BatchNormalization(),
      new Dense({ units: 4 }),
      new BatchNormalization(),
    ]);
    await reestimateStatistics(model, data.images, { batchSize: 6 });
    const first = bitsOf(model);
    for (const { value } of model.state) value.data.fill(1e6);
    await reestimateStatistics(model, data.images, { batchSize: 6 });
    expect(bitsOf(model)).toEqual(first);
  });

  test("takes bytes, and 128 images at a time", async () => {
    const model = single();
    const data = Uint8Array.from({ length: 256 }, (_, i) => (i < 128 ? 10 : 20));
    await reestimateStatistics(model, { data, shape: [256, 1] });
    expect(stateOf(model)).toEqual({
      "batch_normalization_1/moving_mean": [15],
      "batch_normalization_1/moving_variance": [0], // of two batches without any
    });
  });

  test("changes nothing else", async () => {
    const model = smallNetwork(1, [new Dropout({ rate: 0.5 }), new BatchNormalization({ momentum: 0.75 })]);
    const frozen = new BatchNormalization({ trainable: false, momentum: 0.5 });
    model.add(frozen);
    model.steps = 17;
    const [parameters, random] = [model.parameters.map(({ value }) => value.clone()), model.random.state()];
    const [moving, , still] = model.state.map(({ value }) => value.clone());
    await reestimateStatistics(model, smallDataset(10, 2).images);
    expect(model.parameters.map(({ value }) => value)).toEqual(parameters);
    expect(model.random.state()).toEqual(random);
    expect(model.steps).toBe(17);
    expect(
      model.layers.flatMap((layer) => (layer instanceof BatchNormalization ? layer.momentum : [])),
    ).toEqual([0.75, 0.5]);
    expect(model.state[0]!.value).not.toEqual(moving);
    expect(model.state[2]!.value).toEqual(still); // as it is in training
    expect(frozen.state[0]!.value).toEqual(still);
  });

  test("has nothing to do without batch normalizations", async () => {
    const model = smallNetwork(1);
    const before = bitsOf(model);
    await reestimateStatistics(model, smallDataset(4, 1).images);
    expect(bitsOf(model)).toEqual(before);
    expect(model.outputs).toEqual([]);
  });

  test("puts everything back if a pass fails or the signal aborts", async () => {
    const layer = new BatchNormalization({ momentum: 0.5 });
    const stop = new AbortController();
    const reason = new Error("enough");
    let passes = 0;
    class Counter extends Dropout {
      override forward(...[x]: Parameters<Dropout["forward"]>): Tensor {
        if (++passes === 2) stop.abort(reason);
        if (passes === 5) throw new Error("broken");
        return x;
      }
    }
    const model = new Sequential({ inputShape: [1] }, [layer, new Counter({ rate: 0 })]);
    const before = stateOf(model);
    const images = column(1, 2, 3, 4);
    const { signal } = stop;
    await expect(reestimateStatistics(model, images, { batchSize: 1, signal })).rejects.toBe(reason);
    expect({ passes, state: stateOf(model), momentum: layer.momentum }).toEqual({
      passes: 2,
      state: before,
      momentum: 0.5,
    });
    await expect(reestimateStatistics(model, images, { batchSize: 1 })).rejects.toThrow("broken");
    expect({ passes, state: stateOf(model), momentum: layer.momentum }).toEqual({
      passes: 5,
      state: before,
      momentum: 0.5,
    });
  });

  test("lets others have their turn, and heeds a signal that they abort", async () => {
    everyBatchTakes(30);
    const stop = new AbortController();
    const reason = new Error("enough");
    setImmediate(() => stop.abort(reason));
    const images = column(...Array(50).keys());
    const pass = reestimateStatistics(single(), images, { batchSize: 1, signal: stop.signal });
    await expect(pass).rejects.toBe(reason);
    vi.restoreAllMocks();
  });

  test("leaves the model its statistics until it is done, for whoever has a turn meanwhile", async () => {
    everyBatchTakes(100); // so that each is followed by a turn
    const model = single();
    const before = stateOf(model);
    const seen: unknown[] = [];
    const timer = setInterval(() => seen.push(stateOf(model)), 0);
    await reestimateStatistics(model, column(...Array(50).keys()), { batchSize: 2 });
    clearInterval(timer);
    vi.restoreAllMocks();
    expect(seen.length).toBeGreaterThan(0);
    for (const state of seen) expect(state).toEqual(before);
    expect(stateOf(model)["batch_normalization_1/moving_mean"]).toEqual([24.5]);
  });

  test("refuses to go on if a training step comes in between, and leaves that as it is", async () => {
    everyBatchTakes(100);
    const models = [1, 2].map(() => smallNetwork(1, [new BatchNormalization()]));
    const data = smallDataset(8, 1);
    const step = (model: Sequential) => model.trainOnBatch(data, { optimizer: new SGD() });
    const pass = reestimateStatistics(models[0]!, smallDataset(50, 2).images, { batchSize: 1 });
    setImmediate(() => step(models[0]!));
    await expect(pass).rejects.toThrow(
      "reestimateStatistics: expected a model that nothing trains meanwhile, got a training step. Await its fit, or call this in a callback of it.",
    );
    vi.restoreAllMocks();
    step(models[1]!);
    expect(bitsOf(models[0]!)).toEqual(bitsOf(models[1]!));
  });

  test("may be called in a callback of fit", async () => {
    const model = smallNetwork(1, [new BatchNormalization()]);
    const data = smallDataset(8, 1);
    await model.fit(data, { callbacks: [{ onEpochEnd: () => reestimateStatistics(model, data.images) }] });
    const [first] = model.state;
    const mean = first!.value.toArray();
    await reestimateStatistics(model, data.images);
    expect(first!.value.toArray()).toEqual(mean);
  });

  test("refuses what does not fit", async () => {
    const model = single();
    await expect(reestimateStatistics(undefined as never, column(1))).rejects.toThrow(
      new TypeError("reestimateStatistics: expected a Sequential, got undefined."),
    );
    await expect(reestimateStatistics(model, column(1), { batchSize: 0 })).rejects.toThrow(
      new RangeError("reestimateStatistics: expected batchSize to be a whole number >= 1, got 0 (number)."),
    );
    await expect(reestimateStatistics(model, column(1), { signal: 1 as never })).rejects.toThrow(
      new TypeError(
        "reestimateStatistics: expected signal to be an AbortSignal, got 1 (number). An AbortController has it as `signal`.",
      ),
    );
    await expect(reestimateStatistics(model, Tensor.zeros([3, 2]))).rejects.toThrow(
      new ShapeError("reestimateStatistics: expected images of shape [N, 1], got [3, 2]."),
    );
  });
});
