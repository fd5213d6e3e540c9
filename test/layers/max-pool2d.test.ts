import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { MaxPool2D, type MaxPool2DOptions } from "../../src/layers/max-pool2d.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** A layer of its own, built for images of that shape. */
function built(inputShape: Shape, options?: MaxPool2DOptions): MaxPool2D {
  const layer = new MaxPool2D(options);
  buildLayer(layer, inputShape);
  return layer;
}

// 4 x 4 pixels of one channel
const square = Tensor.from([1, 5, 2, 0, 3, 4, 7, 6, -1, -2, 9, 8, -4, -3, 8, 9], [1, 4, 4, 1]);

describe("MaxPool2D", () => {
  test("gives the largest pixel of each square of 2 x 2", () => {
    expect(built([4, 4, 1]).forward(square).toArray()).toEqual([
      [
        [[5], [7]],
        [[-1], [9]],
      ],
    ]);
  });

  test("gives each winner the gradient of its square", () => {
    const layer = built([4, 4, 1]);
    layer.forward(square);
    const dx = layer.backward(Tensor.from([1, 2, 3, 4], [1, 2, 2, 1]));
    // 9 stands twice in the last square: the first of them wins
    expect([...dx.data]).toEqual([0, 1, 0, 0, 0, 0, 2, 0, 3, 0, 4, 0, 0, 0, 0, 0]);
  });

  test("pools each channel by itself", () => {
    const x = Tensor.from([1, 10, 2, 30, 3, 20, 0, 0], [1, 2, 2, 2]);
    const layer = built([2, 2, 2]);
    expect([...layer.forward(x).data]).toEqual([3, 30]);
    expect([...layer.backward(Tensor.from([5, 6], [1, 1, 1, 2])).data]).toEqual([0, 0, 0, 6, 5, 0, 0, 0]);
  });

  // from PyTorch 1.13.1; two pixels of the first channel tie, both -5, and the first of them wins:
  //
  //   import torch
  //
  //   x = torch.tensor([-3., 1, -4, 1, -5, 9, -2, 6, -5, 3, -5, -8, -9, 7, 9, 3, 2, 3, 8, 4, 6, 2, -6, 4])
  //   x = x.reshape(1, 4, 3, 2).requires_grad_()  # NHWC
  //   dy = torch.tensor([2., 7, 1, 8, 2, 8, 1, -8, 2, -8, 4, 5, 9, 0, 4, 5]).reshape(1, 2, 4, 2)
  //   image = x.permute(0, 3, 1, 2)  # NCHW
  //   y = torch.nn.functional.max_pool2d(image, (3, 2), stride=(2, 1), padding=(1, 1)).permute(0, 2, 3, 1)
  //   print(y.flatten().tolist(), torch.autograd.grad(y, x, dy)[0].flatten().tolist())
  test("gives PyTorch's values, where padding never wins", () => {
    const layer = built([4, 3, 2], {
      poolSize: [3, 2],
      strides: [2, 1],
      padding: [
        [1, 1],
        [1, 1],
      ],
    });
    const pixels = [-3, 1, -4, 1, -5, 9, -2, 6, -5, 3, -5, -8, -9, 7, 9, 3, 2, 3, 8, 4, 6, 2, -6, 4];
    const y = layer.forward(Tensor.from(pixels, [1, 4, 3, 2]));
    expect(y.shape).toEqual([1, 2, 4, 2]);
    expect([...y.data]).toEqual([-2, 6, -2, 6, -4, 9, -5, 9, 8, 7, 9, 7, 9, 4, 2, 4]);
    const dy = [2, 7, 1, 8, 2, 8, 1, -8, 2, -8, 4, 5, 9, 0, 4, 5];
    expect([...layer.backward(Tensor.from(dy, [1, 2, 4, 2])).data]).toEqual([
      0, 0, 2, 0, 1, 0, 3, 15, 0, 0, 0, 0, 0, -3, 13, 0, 4, 0, 2, 0, 0, 0, 0, 5,
    ]);
  });

  test("steps by the size of the pool unless told otherwise", () => {
    expect(new MaxPool2D()).toMatchObject({ poolSize: [2, 2], strides: [2, 2], padding: "valid" });
    expect(new MaxPool2D({ poolSize: [3, 1] }).strides).toEqual([3, 1]);
    expect(buildLayer(new MaxPool2D({ poolSize: 3 }), [9, 10, 4])).toEqual([3, 3, 4]);
    expect(buildLayer(new MaxPool2D({ poolSize: 3, strides: 1, padding: "same" }), [9, 10, 4])).toEqual([
      9, 10, 4,
    ]);
  });

  test("takes a pool as large as the image, and strides larger than the pool", () => {
    expect([...built([4, 4, 1], { poolSize: 4 }).forward(square).data]).toEqual([9]);
    expect([...built([4, 4, 1], { poolSize: 1, strides: 3 }).forward(square).data]).toEqual([1, 0, -4, 9]);
  });

  test("lets NaN through, and passes its gradient back", () => {
    const layer = built([2, 2, 1]);
    expect([...layer.forward(Tensor.from([1, NaN, 3, 4], [1, 2, 2, 1])).data]).toEqual([NaN]);
    expect([...layer.backward(Tensor.from([7], [1, 1, 1, 1])).data]).toEqual([0, 7, 0, 0]);
  });
});
