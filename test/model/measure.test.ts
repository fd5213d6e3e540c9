import { describe, expect, test } from "vitest";
import { MeanSquaredError } from "../../src/layers/mean-squared-error.js";
import { Softmax } from "../../src/layers/softmax.js";
import { SoftmaxCrossEntropy } from "../../src/layers/softmax-cross-entropy.js";
import { measure, RunningMeans } from "../../src/model/measure.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { line, smallDataset, smallNetwork } from "../helpers/models.js";

describe("measure", () => {
  test("gives the mean loss of a batch, and how many are right", () => {
    // 2x + 1 is 3 and 5 where 1 and 5 are wanted: (4 + 0) / 2
    const batch = { images: Tensor.from([[1], [2]]), labels: Tensor.from([[1], [5]]) };
    expect(measure(line(2, 1), batch, new MeanSquaredError(), false)).toEqual({
      images: 2,
      loss: 2,
      correct: Number.NaN, // a single output names no class
    });
  });

  test("hands a loss of logits what comes before a final softmax, and any other loss the output", () => {
    const batch = smallDataset(4, 1);
    const [bare, ended] = [smallNetwork(1), smallNetwork(1, [new Softmax()])];
    const crossEntropy = new SoftmaxCrossEntropy();
    expect(measure(ended, batch, crossEntropy, true)).toEqual(measure(bare, batch, crossEntropy, true));
    const squared = new MeanSquaredError();
    const { loss } = measure(ended, batch, squared, true);
    expect(loss).toBe(squared.forward(bare.predict(batch.images), batch.labels));
  });
});

describe("RunningMeans", () => {
  test("weighs batches by their images", () => {
    const means = new RunningMeans();
    means.add({ images: 3, loss: 1, correct: 3 });
    means.add({ images: 1, loss: 5, correct: 0 });
    expect(means.images).toBe(4);
    expect(means.means).toEqual({ loss: 2, accuracy: 0.75 });
  });

  test("gives shares that are exact", () => {
    // in float64 (1/49)·49 is less than 1: a mean of the batches' shares would fall short
    const means = new RunningMeans();
    for (let i = 0; i < 100; i++) means.add({ images: 49, loss: 0, correct: 1 });
    expect(means.means.accuracy).toBe(1 / 49);
  });
});
