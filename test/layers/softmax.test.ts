import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Softmax } from "../../src/layers/softmax.js";
import { Tensor } from "../../src/tensor/tensor.js";

function builtSoftmax(...sampleShape: number[]): Softmax {
  const layer = new Softmax();
  buildLayer(layer, sampleShape);
  return layer;
}

describe("Softmax", () => {
  test("gives equal scores equal shares, and ln 3 three times the share of 0", () => {
    const y = builtSoftmax(2).forward(
      Tensor.from([
        [7, 7],
        [0, Math.log(3)],
      ]),
    );
    expect(y).toBeAllclose([
      [0.5, 0.5],
      [0.25, 0.75],
    ]);
  });

  // y = [1/2, 1/2] and dy = [4, 0]: Σ dy·y = 2, so dx = [1/2·(4 - 2), 1/2·(0 - 2)]
  test("has the gradient y∘(dy - Σ dy·y)", () => {
    const layer = builtSoftmax(2);
    layer.forward(Tensor.from([[7, 7]]));
    expect(layer.backward(Tensor.from([[4, 0]])).toArray()).toEqual([[1, -1]]);
  });

  test("normalises the last axis only, so that each pixel has probabilities of its own", () => {
    const y = builtSoftmax(1, 2, 2).forward(Tensor.from([1, 1, 2, 2], [1, 1, 2, 2])); // one image of 1 x 2 pixels
    expect(y).toEqual(Tensor.from([0.5, 0.5, 0.5, 0.5], [1, 1, 2, 2]));
  });

  test("does not change when a number is added to all scores: a gradient of equal elements comes to nothing", () => {
    const layer = builtSoftmax(4);
    layer.forward(Tensor.from([[1, 2, 3, 4]]));
    expect(layer.backward(Tensor.from([[5, 5, 5, 5]]))).toBeAllclose([[0, 0, 0, 0]]);
  });

  test("takes scores of 1e4 and -1e4 without overflow", () => {
    const layer = builtSoftmax(2);
    expect(layer.forward(Tensor.from([[1e4, -1e4]])).toArray()).toEqual([[1, 0]]);
    expect(layer.backward(Tensor.from([[3, 4]])).toArray()).toEqual([[0, 0]]);
  });

  test("makes a row with NaN all NaN, and no other", () => {
    const y = builtSoftmax(2).forward(
      Tensor.from([
        [Number.NaN, 1],
        [1, 1],
      ]),
    );
    expect(y.toArray()).toEqual([
      [Number.NaN, Number.NaN],
      [0.5, 0.5],
    ]);
  });
});
