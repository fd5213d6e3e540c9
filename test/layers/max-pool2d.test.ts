import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { MaxPool2D, type MaxPool2DOptions } from "../../src/layers/max-pool2d.js";
import { gradientCheck } from "../../src/model/gradient-check.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { naiveMaxPool, naiveMaxPoolGradient } from "../helpers/naive.js";
import { distinctTensor, normalTensor, wholeTensor } from "../helpers/random-tensor.js";
import { windowCases } from "../helpers/windows.js";

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

  test("has the gradient that differences measure", () => {
    // worst measured, of 1,500 cases: 2e-7
    fc.assert(
      fc.property(windowCases({ maxDilation: 1 }), fc.nat(), ({ shape, window }, seed) => {
        const { kernelSize: poolSize, strides, padding } = window;
        const layer = new MaxPool2D({ poolSize, strides, padding });
        expect(gradientCheck(layer, distinctTensor(shape, seed)).worst).toBeLessThan(1e-5);
      }),
      { numRuns: 40 },
    );
  });

  test("gives the same backward twice, having no parameters to add to", () => {
    const layer = built([4, 4, 1], { poolSize: 3, strides: 1 });
    const dy = normalTensor(layer.forward(square).shape, 1);
    const first = layer.backward(dy).toArray();
    expect(layer.backward(dy).toArray()).toEqual(first);
    expect(layer.parameters).toEqual([]);
  });

  test("equals the naive loops in every bit, with ties and without", () => {
    const tensors = fc.constantFrom(normalTensor, wholeTensor);
    fc.assert(
      fc.property(windowCases({ maxDilation: 1 }), tensors, fc.nat(), ({ shape, window }, tensor, seed) => {
        const { kernelSize: poolSize, strides, padding } = window;
        const layer = built(shape.slice(1), { poolSize, strides, padding });
        const x = tensor(shape, seed);
        const y = layer.forward(x);
        expect(y.toArray()).toEqual(naiveMaxPool(x, window));
        const dy = normalTensor(y.shape, seed + 1);
        expect(layer.backward(dy).toArray()).toEqual(naiveMaxPoolGradient(x, dy, window, Math.fround));
      }),
      { numRuns: 50 },
    );
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

  test("uses its results again, also for a smaller batch after a larger one", () => {
    const layer = built([5, 5, 2], { poolSize: 3, strides: 1 });
    const window = { kernelSize: [3, 3], strides: [1, 1], padding: "valid", dilationRate: [1, 1] } as const;
    const passes = (x: Tensor) => {
      const y = layer.forward(x);
      const dy = normalTensor(y.shape, 3);
      const dx = layer.backward(dy);
      expect(y.toArray()).toEqual(naiveMaxPool(x, window));
      expect(dx.toArray()).toEqual(naiveMaxPoolGradient(x, dy, window, Math.fround));
      return { y, dx };
    };
    const first = passes(normalTensor([3, 5, 5, 2], 1));
    const second = passes(normalTensor([3, 5, 5, 2], 2));
    expect(second.y).toBe(first.y);
    expect(second.dx).toBe(first.dx);
    expect(passes(normalTensor([1, 5, 5, 2], 4)).y.data.buffer).toBe(first.y.data.buffer);
  });

  test("is made again from its config", () => {
    const padding = [
      [1, 0],
      [2, 1],
    ] as const;
    const layer = new MaxPool2D({ poolSize: [2, 3], strides: 1, padding, name: "pool", trainable: false });
    const config = { name: "pool", trainable: false, poolSize: [2, 3], strides: [1, 1], padding };
    expect(layer.config()).toEqual(config);
    expect(new MaxPool2D(layer.config() as MaxPool2DOptions).config()).toEqual(config);
  });

  test("refuses options out of range", () => {
    expect(() => new MaxPool2D({ poolSize: 0 })).toThrow(
      new RangeError("MaxPool2D: expected poolSize to be a whole number >= 1, got 0 (number)."),
    );
    expect(() => new MaxPool2D({ poolSize: NaN })).toThrow(
      "MaxPool2D: expected poolSize to be a whole number >= 1, got NaN (number).",
    );
    expect(() => new MaxPool2D({ strides: [1, 1.5] })).toThrow(
      "MaxPool2D: expected strides to be a whole number >= 1, got 1.5 (number).",
    );
    expect(() => new MaxPool2D({ padding: "full" as "same" })).toThrow(
      'MaxPool2D: expected padding to be "valid" or "same", got "full" (string).',
    );
  });

  test("refuses images that it cannot pool", () => {
    expect(() => built([10])).toThrow(
      "MaxPool2D.build: expected shape [H, W, C], got [10]. Images are [height, width, channels].",
    );
    expect(() => built([4, 1, 8])).toThrow(
      'MaxPool2D.build: expected a kernel no larger than its input of [4, 1], got [2, 2]. Use a smaller kernel, or padding "same".',
    );
    const padding = [
      [0, 2],
      [0, 0],
    ] as const;
    expect(() => built([4, 4, 1], { padding })).toThrow(
      "MaxPool2D.build: expected padding of less than the pool size [2, 2] on each side, got [[0, 2], [0, 0]]. " +
        "Every window needs a pixel.",
    );
  });

  test("refuses calls out of order", () => {
    const remedy = "expected a built layer, got one without an input shape. Add it to a Sequential first.";
    expect(() => new MaxPool2D().forward(square)).toThrow(`MaxPool2D.forward: ${remedy}`);
    expect(() => new MaxPool2D().backward(square)).toThrow(`MaxPool2D.backward: ${remedy}`);
    expect(() => built([4, 4, 1]).backward(square)).toThrow(
      "MaxPool2D.backward: expected a call of forward before it, got none. The gradient is taken at its input.",
    );
  });

  test("refuses tensors of other shapes", () => {
    const layer = built([4, 4, 1]);
    expect(() => layer.forward(Tensor.zeros([1, 4, 4, 2]))).toThrow(
      "MaxPool2D.forward: expected shape [N, 4, 4, 1], got [1, 4, 4, 2].",
    );
    layer.forward(square);
    expect(() => layer.backward(square)).toThrow(
      "MaxPool2D.backward: expected shape [1, 2, 2, 1], got [1, 4, 4, 1].",
    );
  });
});
