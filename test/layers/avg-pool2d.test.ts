import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AvgPool2D, type AvgPool2DOptions } from "../../src/layers/avg-pool2d.js";
import { buildLayer } from "../../src/layers/build.js";
import { gradientCheck } from "../../src/model/gradient-check.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { naiveAvgPool, naiveAvgPoolGradient } from "../helpers/naive.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { windowCases } from "../helpers/windows.js";

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

  test("has the gradient that differences measure", () => {
    // linear in x: any step is exact, and a large one rounds least; worst measured, of 1,500 cases: 2e-6
    fc.assert(
      fc.property(windowCases({ maxDilation: 1 }), fc.nat(), ({ shape, window }, seed) => {
        const { kernelSize: poolSize, strides, padding } = window;
        const layer = new AvgPool2D({ poolSize, strides, padding });
        expect(gradientCheck(layer, normalTensor(shape, seed), { step: 0.5 }).worst).toBeLessThan(1e-4);
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

  test("equals the naive loops: closely in float64, in every bit in float32", () => {
    fc.assert(
      fc.property(windowCases({ maxDilation: 1 }), fc.nat(), ({ shape, window }, seed) => {
        const { kernelSize: poolSize, strides, padding } = window;
        const layer = built(shape.slice(1), { poolSize, strides, padding });
        const x = normalTensor(shape, seed);
        const y = layer.forward(x);
        expect(y).toBeAllclose(naiveAvgPool(x, window), { atol: 1e-5 });
        expect(y.toArray()).toEqual(naiveAvgPool(x, window, Math.fround));
        const dy = normalTensor(y.shape, seed + 1);
        const dx = layer.backward(dy);
        expect(dx).toBeAllclose(naiveAvgPoolGradient(x, dy, window), { atol: 1e-5 });
        expect(dx.toArray()).toEqual(naiveAvgPoolGradient(x, dy, window, Math.fround));
      }),
      { numRuns: 50 },
    );
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

  test("uses its results again, also for a smaller batch after a larger one", () => {
    const layer = built([5, 5, 2], { poolSize: 3, strides: 1 });
    const window = { kernelSize: [3, 3], strides: [1, 1], padding: "valid", dilationRate: [1, 1] } as const;
    const passes = (x: Tensor) => {
      const y = layer.forward(x);
      const dy = normalTensor(y.shape, 3);
      const dx = layer.backward(dy);
      expect(y.toArray()).toEqual(naiveAvgPool(x, window, Math.fround));
      expect(dx.toArray()).toEqual(naiveAvgPoolGradient(x, dy, window, Math.fround));
      return { y, dx };
    };
    const first = passes(normalTensor([3, 5, 5, 2], 1));
    const second = passes(normalTensor([3, 5, 5, 2], 2));
    expect(second.y).toBe(first.y);
    expect(second.dx).toBe(first.dx);
    expect(passes(normalTensor([1, 5, 5, 2], 4)).y.data.buffer).toBe(first.y.data.buffer);
  });

  test("is made again from its config", () => {
    const layer = new AvgPool2D({
      poolSize: [2, 3],
      strides: 1,
      padding: "same",
      name: "pool",
      trainable: false,
    });
    const config = { name: "pool", trainable: false, poolSize: [2, 3], strides: [1, 1], padding: "same" };
    expect(layer.config()).toEqual(config);
    expect(new AvgPool2D(layer.config() as AvgPool2DOptions).config()).toEqual(config);
  });

  test("refuses options out of range", () => {
    expect(() => new AvgPool2D({ poolSize: [2, 0] })).toThrow(
      new RangeError("AvgPool2D: expected poolSize to be a whole number >= 1, got 0 (number)."),
    );
    expect(() => new AvgPool2D({ strides: NaN })).toThrow(
      "AvgPool2D: expected strides to be a whole number >= 1, got NaN (number).",
    );
    expect(() => new AvgPool2D({ padding: "full" as "same" })).toThrow(
      'AvgPool2D: expected padding to be "valid" or "same", got "full" (string).',
    );
  });

  test("refuses images that it cannot pool", () => {
    expect(() => built([10])).toThrow(
      "AvgPool2D.build: expected shape [H, W, C], got [10]. Images are [height, width, channels].",
    );
    expect(() => built([1, 4, 8])).toThrow(
      'AvgPool2D.build: expected a kernel no larger than its input of [1, 4], got [2, 2]. Use a smaller kernel, or padding "same".',
    );
    const padding = [
      [0, 0],
      [2, 0],
    ] as const;
    expect(() => built([4, 4, 1], { padding })).toThrow(
      "AvgPool2D.build: expected padding of less than the pool size [2, 2] on each side, got [[0, 0], [2, 0]]. " +
        "Every window needs a pixel.",
    );
  });

  test("refuses calls out of order", () => {
    const remedy = "expected a built layer, got one without an input shape. Add it to a Sequential first.";
    expect(() => new AvgPool2D().forward(square)).toThrow(`AvgPool2D.forward: ${remedy}`);
    expect(() => new AvgPool2D().backward(square)).toThrow(`AvgPool2D.backward: ${remedy}`);
    expect(() => built([4, 4, 1]).backward(square)).toThrow(
      "AvgPool2D.backward: expected a call of forward before it, got none. The gradient is taken at its input.",
    );
  });

  test("refuses tensors of other shapes", () => {
    const layer = built([4, 4, 1]);
    expect(() => layer.forward(Tensor.zeros([1, 4, 4, 2]))).toThrow(
      "AvgPool2D.forward: expected shape [N, 4, 4, 1], got [1, 4, 4, 2].",
    );
    layer.forward(square);
    expect(() => layer.backward(Tensor.zeros([2, 2, 2, 1]))).toThrow(
      "AvgPool2D.backward: expected shape [1, 2, 2, 1], got [2, 2, 2, 1].",
    );
  });
});
