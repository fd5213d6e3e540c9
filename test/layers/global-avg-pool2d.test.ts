import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { GlobalAvgPool2D } from "../../src/layers/global-avg-pool2d.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** A layer of its own, built for images of that shape. */
function built(inputShape: Shape): GlobalAvgPool2D {
  const layer = new GlobalAvgPool2D();
  buildLayer(layer, inputShape);
  return layer;
}

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

  test("takes images of one pixel, and lets NaN through", () => {
    const x = Tensor.from([1, NaN, 2], [1, 1, 1, 3]);
    expect(built([1, 1, 3]).forward(x).toArray()).toEqual([[1, NaN, 2]]);
  });
});
