import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { LeakyReLU } from "../../src/layers/leaky-relu.js";
import { Tensor } from "../../src/tensor/tensor.js";

function builtLeakyReLU(negativeSlope: number, ...sampleShape: number[]): LeakyReLU {
  const layer = new LeakyReLU({ negativeSlope });
  buildLayer(layer, sampleShape);
  return layer;
}

describe("LeakyReLU", () => {
  test("keeps what is positive and multiplies the rest by the slope", () => {
    const y = builtLeakyReLU(0.5, 4).forward(Tensor.from([[-2, 0, 2, -3]]));
    expect(y.toArray()).toEqual([[-1, 0, 2, -1.5]]);
  });

  test("multiplies dy by the slope where x was not positive", () => {
    const layer = builtLeakyReLU(0.5, 4);
    layer.forward(Tensor.from([[-2, 0, 2, -3]]));
    expect(layer.backward(Tensor.from([[10, 20, 30, 40]])).toArray()).toEqual([[5, 10, 30, 20]]);
  });

  test("lets NaN through", () => {
    const y = builtLeakyReLU(0.5, 2).forward(Tensor.from([[Number.NaN, -1]]));
    expect(y.toArray()).toEqual([[Number.NaN, -0.5]]);
  });
});
