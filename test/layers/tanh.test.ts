import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Tanh } from "../../src/layers/tanh.js";
import { Tensor } from "../../src/tensor/tensor.js";

function builtTanh(...sampleShape: number[]): Tanh {
  const layer = new Tanh();
  buildLayer(layer, sampleShape);
  return layer;
}

describe("Tanh", () => {
  // exp(ln 3) = 3 and exp(-ln 3) = 1/3: (3 - 1/3) / (3 + 1/3) = 0.8
  test("is 0 at 0, 0.8 at ln 3 and -0.8 at -ln 3", () => {
    const y = builtTanh(3).forward(Tensor.from([[0, Math.log(3), -Math.log(3)]]));
    expect(y).toBeAllclose([[0, 0.8, -0.8]]);
  });

  test("has the slope 1 - y²: 1 at 0, 0.36 at ln 3", () => {
    const layer = builtTanh(2);
    layer.forward(Tensor.from([[0, Math.log(3)]]));
    expect(layer.backward(Tensor.from([[5, -100]]))).toBeAllclose([[5, -36]]);
  });

  test("reaches -1 and 1 for a large |x| without overflow, and has no slope there", () => {
    const layer = builtTanh(4);
    const y = layer.forward(Tensor.from([[-1e4, 1e4, -3.4e38, Number.POSITIVE_INFINITY]]));
    expect(y.toArray()).toEqual([[-1, 1, -1, 1]]);
    expect(layer.backward(Tensor.from([[1, 1, 1, 1]])).toArray()).toEqual([[0, 0, 0, 0]]);
  });

  test("lets NaN through, both ways", () => {
    const layer = builtTanh(2);
    expect(layer.forward(Tensor.from([[Number.NaN, 0]])).toArray()).toEqual([[Number.NaN, 0]]);
    expect(layer.backward(Tensor.from([[1, Number.NaN]])).toArray()).toEqual([[Number.NaN, Number.NaN]]);
  });
});
