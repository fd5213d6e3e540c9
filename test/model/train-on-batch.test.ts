import { describe, expect, test } from "vitest";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { Dense } from "../../src/layers/dense.js";
import { Dropout } from "../../src/layers/dropout.js";
import { Flatten } from "../../src/layers/flatten.js";
import type { Loss } from "../../src/layers/loss.js";
import { MeanSquaredError } from "../../src/layers/mean-squared-error.js";
import { Softmax } from "../../src/layers/softmax.js";
import { SoftmaxCrossEntropy } from "../../src/layers/softmax-cross-entropy.js";
import type { Dataset } from "../../src/model/dataset.js";
import { Sequential } from "../../src/model/sequential.js";
import { Adam } from "../../src/optim/adam.js";
import { clipGradientsByGlobalNorm } from "../../src/optim/clip.js";
import { SGD } from "../../src/optim/sgd.js";
import { WeightAverage } from "../../src/optim/weight-average.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { oneHot } from "../../src/tensor/one-hot.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { bitsOf, line, smallDataset, smallNetwork } from "../helpers/models.js";

const squared = new MeanSquaredError();

/** A loss that is whatever it is told to be. */
function fakeLoss(value: number): Loss {
  return { type: "Fake", forward: () => value, backward: () => new Tensor([1, 1]), config: () => ({}) };
}

/** Weights, gradients of nothing but the last step, and the number of steps. */
function snapshot(model: Sequential): unknown {
  return [bitsOf(model), model.steps, model.random.state()];
}

describe("trainOnBatch", () => {
  test("takes one step down the gradient", () => {
    // y = 1·3 + 0 = 3 where 1 is wanted: L = 4, dy = 2·(3 − 1) = 4, dW = 3·4 = 12, db = 4
    const model = line(1, 0);
    const batch = { images: Tensor.from([[3]]), labels: Tensor.from([[1]]) };
    const { loss } = model.trainOnBatch(batch, {
      optimizer: new SGD({ learningRate: 0.125 }),
      loss: squared,
    });
    expect(loss).toBe(4);
    expect(model.getWeights().map((tensor) => tensor.toArray())).toEqual([[[1 - 1.5]], [-0.5]]);
    expect(model.steps).toBe(1);
  });

  test("is the loop that anyone can write", () => {
    const [model, byHand] = [smallNetwork(1), smallNetwork(1)];
    const options = { optimizer: new Adam(), clipNorm: 0.5 };
    const [optimizer, loss] = [new Adam(), new SoftmaxCrossEntropy()];
    for (let step = 0; step < 5; step++) {
      const { images, labels } = smallDataset(4, step);
      const result = model.trainOnBatch({ images, labels }, options);

      const value = loss.forward(byHand.forward(images, { training: true, step }), labels);
      byHand.zeroGrad();
      byHand.backward(loss.backward());
      clipGradientsByGlobalNorm(byHand.parameters, 0.5);
      optimizer.step(byHand.parameters);
      expect(result.loss).toBe(value);
    }
    expect(bitsOf(model)).toEqual(bitsOf(byHand));
  });

  test("trains a model that ends in Softmax to the same weights as one that does not", () => {
    const [bare, ended] = [smallNetwork(1), smallNetwork(1, [new Softmax()])];
    const optimizers = [new Adam(), new Adam()] as const;
    for (let step = 0; step < 5; step++) {
      const batch = smallDataset(4, step);
      const expected = bare.trainOnBatch(batch, { optimizer: optimizers[0] });
      expect(ended.trainOnBatch(batch, { optimizer: optimizers[1] })).toEqual(expected);
    }
    expect(bitsOf(ended)).toEqual(bitsOf(bare));
  });

  test("takes labels in any form", () => {
    const { images, labels } = smallDataset(4, 1);
    const trained = [labels, [...labels], Uint8Array.from(labels), oneHot(labels, 3)].map((given) => {
      const model = smallNetwork(1);
      const result = model.trainOnBatch({ images, labels: given }, { optimizer: new SGD() });
      return [result, bitsOf(model)];
    });
    for (const result of trained) expect(result).toEqual(trained[0]);
  });

  test("takes soft targets, which pull towards several classes", () => {
    const model = new Sequential({ inputShape: [1] }, [new Dense({ units: 2 })]);
    const batch = { images: Tensor.from([[1]]), labels: Tensor.from([[0.25, 0.75]]) };
    const optimizer = new SGD({ learningRate: 0.5 });
    for (let step = 0; step < 100; step++) model.trainOnBatch(batch, { optimizer });
    expect(model.predict(batch.images)).toBeAllclose([[0.25, 0.75]], { atol: 1e-4 });
  });

  test("takes pixels for the same images as a tensor, bit for bit", () => {
    const data = Uint8Array.from({ length: 4 * 36 }, (_, i) => (i * 37) % 256);
    const shape = [4, 6, 6, 1];
    const trained = [{ data, shape }, Tensor.from(data, shape)].map((images) => {
      const model = smallNetwork(1);
      model.trainOnBatch({ images, labels: [0, 1, 2, 0] }, { optimizer: new SGD({ learningRate: 1e-3 }) });
      return bitsOf(model);
    });
    expect(trained[0]).toEqual(trained[1]);
  });

  test("forgets the gradients of the step before", () => {
    const model = smallNetwork(1);
    const optimizer = new SGD({ learningRate: 0 });
    model.trainOnBatch(smallDataset(4, 1), { optimizer });
    const first = model.parameters.map(({ grad }) => grad.clone());
    model.trainOnBatch(smallDataset(4, 1), { optimizer });
    expect(model.parameters.map(({ grad }) => grad)).toEqual(first);
  });

  test("leaves frozen layers as they are, below and above those it trains", () => {
    for (const [layer, frozen, trained] of [
      [0, [0, 1], [2, 3]],
      [4, [2, 3], [0, 1]],
    ] as const) {
      const model = smallNetwork(1);
      model.layers[layer]!.trainable = false;
      const before = model.getWeights();
      model.trainOnBatch(smallDataset(4, 1), { optimizer: new SGD() });
      const after = model.getWeights();
      for (const i of frozen) expect(after[i]).toEqual(before[i]);
      for (const i of trained) expect(after[i]).not.toEqual(before[i]);
    }
  });

  test("gives dropout a new mask in each step", () => {
    const model = new Sequential({ inputShape: [64] }, [
      new Dense({ units: 64, kernelInitializer: "zeros" }),
      new Dropout({ rate: 0.5 }),
    ]);
    model.setWeights([new Tensor([64, 64]), new Tensor([64], new Float32Array(64).fill(1))]);
    const batch = { images: new Tensor([1, 64]), labels: [0] };
    const masks = [1, 2].map(() => {
      model.trainOnBatch(batch, { optimizer: new SGD({ learningRate: 0 }) });
      return model.outputs[1]!.value.clone();
    });
    expect(new Set(masks[0]!.data)).toEqual(new Set([0, 2]));
    expect(masks[1]).not.toEqual(masks[0]);
  });

  test("shortens gradients that are too long", () => {
    // as in the first test, but the gradient (12, 4) of length √160 becomes one of length 1
    const model = line(1, 0);
    const batch = { images: Tensor.from([[3]]), labels: Tensor.from([[1]]) };
    model.trainOnBatch(batch, { optimizer: new SGD({ learningRate: 1 }), loss: squared, clipNorm: 1 });
    const length = Math.sqrt(160);
    expect(model.getWeights()[0]).toBeAllclose([[1 - 12 / length]]);
    expect(model.getWeights()[1]).toBeAllclose([-4 / length]);
  });

  test("keeps the moving average of all weights up to date, of frozen ones too", () => {
    const model = smallNetwork(1);
    model.layers[0]!.trainable = false;
    const frozen = model.getWeights()[0]!;
    const weightAverage = new WeightAverage({ decay: 0.5, warmUp: false });
    const options = { optimizer: new SGD(), weightAverage };
    const seen = [1, 2].map((seed) => {
      model.trainOnBatch(smallDataset(4, seed), options);
      return model.getWeights()[2]!.clone();
    });
    weightAverage.swap(model.parameters);
    const mean = seen[0]!.data.map((value, i) => 0.5 * value + 0.5 * seen[1]!.data[i]!);
    expect(model.getWeights()[2]).toBeAllclose(new Tensor(seen[0]!.shape, mean));
    expect(model.getWeights()[0]).toEqual(frozen);
  });
});

describe("trainOnBatch, where something is wrong,", () => {
  const good = smallDataset(4, 1);
  const optimizer = new SGD();

  test("names the first layer whose output is not finite, and the first weight", () => {
    const model = smallNetwork(1);
    const before = snapshot(model);
    model.weights[2]!.value.data[5] = Number.NaN;
    expect(() => model.trainOnBatch(good, { optimizer })).toThrow(
      new Error(
        "Sequential.trainOnBatch: expected a finite loss, got NaN at step 0. " +
          "The first layer whose output is not finite is dense_1, the first weight that is not is dense_1/kernel. " +
          "Lower the learning rate, or limit the gradients with clipNorm.",
      ),
    );
    model.setWeights(smallNetwork(1).getWeights());
    expect(snapshot(model)).toEqual(before);
  });

  test("names the layer alone where all weights are finite", () => {
    const model = line(3e38, 0);
    const batch = { images: Tensor.from([[10]]), labels: Tensor.from([[1]]) };
    model.steps = 7;
    expect(() => model.trainOnBatch(batch, { optimizer, loss: squared })).toThrow(
      new Error(
        "Sequential.trainOnBatch: expected a finite loss, got Infinity at step 7. " +
          "The first layer whose output is not finite is dense_1. " +
          "Lower the learning rate, or limit the gradients with clipNorm.",
      ),
    );
  });

  test("says so where it is the images, or the loss itself", () => {
    const images = good.images.clone();
    images.data[20] = Number.POSITIVE_INFINITY;
    expect(() => smallNetwork(1).trainOnBatch({ images, labels: good.labels }, { optimizer })).toThrow(
      new Error(
        "Sequential.trainOnBatch: expected a finite loss, got NaN at step 0. " +
          "The images of this batch hold a value that is not finite.",
      ),
    );
    const batch = { images: Tensor.from([[1]]), labels: [0] };
    expect(() => line(1, 0).trainOnBatch(batch, { optimizer, loss: fakeLoss(Number.NaN) })).toThrow(
      new Error(
        "Sequential.trainOnBatch: expected a finite loss, got NaN at step 0. " +
          "The outputs of all layers are finite, so it comes from the loss itself.",
      ),
    );
  });

  test("changes nothing, moving averages included", () => {
    const model = new Sequential({ inputShape: [6, 6, 1] }, [
      new BatchNormalization(),
      new Flatten(),
      new Dense({ units: 3 }),
    ]);
    const badImages = good.images.clone();
    badImages.data[0] = Number.NaN;
    const failures: [Dataset, object][] = [
      [{ ...good, images: badImages }, {}],
      [good, { loss: new SoftmaxCrossEntropy({ classWeights: [1, 1] }) }],
      [good, { optimizer: new SGD({ learningRate: () => Number.NaN }) }],
    ];
    const before = snapshot(model);
    for (const [batch, options] of failures) {
      expect(() => model.trainOnBatch(batch, { optimizer, ...options })).toThrow();
      expect(snapshot(model)).toEqual(before);
    }
    model.trainOnBatch(good, { optimizer });
    expect(snapshot(model)).not.toEqual(before);
  });

  test("refuses a batch that does not fit", () => {
    const refused: [Dataset, Error][] = [
      [
        { ...good, labels: [0, 1, 2, 3] },
        new RangeError("Sequential.trainOnBatch: expected labels from 0 to 2, got 3 at index 3."),
      ],
      [
        { ...good, labels: [0] },
        new ShapeError("Sequential.trainOnBatch: expected as many labels as images, 4, got 1."),
      ],
      [
        { images: new Tensor([0, 6, 6, 1]), labels: [] },
        new RangeError("Sequential.trainOnBatch: expected at least one image, got none."),
      ],
      [
        { images: new Tensor([4, 36]), labels: good.labels },
        new ShapeError(
          "Sequential.trainOnBatch: expected images of shape [N, 6, 6, 1], got [4, 36]. Give them their axes: images.reshape([4, 6, 6, 1]).",
        ),
      ],
      [
        { ...good, labels: new Tensor([4, 2]) },
        new ShapeError(
          "SoftmaxCrossEntropy.forward: expected targets of the prediction's shape [4, 3], got [4, 2].",
        ),
      ],
    ];
    const model = smallNetwork(1);
    const before = snapshot(model);
    for (const [batch, error] of refused) {
      expect(() => model.trainOnBatch(batch, { optimizer })).toThrow(error);
    }
    expect(snapshot(model)).toEqual(before);
  });

  test("refuses options that are none", () => {
    const model = smallNetwork(1);
    for (const [options, got] of [
      [undefined, "undefined"],
      [{}, "undefined"],
      [{ optimizer: "adam" }, '"adam" (string)'],
      [{ optimizer: Adam }, "a value of type Function"],
    ] as const) {
      expect(() => model.trainOnBatch(good, options as never)).toThrow(
        new TypeError(
          `Sequential.trainOnBatch: expected an optimizer, got ${got}. Pass one, as in { optimizer: new Adam() }.`,
        ),
      );
    }
    for (const clipNorm of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => model.trainOnBatch(good, { optimizer, clipNorm })).toThrow(
        new RangeError(
          `Sequential.trainOnBatch: expected clipNorm to be a finite number > 0, got ${clipNorm} (number).`,
        ),
      );
    }
  });
});
