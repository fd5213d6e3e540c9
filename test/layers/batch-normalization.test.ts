import { describe, expect, test } from "vitest";
import { BatchNormalization, type BatchNormalizationOptions } from "../../src/layers/batch-normalization.js";
import { buildLayer } from "../../src/layers/build.js";
import { zeroGrad } from "../../src/layers/layer.js";
import { Random } from "../../src/tensor/random.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { RecordingWorkspace } from "../helpers/recording-workspace.js";

/** A built layer, with γ, β and moving statistics unlike those it starts with. */
function randomLayer(sampleShape: Shape, options: BatchNormalizationOptions = {}): BatchNormalization {
  const layer = new BatchNormalization(options);
  buildLayer(layer, sampleShape);
  for (const { name, value } of [...layer.parameters, ...layer.state]) {
    const random = normalTensor(value.shape, name.length).data;
    value.data.set(name === "moving_variance" ? random.map((v) => 0.5 + v * v) : random.map((v) => 0.5 + v));
  }
  return layer;
}

function stateOf(layer: BatchNormalization): Record<string, unknown> {
  return Object.fromEntries(layer.state.map(({ name, value }) => [name, value.toArray()]));
}

function gradientsOf(layer: BatchNormalization): Record<string, unknown> {
  return Object.fromEntries(layer.parameters.map(({ name, grad }) => [name, grad.toArray()]));
}

describe("BatchNormalization", () => {
  test("gives each channel the mean β and the deviation γ", () => {
    const layer = new BatchNormalization({ epsilon: 3 });
    buildLayer(layer, [1]);
    // μ = 2, v = 1, σ = √(1 + 3) = 2
    expect(layer.forward(Tensor.from([[1], [3]]), { training: true }).toArray()).toEqual([[-0.5], [0.5]]);
    const [gamma, beta] = layer.parameters;
    gamma!.value.data[0] = 10;
    beta!.value.data[0] = 100;
    expect(layer.forward(Tensor.from([[1], [3]]), { training: true }).toArray()).toEqual([[95], [105]]);
  });

  test("uses the moving statistics in inference, and leaves them as they are", () => {
    const layer = new BatchNormalization({ epsilon: 3 });
    buildLayer(layer, [1]);
    // μ = 0, v = 1 at the start
    expect(layer.forward(Tensor.from([[1], [3]])).toArray()).toEqual([[0.5], [1.5]]);
    expect(stateOf(layer)).toEqual({ moving_mean: [0], moving_variance: [1] });
  });

  test("moves the moving statistics towards those of the batch", () => {
    const layer = new BatchNormalization({ momentum: 0.75 });
    buildLayer(layer, [1]);
    const x = Tensor.from([[4], [12]]); // μ = 8, v = 16
    layer.forward(x, { training: true });
    expect(stateOf(layer)).toEqual({ moving_mean: [2], moving_variance: [4.75] }); // 0.75·1 + 0.25·16
    layer.forward(x, { training: true });
    expect(stateOf(layer)).toEqual({ moving_mean: [3.5], moving_variance: [7.5625] }); // 0.75·4.75 + 0.25·16
  });

  test("takes another momentum between two steps", () => {
    const layer = new BatchNormalization();
    buildLayer(layer, [1]);
    layer.momentum = 0;
    layer.forward(Tensor.from([[4], [12]]), { training: true });
    expect(stateOf(layer)).toEqual({ moving_mean: [8], moving_variance: [16] });
    layer.momentum = 1;
    layer.forward(Tensor.from([[1], [2]]), { training: true });
    expect(stateOf(layer)).toEqual({ moving_mean: [8], moving_variance: [16] });
  });

  // from PyTorch 1.13.1; its momentum is 1 − ours, and its moving variance the unbiased one, so that the biased
  // one is computed apart:
  //
  //   import torch
  //   from torch.nn.functional import batch_norm
  //
  //   torch.set_default_dtype(torch.float64)
  //   torch.set_printoptions(precision=7)
  //   x = torch.tensor([[0.5, -1.2], [1.5, 0.3], [-0.7, 2.2], [2.1, 0.4], [-0.4, -0.8]], requires_grad=True)
  //   dy = torch.tensor([[0.3, -0.2], [-1.1, 0.7], [0.6, 0.9], [0.8, -1.4], [-0.5, 0.4]])
  //   gamma = torch.tensor([1.5, -0.5], requires_grad=True)
  //   beta = torch.tensor([0.25, 1], requires_grad=True)
  //   mean, variance = torch.tensor([0.1, -0.3]), torch.tensor([0.8, 1.6])
  //   moved = 0.75 * variance + 0.25 * x.detach().var(0, unbiased=False)
  //   for training in [False, True]:
  //       y = batch_norm(x, mean, variance, gamma, beta, training, momentum=0.25, eps=0.01)
  //       print(y.detach(), *torch.autograd.grad(y, [x, gamma, beta], dy))
  //   print(mean, moved)
  test.each([
    {
      training: false,
      y: [
        [0.9166667, 1.3546497],
        [2.5833333, 0.7635669],
        [-1.0833333, 0.014862],
        [3.5833333, 0.7241614],
        [-0.5833333, 1.1970276],
      ],
      dx: [
        [0.5, 0.078811],
        [-1.8333333, -0.2758386],
        [1, -0.3546497],
        [1.3333333, 0.5516773],
        [-0.8333333, -0.1576221],
      ],
      dGamma: [-0.0555556, 1.3161444],
      dBeta: [0.1, 0.4],
      mean: [0.1, -0.3],
      variance: [0.8, 1.6],
    },
    {
      training: true,
      y: [
        [0.1108484, 1.5807554],
        [1.5023644, 0.9494995],
        [-1.5589708, 0.1499087],
        [2.337274, 0.9074158],
        [-1.141516, 1.4124205],
      ],
      dx: [
        [0.3872294, -0.0037803],
        [-1.5369426, -0.2503439],
        [0.7759438, -0.1670708],
        [1.121308, 0.642227],
        [-0.7475387, -0.221032],
      ],
      dGamma: [-0.0927677, 1.2439949],
      dBeta: [0.1, 0.4],
      mean: [0.225, -0.18],
      variance: [0.888, 1.5504],
    },
  ])("gives PyTorch's values where training is $training", ({ training, ...expected }) => {
    const layer = new BatchNormalization({ momentum: 0.75, epsilon: 0.01 });
    buildLayer(layer, [2]);
    const [gamma, beta, mean, variance] = [...layer.parameters, ...layer.state];
    gamma!.value.data.set([1.5, -0.5]);
    beta!.value.data.set([0.25, 1]);
    mean!.value.data.set([0.1, -0.3]);
    variance!.value.data.set([0.8, 1.6]);
    const x = Tensor.from([
      [0.5, -1.2],
      [1.5, 0.3],
      [-0.7, 2.2],
      [2.1, 0.4],
      [-0.4, -0.8],
    ]);
    expect(layer.forward(x, { training })).toBeAllclose(expected.y);
    const dy = Tensor.from([
      [0.3, -0.2],
      [-1.1, 0.7],
      [0.6, 0.9],
      [0.8, -1.4],
      [-0.5, 0.4],
    ]);
    expect(layer.backward(dy)!).toBeAllclose(expected.dx);
    expect(layer.parameters[0]!.grad).toBeAllclose(expected.dGamma);
    expect(layer.parameters[1]!.grad).toBeAllclose(expected.dBeta);
    expect(mean!.value).toBeAllclose(expected.mean);
    expect(variance!.value).toBeAllclose(expected.variance);
  });

  test("has the gradient worked by hand", () => {
    // x = (-2, 0, 2, 0): μ = 0, v = 2, σ = √(2 + 2) = 2, x̂ = (-1, 0, 1, 0)
    // dy = (4, 0, 0, 0): Σ dy = 4, Σ dy·x̂ = -4, so dx = 6/2·(dy − 1 + x̂) = 3·(2, -1, 0, -1)
    const layer = new BatchNormalization({ epsilon: 2 });
    buildLayer(layer, [1]);
    layer.parameters[0]!.value.data[0] = 6;
    const x = Tensor.from([[-2], [0], [2], [0]]);
    const dy = Tensor.from([[4], [0], [0], [0]]);
    layer.forward(x, { training: true });
    expect(layer.backward(dy)!.toArray()).toEqual([[6], [-3], [0], [-3]]);
    expect(gradientsOf(layer)).toEqual({ gamma: [-4], beta: [4] });
    // with a moving mean of 0 and a variance of 1, σ is √3, and dx = 6/√3·dy
    zeroGrad(layer.parameters);
    for (const { name, value } of layer.state) value.data[0] = name === "moving_mean" ? 0 : 1;
    layer.forward(x);
    expect(layer.backward(dy)).toBeAllclose([[24 / Math.sqrt(3)], [0], [0], [0]]);
    expect(layer.parameters[0]!.grad).toBeAllclose([-8 / Math.sqrt(3)]);
  });

  test("gives γ and β, or fewer where scale or center is off", () => {
    const names = (options: BatchNormalizationOptions): string[] =>
      randomLayer([3], options).parameters.map(({ name }) => name);
    expect(names({})).toEqual(["gamma", "beta"]);
    expect(names({ scale: false })).toEqual(["beta"]);
    expect(names({ center: false })).toEqual(["gamma"]);
    expect(names({ center: false, scale: false })).toEqual([]);
    expect(new BatchNormalization().parameters).toEqual([]);
    expect(new BatchNormalization().state).toEqual([]);
  });

  test("normalises only, where scale and center are off", () => {
    const layer = new BatchNormalization({ epsilon: 3, center: false, scale: false });
    buildLayer(layer, [1]);
    layer.forward(Tensor.from([[1], [3]]), { training: true });
    layer.backward(Tensor.from([[1], [5]]));
    expect(layer.forward(Tensor.from([[1], [3]]), { training: true }).toArray()).toEqual([[-0.5], [0.5]]);
  });

  test("computes no gradients of what it does not learn", () => {
    const workspace = new RecordingWorkspace();
    const layer = new BatchNormalization({ center: false, scale: false });
    buildLayer(layer, [1], { workspace, random: new Random(0) });
    layer.forward(Tensor.from([[1], [3]]), { training: true });
    layer.backward(Tensor.from([[1], [5]]));
    const gradients = ["dgamma", "dbeta"].map((name) => workspace.tensors.get(name)?.toArray());
    expect(gradients).toEqual([[0], [0]]);
  });

  test("is in inference mode, where it is not trainable", () => {
    const layer = new BatchNormalization({ epsilon: 3, trainable: false });
    buildLayer(layer, [1]);
    const x = Tensor.from([[1], [3]]);
    expect(layer.forward(x, { training: true }).toArray()).toEqual([[0.5], [1.5]]);
    expect(stateOf(layer)).toEqual({ moving_mean: [0], moving_variance: [1] });
    layer.trainable = true;
    // the gradient is that of the forward pass that was made: dx = γ/σ·dy
    expect(layer.backward(Tensor.from([[4], [0]]))!.toArray()).toEqual([[2], [0]]);
  });

  test("gives β for a single value of a channel, and no gradient to it", () => {
    const layer = randomLayer([2]);
    const [gamma, beta] = layer.parameters;
    expect(layer.forward(Tensor.from([[5, -1e6]]), { training: true }).data).toEqual(beta!.value.data);
    expect(layer.backward(Tensor.from([[1, 2]]))).toBeAllclose([[0, 0]], { atol: 0 });
    expect(gamma!.grad.toArray()).toEqual([0, 0]);
    expect(beta!.grad.toArray()).toEqual([1, 2]);
  });

  test("lets NaN through in the channel it is in, and in no other", () => {
    const layer = new BatchNormalization({ epsilon: 3 });
    buildLayer(layer, [2]);
    const x = Tensor.from([
      [Number.NaN, 1],
      [0, 3],
    ]);
    expect(layer.forward(x, { training: true }).toArray()).toEqual([
      [Number.NaN, -0.5],
      [Number.NaN, 0.5],
    ]);
  });
});
