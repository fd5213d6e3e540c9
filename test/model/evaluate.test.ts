import { describe, expect, test } from "vitest";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { Dropout } from "../../src/layers/dropout.js";
import { MeanSquaredError } from "../../src/layers/mean-squared-error.js";
import { sliceDataset } from "../../src/model/dataset.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { oneHot } from "../../src/tensor/one-hot.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { bitsOf, line, smallDataset, smallNetwork } from "../helpers/models.js";

const data = smallDataset(10, 1);

describe("evaluate", () => {
  test("gives the mean loss over all images", async () => {
    // 2x + 1 is 3, 5 and 7: squared errors of 4, 0 and 1, in batches of 2 and 1
    const points = { images: Tensor.from([[1], [2], [3]]), labels: Tensor.from([[1], [5], [6]]) };
    const { loss } = await line(2, 1).evaluate(points, { loss: new MeanSquaredError(), batchSize: 2 });
    expect(loss).toBe(5 / 3);
  });

  test("gives the share of images that predict classifies right", async () => {
    const model = smallNetwork(1);
    const rows = model.predict(data.images).toArray() as number[][];
    const right = rows.filter((row, n) => row.indexOf(Math.max(...row)) === data.labels[n]).length;
    expect(right).toBeGreaterThan(0);
    expect(right).toBeLessThan(10);
    for (const batchSize of [1, 3, 128]) {
      expect((await model.evaluate(data, { batchSize })).accuracy).toBe(right / 10);
    }
  });

  test("takes labels in any form, and batches from a source", async () => {
    const model = smallNetwork(1);
    const expected = await model.evaluate(data, { batchSize: 5 });
    for (const labels of [[...data.labels], Uint8Array.from(data.labels), oneHot(data.labels, 3)]) {
      expect(await model.evaluate({ ...data, labels }, { batchSize: 5 })).toEqual(expected);
    }
    const epochs: number[] = [];
    const evaluation = await model.evaluate(async function* (epoch) {
      epochs.push(epoch);
      yield sliceDataset(data, 0, 5);
      yield sliceDataset(data, 5, 10);
    });
    expect(evaluation).toEqual(expected);
    expect(epochs).toEqual([1]);
  });

  test("refuses a loss that is not finite, and names where it comes from", async () => {
    const model = smallNetwork(1);
    model.weights.at(-1)!.value.data[1] = Number.NaN;
    await expect(model.evaluate(data)).rejects.toThrow(
      new Error(
        "Sequential.evaluate: expected a finite loss, got NaN. The first layer whose output is not finite is dense_1, the first weight that is not is dense_1/bias.",
      ),
    );
  });

  test("runs the layers in inference, and changes nothing", async () => {
    const model = smallNetwork(1, [new BatchNormalization(), new Dropout({ rate: 0.5 })]);
    const [bits, state, steps] = [bitsOf(model), model.random.state(), model.steps];
    const first = await model.evaluate(data);
    expect(await model.evaluate(data)).toEqual(first);
    expect([bitsOf(model), model.random.state(), model.steps]).toEqual([bits, state, steps]);
  });

  test("ends between two batches when its signal aborts", async () => {
    const controller = new AbortController();
    let batches = 0;
    function* source() {
      for (;;) {
        if (++batches === 3) controller.abort(new Error("enough"));
        yield sliceDataset(data, 0, 1);
      }
    }
    const evaluation = smallNetwork(1).evaluate(source, { signal: controller.signal });
    await expect(evaluation).rejects.toThrow(new Error("enough"));
    expect(batches).toBe(3);
  });

  test("ends also when its signal aborts after the last batch", async () => {
    const controller = new AbortController();
    function* source() {
      yield data;
      controller.abort(new Error("enough"));
    }
    await expect(smallNetwork(1).evaluate(source, { signal: controller.signal })).rejects.toThrow(
      new Error("enough"),
    );
  });

  test("lets timers have their turn", async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns++;
    }, 1);
    // the number of batches is for the case that the timer never fires: then nothing else would end this
    function* source() {
      for (let batch = 0; batch < 1 || (turns < 2 && batch < 50_000); batch++) yield data;
    }
    await smallNetwork(1).evaluate(source);
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  test("refuses data and options that do not fit", async () => {
    const model = smallNetwork(1);
    const labels = [...data.labels.subarray(0, 9), 3];
    await expect(model.evaluate({ ...data, labels }, { batchSize: 5 })).rejects.toThrow(
      new RangeError("Sequential.evaluate: expected labels from 0 to 2, got 3 at index 9."),
    );
    await expect(model.evaluate({ ...data, labels: [0] })).rejects.toThrow(
      new ShapeError("Sequential.evaluate: expected as many labels as images, 10, got 1."),
    );
    await expect(model.evaluate({ images: new Tensor([0, 6, 6, 1]), labels: [] })).rejects.toThrow(
      new RangeError("Sequential.evaluate: expected at least one image, got none."),
    );
    await expect(model.evaluate(() => [])).rejects.toThrow(
      new RangeError("Sequential.evaluate: expected the batch source to give batches, got none."),
    );
    await expect(model.evaluate(() => [{ images: new Tensor([1, 5, 5, 1]), labels: [0] }])).rejects.toThrow(
      new ShapeError("Sequential.evaluate: expected images of shape [N, 6, 6, 1], got [1, 5, 5, 1]."),
    );
    await expect(model.evaluate((async () => []) as never)).rejects.toThrow(
      new TypeError(
        "Sequential.evaluate: expected the batch source to return batches, as a generator does, got a value of type Promise. Make it an async function*.",
      ),
    );
    await expect(model.evaluate(data, { loss: "mse" as never })).rejects.toThrow(
      new TypeError(
        'Sequential.evaluate: expected a loss, got "mse" (string). Pass one, as in { loss: new MeanSquaredError() }.',
      ),
    );
    await expect(model.evaluate(data, { signal: new AbortController() as never })).rejects.toThrow(
      new TypeError(
        "Sequential.evaluate: expected signal to be an AbortSignal, got a value of type AbortController. An AbortController has it as `signal`.",
      ),
    );
    await expect(model.evaluate(data, { batchSize: 0 })).rejects.toThrow(
      new RangeError("Sequential.evaluate: expected batchSize to be a whole number >= 1, got 0 (number)."),
    );
  });
});
