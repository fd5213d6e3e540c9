import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { ReLU } from "../../src/layers/relu.js";
import { Tensor } from "../../src/tensor/tensor.js";

function builtReLU(...sampleShape: number[]): ReLU {
  const layer = new ReLU();
  buildLayer(layer, sampleShape);
  return layer;
}

describe("ReLU", () => {
  test("keeps what is positive and makes the rest 0", () => {
    const y = builtReLU(4).forward(Tensor.from([[-1, 0, 2, -3]]));
    expect(y.toArray()).toEqual([[0, 0, 2, 0]]);
  });

  test("passes dy where x was positive; at 0 the slope is 0", () => {
    const layer = builtReLU(4);
    layer.forward(Tensor.from([[-1, 0, 2, -3]]));
    expect(layer.backward(Tensor.from([[10, 20, 30, 40]])).toArray()).toEqual([[0, 0, 30, 0]]);
  });

  test("lets NaN through", () => {
    const y = builtReLU(2).forward(Tensor.from([[Number.NaN, -1]]));
    expect(y.toArray()).toEqual([[Number.NaN, 0]]);
  });
});
