import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { GlobalAvgPool2D } from "../../src/layers/global-avg-pool2d.js";
import type { LayerOptions } from "../../src/layers/layer.js";
import { gradientCheck } from "../../src/model/gradient-check.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { naiveAvgPool, naiveAvgPoolGradient } from "../helpers/naive.js";
import { normalTensor } from "../helpers/random-tensor.js";

/** A layer of its own, built for images of that shape. */
function built(inputShape: Shape): GlobalAvgPool2D {
  const layer = new GlobalAvgPool2D();
  buildLayer(layer, inputShape);
  return layer;
}

/** The one window of average pooling that is as large as the image. */
const wholeImage = (H: number, W: number) =>
  ({ kernelSize: [H, W], strides: [1, 1], padding: "valid", dilationRate: [1, 1] }) as const;

const shapes = fc.tuple(
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 4 }),
);

describe("GlobalAvgPool2D", () => {
  test("gives the mean of each channel over the image", () => {
    const x = Tensor.from([1, 10, 2, 20, 3, 30, 6, 40], [1, 2, 2, 2]);
    expect(built([2, 2, 2]).forward(x).toArray()).toEqual([[3, 25]]);
  });

  test("gives each pixel the same part of the gradient", () => {
    const layer = built([1, 2, 2]);
    layer.forward(Tensor.zeros([2, 1, 2, 2]));
    expect(
      layer
        .backward(
          Tensor.from([
            [2, 4],
            [6, 8],
          ]),
        )
        .toArray(),
    ).toEqual([
      [
        [
          [1, 2],
          [1, 2],
        ],
      ],
      [
        [
          [3, 4],
          [3, 4],
        ],
      ],
    ]);
  });

  test("has the gradient that differences measure", () => {
    // linear in x: any step is exact, and a large one rounds least; worst measured, of 1,500 cases: 5e-6
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, seed) => {
        const report = gradientCheck(new GlobalAvgPool2D(), normalTensor(shape, seed), { step: 0.5 });
        expect(report.worst).toBeLessThan(1e-4);
      }),
      { numRuns: 25 },
    );
  });

  test("gives the same backward twice, having no parameters to add to", () => {
    const layer = built([3, 3, 2]);
    layer.forward(normalTensor([2, 3, 3, 2], 0));
    const dy = normalTensor([2, 2], 1);
    const first = layer.backward(dy).toArray();
    expect(layer.backward(dy).toArray()).toEqual(first);
    expect(layer.parameters).toEqual([]);
  });

  test("equals the naive loops: closely in float64, in every bit in float32", () => {
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, seed) => {
        const [N, H, W, C] = shape;
        const layer = built([H, W, C]);
        const window = wholeImage(H, W);
        const x = normalTensor(shape, seed);
        const y = layer.forward(x).reshape([N, 1, 1, C]);
        expect(y).toBeAllclose(naiveAvgPool(x, window), { atol: 1e-5 });
        expect(y.toArray()).toEqual(naiveAvgPool(x, window, Math.fround));
        const dy = normalTensor([N, C], seed + 1);
        const dx = layer.backward(dy);
        expect(dx.toArray()).toEqual(naiveAvgPoolGradient(x, dy.reshape([N, 1, 1, C]), window, Math.fround));
      }),
      { numRuns: 25 },
    );
  });

  test("takes images of one pixel, and lets NaN through", () => {
    const x = Tensor.from([1, NaN, 2], [1, 1, 1, 3]);
    expect(built([1, 1, 3]).forward(x).toArray()).toEqual([[1, NaN, 2]]);
  });

  test("uses its results again, also for a smaller batch after a larger one", () => {
    const layer = built([2, 2, 1]);
    const first = layer.forward(Tensor.from([1, 2, 3, 6, 1, 1, 1, 1], [2, 2, 2, 1]));
    const dx = layer.backward(Tensor.from([[4], [8]]));
    expect(layer.forward(Tensor.from([5, 5, 5, 5, 1, 2, 3, 6], [2, 2, 2, 1]))).toBe(first);
    expect(first.toArray()).toEqual([[5], [3]]);
    expect(layer.backward(Tensor.from([[0], [4]]))).toBe(dx);
    expect([...dx.data]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect(layer.forward(Tensor.from([4, 4, 0, 0], [1, 2, 2, 1])).toArray()).toEqual([[2]]);
    expect([...layer.backward(Tensor.from([[12]])).data]).toEqual([3, 3, 3, 3]);
  });

  test("is made again from its config", () => {
    const layer = new GlobalAvgPool2D({ name: "mean", trainable: false });
    expect(layer.config()).toEqual({ name: "mean", trainable: false });
    expect(new GlobalAvgPool2D(layer.config() as LayerOptions).config()).toEqual(layer.config());
  });

  test("gives one number for each channel, and refuses what is no image", () => {
    expect(buildLayer(new GlobalAvgPool2D(), [7, 5, 64])).toEqual([64]);
    expect(() => built([10])).toThrow(
      "GlobalAvgPool2D.build: expected shape [H, W, C], got [10]. Images are [height, width, channels].",
    );
  });

  test("refuses calls out of order", () => {
    const x = Tensor.zeros([1, 2, 2, 1]);
    const remedy = "expected a built layer, got one without an input shape. Add it to a Sequential first.";
    expect(() => new GlobalAvgPool2D().forward(x)).toThrow(`GlobalAvgPool2D.forward: ${remedy}`);
    expect(() => new GlobalAvgPool2D().backward(x)).toThrow(`GlobalAvgPool2D.backward: ${remedy}`);
    expect(() => built([2, 2, 1]).backward(Tensor.zeros([1, 1]))).toThrow(
      "GlobalAvgPool2D.backward: expected a call of forward before it, got none. The gradient is taken at its input.",
    );
  });

  test("refuses tensors of other shapes", () => {
    const layer = built([4, 4, 2]);
    expect(() => layer.forward(Tensor.zeros([1, 4, 5, 2]))).toThrow(
      "GlobalAvgPool2D.forward: expected shape [N, 4, 4, 2], got [1, 4, 5, 2].",
    );
    layer.forward(Tensor.zeros([3, 4, 4, 2]));
    expect(() => layer.backward(Tensor.zeros([3, 1, 1, 2]))).toThrow(
      "GlobalAvgPool2D.backward: expected shape [3, 2], got [3, 1, 1, 2].",
    );
  });
});
