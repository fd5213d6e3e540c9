import { describe, expect, test } from "vitest";
import { testModel } from "../../src/mnist/test-model.js";
import { readIdxDataset } from "../../src/mnist/idx-dataset.js";
import { createNetwork } from "../../src/mnist/networks.js";
import { bands } from "../helpers/program.js";

const { images, labels } = bands(230); // two chunks and a part of one
const data = await readIdxDataset(images, labels);
const model = createNetwork("lenet", { seed: 3 });

describe("testModel", () => {
  test("finds what evaluate finds", async () => {
    const result = await testModel(model, data);
    const { loss, accuracy } = await model.evaluate(data);
    expect(result.images).toBe(230);
    expect(result.accuracy).toBe(accuracy);
    expect(result.loss).toBeAllclose(loss);
    expect(result.confusion.accuracy).toBe(accuracy);
    expect(result.confusion.counts.map((row) => row.reduce((sum, count) => sum + count))).toEqual(
      new Array(10).fill(23),
    );
  });

  test("lists every mistake, with the probability that predict gives it, the surest first", async () => {
    const { mistakes, accuracy } = await testModel(model, data);
    const probabilities = model.predict(data.images);
    expect(mistakes.length).toBe(Math.round(230 * (1 - accuracy)));
    expect(mistakes.length).toBeGreaterThan(100); // the network is not trained
    for (const { index, label, predicted, probability } of mistakes) {
      const row = probabilities.data.subarray(10 * index, 10 * index + 10);
      expect(label).toBe(data.labels[index]);
      expect(predicted).not.toBe(label);
      expect(probability).toBe(row[predicted]);
      expect(probability).toBe(Math.max(...row));
    }
    const sorted = mistakes.map(({ probability }) => probability).sort((a, b) => b - a);
    expect(mistakes.map(({ probability }) => probability)).toEqual(sorted);
  });

  test("finds the same on any number of threads", async () => {
    const { confusion: _, ...one } = await testModel(model, data, { threads: 1 });
    expect(await testModel(model, data, { threads: 2 })).toMatchObject(one);
  });

  test("ends with the signal's reason", async () => {
    const reason = new Error("enough");
    await expect(testModel(model, data, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
