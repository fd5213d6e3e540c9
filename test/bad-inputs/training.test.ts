import { describe, expect, test } from "vitest";
import { Conv2D } from "../../src/layers/conv2d.js";
import { Dense } from "../../src/layers/dense.js";
import { Flatten } from "../../src/layers/flatten.js";
import { Rescaling } from "../../src/layers/rescaling.js";
import { parseIdxImages } from "../../src/mnist/idx.js";
import type { BatchSource, Dataset } from "../../src/model/dataset.js";
import { Sequential } from "../../src/model/sequential.js";
import { Adam } from "../../src/optim/adam.js";
import { AdamW } from "../../src/optim/adamw.js";
import type { Optimizer, Schedule } from "../../src/optim/optimizer.js";
import { SGD } from "../../src/optim/sgd.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { idxImages } from "../helpers/idx.js";
import { bitsOf, smallDataset, smallNetwork } from "../helpers/models.js";

const data = smallDataset(10, 1);
const none: Dataset = { images: new Tensor([0, 6, 6, 1]), labels: [] };

describe("a batch of 0 images", () => {
  const noImages = "expected at least one image, got none.";
  const noBatches = "expected the batch source to give batches, got none";

  test.each<[string, Dataset | BatchSource, string]>([
    ["as the data", none, noImages],
    ["as pixels", { images: { data: new Uint8Array(0), shape: [0, 6, 6, 1] }, labels: [] }, noImages],
    ["among others", () => [data, none], noImages],
  ])("is refused %s, in training and in evaluation", async (_, given, message) => {
    await expect(smallNetwork(1).fit(given)).rejects.toThrow(new RangeError(`Sequential.fit: ${message}`));
    await expect(smallNetwork(1).evaluate(given)).rejects.toThrow(
      new RangeError(`Sequential.evaluate: ${message}`),
    );
  });

  test("is refused as validation data", async () => {
    await expect(smallNetwork(1).fit(data, { validationData: none })).rejects.toThrow(
      new RangeError(`Sequential.fit (validationData): ${noImages}`),
    );
    await expect(smallNetwork(1).fit(data, { validationData: () => [] })).rejects.toThrow(
      new RangeError(`Sequential.evaluate: ${noBatches}.`),
    );
  });

  test("is no batch size", async () => {
    await expect(smallNetwork(1).fit(data, { batchSize: 0 })).rejects.toThrow(
      new RangeError("Sequential.fit: expected batchSize to be a whole number >= 1, got 0 (number)."),
    );
  });
});

test("a batch size above the number of images makes one batch of all, as in Keras", async () => {
  const sizes = [10, 11, 1e6, Number.MAX_SAFE_INTEGER];
  const results = await Promise.all(
    sizes.map(async (batchSize) => {
      const model = smallNetwork(1);
      const { loss } = await model.fit(data, { epochs: 2, batchSize });
      return [model.steps, loss, bitsOf(model), await model.evaluate(data, { batchSize })];
    }),
  );
  expect(results[0]?.[0]).toBe(2);
  for (const result of results) expect(result).toEqual(results[0]);
});

describe.each<[string, (learningRate: number | Schedule) => Optimizer]>([
  ["SGD", (learningRate) => new SGD({ learningRate, momentum: 0.5 })],
  ["Adam", (learningRate) => new Adam({ learningRate })],
  ["AdamW", (learningRate) => new AdamW({ learningRate, weightDecay: 0.5 })],
])("%s", (name, make) => {
  test("leaves every weight as it is with a learning rate of 0", async () => {
    const model = smallNetwork(1);
    const before = bitsOf(model);
    const history = await model.fit(data, { epochs: 3, batchSize: 4, optimizer: make(0) });
    expect(bitsOf(model)).toEqual(before);
    expect(history.learningRate).toEqual([0, 0, 0]);
    expect(model.steps).toBe(9);
  });

  test("ends training at the step where the learning rate is NaN, and changes nothing in it", async () => {
    const [model, expected] = [smallNetwork(1), smallNetwork(1)];
    const schedule = (step: number) => (step < 3 ? 0.01 : Number.NaN);
    await expect(model.fit(data, { epochs: 3, batchSize: 4, optimizer: make(schedule) })).rejects.toThrow(
      new RangeError(
        `${name}: expected the learning rate of step 3 to be a finite number >= 0, got NaN (number).`,
      ),
    );
    await expected.fit(data, { epochs: 1, batchSize: 4, optimizer: make(0.01) });
    expect(bitsOf(model)).toEqual(bitsOf(expected));
  });
});

describe("a wrong rank", () => {
  const { images, labels } = data;
  test.each<[string, Dataset, string]>([
    [
      "of one image without the batch axis",
      { images: new Tensor([6, 6, 1]), labels: [0] },
      "Sequential.fit: expected images of shape [N, 6, 6, 1], got [6, 6, 1]. Add the batch axis: images.reshape([1, 6, 6, 1]).",
    ],
    [
      "of images without the channel axis",
      { images: new Tensor([10, 6, 6]), labels },
      "Sequential.fit: expected images of shape [N, 6, 6, 1], got [10, 6, 6]. Give them their axes: images.reshape([10, 6, 6, 1]).",
    ],
    [
      "of rows of pixels",
      { images: { data: new Uint8Array(360), shape: [10, 36] }, labels },
      "Sequential.fit: expected images of shape [N, 6, 6, 1], got [10, 36]. Give them their axes: shape: [10, 6, 6, 1].",
    ],
    [
      "of labels in a tensor",
      { images, labels: new Tensor([10]) },
      "SoftmaxCrossEntropy.forward: expected targets of the prediction's shape [10, 3], got [10]. Labels are given as an array, not as a Tensor.",
    ],
    [
      "of a number for labels",
      { images, labels: new Tensor([]) },
      "Sequential.fit: expected as many labels as images, 10, got 0.",
    ],
    [
      "of one-hot rows with an axis too many",
      { images, labels: new Tensor([10, 3, 1]) },
      "SoftmaxCrossEntropy.forward: expected targets of the prediction's shape [10, 3], got [10, 3, 1].",
    ],
  ])("%s is refused", async (_, wrong, message) => {
    const model = smallNetwork(1);
    const before = bitsOf(model);
    await expect(model.fit(wrong)).rejects.toThrow(new ShapeError(message));
    expect(bitsOf(model)).toEqual(before);
  });

  test("of images of another size, as IDX files may hold them, is refused by all that takes images", async () => {
    const images = parseIdxImages(idxImages(10, 5, 7));
    const wrong = { images, labels: data.labels };
    const message = "expected images of shape [N, 6, 6, 1], got [10, 5, 7, 1].";
    const model = smallNetwork(1);
    await expect(model.fit(wrong)).rejects.toThrow(new ShapeError(`Sequential.fit: ${message}`));
    await expect(model.evaluate(wrong)).rejects.toThrow(new ShapeError(`Sequential.evaluate: ${message}`));
    expect(() => model.predict(images)).toThrow(new ShapeError(`Sequential.predict: ${message}`));
    expect(() => model.trainOnBatch(wrong, { optimizer: new SGD() })).toThrow(
      new ShapeError(`Sequential.trainOnBatch: ${message}`),
    );
  });
});

describe("a model without layers", () => {
  const model = new Sequential({ inputShape: [3] });
  const points = { images: Tensor.from([[1, 2, 3]]), labels: [0] };
  const message = "expected a model with layers, got one without. Add them first.";

  test("neither answers nor learns", async () => {
    expect(() => model.predict(points.images)).toThrow(new Error(`Sequential.predict: ${message}`));
    expect(() => model.trainOnBatch(points, { optimizer: new SGD() })).toThrow(
      new Error(`Sequential.trainOnBatch: ${message}`),
    );
    await expect(model.fit(points)).rejects.toThrow(new Error(`Sequential.fit: ${message}`));
    await expect(model.evaluate(points)).rejects.toThrow(new Error(`Sequential.evaluate: ${message}`));
  });

  test("does both once it has one, be it without weights", async () => {
    const scaled = new Sequential({ inputShape: [3] }, [new Rescaling({ scale: 1 })]);
    expect(scaled.predict(points.images, { activation: "none" })).toEqual(points.images);
    expect((await scaled.fit(points)).loss).toEqual([(await scaled.evaluate(points)).loss]);
  });
});

describe("a loss that is not finite", () => {
  /** Three layers of their own names, all linear: images of 1 make the outputs as large as the weights. */
  const network = (): Sequential =>
    new Sequential({ inputShape: [6, 6, 1], seed: 1 }, [
      new Conv2D({ filters: 2, kernelSize: 3, name: "edges" }),
      new Flatten(),
      new Dense({ units: 4, name: "middle" }),
      new Dense({ units: 3, name: "classes" }),
    ]);
  const ones = { images: new Tensor([4, 6, 6, 1], new Float32Array(144).fill(1)), labels: [0, 1, 2, 0] };

  test.each([
    ["edges", ", the first weight that is not is edges/kernel", 0, Number.NaN],
    ["middle", ", the first weight that is not is middle/kernel", 2, Number.POSITIVE_INFINITY],
    ["middle", "", 2, 3e38], // a finite weight, but the sum of the products is not
    ["classes", ", the first weight that is not is classes/bias", 5, Number.NEGATIVE_INFINITY],
  ])("ends training and evaluation in the layer %s%s", async (layer, weight, index, value) => {
    const broken = () => {
      const model = network();
      model.weights[index]!.value.data.fill(value);
      return model;
    };
    const reason = `The first layer whose output is not finite is ${layer}${weight}.`;
    const model = broken();
    const before = bitsOf(model);
    await expect(model.fit(ones, { epochs: 9 })).rejects.toThrow(
      new Error(
        `Sequential.fit: expected a finite loss, got NaN at step 0. ${reason} Lower the learning rate, or limit the gradients with clipNorm.`,
      ),
    );
    expect(model.steps).toBe(0);
    expect(bitsOf(model)).toEqual(before);
    await expect(broken().evaluate(ones)).rejects.toThrow(
      new Error(`Sequential.evaluate: expected a finite loss, got NaN. ${reason}`),
    );
  });

  test("ends a training that diverges, before it reaches a callback", async () => {
    const losses: number[] = [];
    const training = network().fit(data, {
      epochs: 100,
      batchSize: 5,
      optimizer: new SGD({ learningRate: 1e6 }),
      callbacks: [{ onBatchEnd: ({ loss }) => void losses.push(loss) }],
    });
    await expect(training).rejects.toThrow(
      new Error(
        "Sequential.fit: expected a finite loss, got NaN at step 2. The first layer whose output is not finite is classes. " +
          "Lower the learning rate, or limit the gradients with clipNorm.",
      ),
    );
    expect(losses).toHaveLength(2);
    expect(losses.every(Number.isFinite)).toBe(true);
  });

  test("ends training where only the validation meets it", async () => {
    const images = data.images.clone();
    images.data[7] = Number.NaN;
    await expect(network().fit(data, { validationData: { images, labels: data.labels } })).rejects.toThrow(
      new Error(
        "Sequential.evaluate: expected a finite loss, got NaN. The images of this batch hold a value that is not finite.",
      ),
    );
  });
});
