import { describe, expect, test } from "vitest";
import { AvgPool2D, type AvgPool2DOptions } from "../../src/layers/avg-pool2d.js";
import { buildLayer } from "../../src/layers/build.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** A layer of its own, built for images of that shape. */
function built(inputShape: Shape, options?: AvgPool2DOptions): AvgPool2D {
  const layer = new AvgPool2D(options);
  buildLayer(layer, inputShape);
  return layer;
}

// 4 x 4 pixels of one channel
const square = Tensor.from([1, 5, 2, 0, 3, 3, 4, 6, -1, -2, 9, 8, -4, -5, 8, 7], [1, 4, 4, 1]);

describe("AvgPool2D", () => {
  test("gives the mean of each square of 2 x 2", () => {
    expect(built([4, 4, 1]).forward(square).toArray()).toEqual([
      [
        [[3], [3]],
        [[-3], [8]],
      ],
    ]);
  });

  test("gives each pixel of a square a quarter of its gradient", () => {
    const layer = built([4, 4, 1]);
    layer.forward(square);
    const dx = layer.backward(Tensor.from([4, 8, 12, 16], [1, 2, 2, 1]));
    expect([...dx.data]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
  });

  test("pools each channel by itself", () => {
    const x = Tensor.from([1, 10, 2, 30, 3, 20, 2, 0], [1, 2, 2, 2]);
    expect([...built([2, 2, 2]).forward(x).data]).toEqual([2, 15]);
  });

  test("counts pixels and not padding", () => {
    const x = Tensor.from([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const layer = built([3, 3, 1], { padding: "same" }); // one cell at the bottom and the right
    expect([...layer.forward(x).data]).toEqual([3, 4.5, 7.5, 9]); // the means of 4, 2, 2 and 1 pixels
    const dx = layer.backward(Tensor.from([4, 2, 2, 1], [1, 2, 2, 1]));
    expect([...dx.data]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  // from PyTorch 1.13.1:
  //
  //   import torch
  //
  //   torch.set_default_dtype(torch.float64)
  //   torch.set_printoptions(precision=7)
  //   x = torch.tensor([-3., 1, -4, 1, -5, 9, -2, 6, -5, 3, -5, -8, -9, 7, 9, 3, 2, 3, 8, 4, 6, 2, -6, 4])
  //   x = x.reshape(1, 4, 3, 2).requires_grad_()  # NHWC
  //   dy = torch.tensor([2., 7, 1, 8, 2, 8, 1, -8, 2, -8, 4, 5, 9, 0, 4, 5]).reshape(1, 2, 4, 2)
  //   pool = torch.nn.AvgPool2d((3, 2), stride=(2, 1), padding=(1, 1), count_include_pad=False)
  //   y = pool(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)  # to NCHW and back
  //   print(y.detach().flatten(), torch.autograd.grad(y, x, dy)[0].flatten())
  test("gives PyTorch's values", () => {
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
    expect(y.data).toBeAllclose([
      -2.5, 3.5, -3.5, 2.75, -4.75, 1.25, -5, 0.5, -1, 5.6666667, 1.1666667, 4.1666667, 0.1666667, 1.1666667,
      -3, -0.3333333,
    ]);
    const dy = [2, 7, 1, 8, 2, 8, 1, -8, 2, -8, 4, 5, 9, 0, 4, 5];
    expect(layer.backward(Tensor.from(dy, [1, 2, 4, 2])).data).toBeAllclose([
      1.25, 5.5, 0.75, 4, 1, -2, 2.5833333, 3.6666667, 2.9166667, 4.8333333, 3.8333333, -0.3333333, 1.3333333,
      -1.8333333, 2.1666667, 0.8333333, 2.8333333, 1.6666667, 1.3333333, -1.8333333, 2.1666667, 0.8333333,
      2.8333333, 1.6666667,
    ]);
  });

  test("steps by the size of the pool unless told otherwise", () => {
    expect(new AvgPool2D()).toMatchObject({ poolSize: [2, 2], strides: [2, 2], padding: "valid" });
    expect(new AvgPool2D({ poolSize: [3, 1] }).strides).toEqual([3, 1]);
    expect(buildLayer(new AvgPool2D({ poolSize: 3 }), [9, 10, 4])).toEqual([3, 3, 4]);
    expect(buildLayer(new AvgPool2D({ poolSize: 3, strides: 1, padding: "same" }), [9, 10, 4])).toEqual([
      9, 10, 4,
    ]);
  });

  test("takes a pool as large as the image, and strides larger than the pool", () => {
    expect([...built([4, 4, 1], { poolSize: 4 }).forward(square).data]).toEqual([2.75]);
    expect([...built([4, 4, 1], { poolSize: 1, strides: 3 }).forward(square).data]).toEqual([1, 0, -4, 7]);
  });

  test("lets NaN through", () => {
    const x = Tensor.from([1, NaN, 3, 4, 1, 1, 1, 1], [2, 2, 2, 1]);
    expect([...built([2, 2, 1]).forward(x).data]).toEqual([NaN, 1]);
  });
});
