import { describe, expect, test } from "vitest";
import { Softmax } from "../../src/layers/softmax.js";
import { type IdxDataset, readIdxDataset } from "../../src/mnist/idx-dataset.js";
import { createNetwork } from "../../src/mnist/networks.js";
import { testModel } from "../../src/model/test-model.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { oneHot } from "../../src/tensor/one-hot.js";
import { smallDataset, smallNetwork } from "../helpers/models.js";
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

  test("finds what evaluate finds for a model that ends in a softmax", async () => {
    const images = smallDataset(230, 1);
    const model = smallNetwork(1, [new Softmax()]);
    const { loss, calibrationError, mistakes } = await testModel(model, images);
    const evaluation = await model.evaluate(images);
    expect(loss).toBeAllclose(evaluation.loss);
    const plain = await testModel(smallNetwork(1), images);
    expect({ loss, calibrationError, mistakes }).toMatchObject({
      loss: plain.loss,
      calibrationError: plain.calibrationError,
      mistakes: plain.mistakes,
    });
  });

  test("takes a dataset of any images and class numbers", async () => {
    const { images, labels } = smallDataset(20, 1);
    const model = smallNetwork(1);
    const { confusion } = await testModel(model, { images, labels: [...labels] });
    expect(confusion).toEqual((await testModel(model, { images, labels })).confusion);
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

  test("refuses images and labels that do not fit the model or each other", async () => {
    const { images, labels } = data;
    const small = { data: new Uint8Array(230 * 9), shape: [230, 3, 3, 1] } as const;
    const refused: [IdxDataset, Error][] = [
      [
        { images: small, labels },
        new ShapeError("testModel: expected images of shape [N, 28, 28, 1], got [230, 3, 3, 1]."),
      ],
      [
        { images, labels: labels.subarray(1) },
        new ShapeError("testModel: expected as many labels as images, 230, got 229."),
      ],
      [
        { images, labels: new Uint8Array(230).fill(10) },
        new RangeError("testModel: expected labels from 0 to 9, got 10 at index 0."),
      ],
      [
        { images: { data: new Uint8Array(0), shape: [0, 28, 28, 1] }, labels: new Uint8Array(0) },
        new RangeError("testModel: expected at least one image, got none."),
      ],
    ];
    const soft = { images, labels: oneHot(labels, 10) } as never;
    refused.push([
      soft,
      new TypeError("testModel: expected labels to be class numbers, got a value of type Tensor."),
    ]);
    for (const [wrong, error] of refused) await expect(testModel(model, wrong)).rejects.toThrow(error);
  });

  test("ends with the signal's reason", async () => {
    const reason = new Error("enough");
    await expect(testModel(model, data, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
