import { describe, expect, test } from "vitest";
import { importOnnx } from "../../../src/formats/onnx/import-onnx.js";
import { Adam, type Sequential, type Tensor } from "../../../src/index.js";
import { pytorchModels } from "../../helpers/pytorch-models.js";

const OPERATORS =
  "an operator out of Add, AveragePool, BatchNormalization, Constant, Conv, Div, Dropout, Flatten, Gemm, GlobalAveragePool, Identity, LeakyRelu, LogSoftmax, MatMul, MaxPool, Mul, Pad, Relu, Reshape, Sigmoid, Softmax, Sub, Tanh, Transpose";

/** The largest difference of two tensors, in parts of the second's largest element. */
function difference(a: Tensor, b: Tensor): number {
  const largest = b.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0) / largest;
}

/** What the file computes: the import leaves a LogSoftmax out, which the fixture's "windows" ends in. */
function outputOf(name: string, model: Sequential, images: Tensor): Tensor {
  if (name !== "windows") return model.predict(images, { activation: "none" });
  const probabilities = model.predict(images);
  for (let i = 0; i < probabilities.size; i++) probabilities.data[i] = Math.log(probabilities.data[i]!);
  return probabilities;
}

describe("a model that PyTorch exported", () => {
  const accepted = pytorchModels.filter(({ refused }) => !refused);

  test("is there in many kinds", () => {
    expect(accepted.length).toBeGreaterThan(6);
  });

  test.each(accepted)("gives what it gives in PyTorch: $name", ({ name, file, images, output }) => {
    const model = importOnnx(file);
    const got = outputOf(name, model, images);
    expect(got.shape).toEqual(output.shape);
    expect(difference(got, output)).toBeLessThan(2e-6);
  });

  test("trains on", async () => {
    const { file, images } = accepted.find(({ name }) => name === "digits")!;
    const model = importOnnx(file);
    const optimizer = new Adam({ learningRate: 1e-2 });
    const history = await model.fit({ images, labels: [3, 7] }, { epochs: 100, batchSize: 2, optimizer });
    expect(history.loss.at(-1)).toBeLessThan(history.loss[0]! / 10);
  });

  test.each([
    [
      "training",
      'importOnnx (node "/1/BatchNormalization", BatchNormalization): expected a normalisation for inference, got one for training. Export it after model.eval() in PyTorch.',
    ],
    [
      "training-opset-9",
      'importOnnx (node "/1/BatchNormalization", BatchNormalization): expected a normalisation for inference, got one for training. Export it after model.eval() in PyTorch.',
    ],
    ["mean", `importOnnx (node "/2/ReduceMean", ReduceMean): expected ${OPERATORS}, got "ReduceMean".`],
    [
      "view-by-size",
      `importOnnx (node "/2/Shape", Shape): expected ${OPERATORS}, got "Shape". In PyTorch, use torch.flatten(x, 1) in place of x.view(x.size(0), -1).`,
    ],
    [
      "padding-counted",
      'importOnnx (node "/2/Pad", Pad): expected a Pad of no cells, got [0, 0, 1, 1, 0, 0, 1, 1]. Give the padding to the convolution or pooling.',
    ],
    [
      "groups",
      'importOnnx (node "/0/Conv", Conv): expected group 1, got 2. tinyconv has no grouped convolutions.',
    ],
  ])("is refused by name where it has what tinyconv has not: %s", (wanted, message) => {
    const { file, refused } = pytorchModels.find(({ name }) => name === wanted)!;
    expect(refused).toBe(true);
    expect(() => importOnnx(file)).toThrow(new Error(message));
  });
});
