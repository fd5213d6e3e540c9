import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Dense } from "../../src/layers/dense.js";
import { type Layer, zeroGrad } from "../../src/layers/layer.js";
import { gradientCheck } from "../../src/model/gradient-check.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** y = x², with nothing but what the contract asks for. */
function square(): Layer {
  let x = new Tensor([0]);
  return {
    type: "Square",
    parameters: [],
    build: (inputShape) => inputShape,
    forward: (input) => {
      x = input;
      return new Tensor(
        x.shape,
        x.data.map((value) => value * value),
      );
    },
    backward: (dy) =>
      new Tensor(
        dy.shape,
        dy.data.map((value, i) => 2 * x.data[i]! * value),
      ),
    config: () => ({}),
  };
}

describe("Layer", () => {
  test("is whatever keeps the contract", () => {
    const layer = square();
    expect(buildLayer(layer, [2])).toEqual([2]);
    expect(layer.forward(Tensor.from([[3, -4]])).toArray()).toEqual([[9, 16]]);
    expect(layer.backward(Tensor.from([[1, 10]]))?.toArray()).toEqual([[6, -80]]);
    expect(gradientCheck(layer, Tensor.from([[3, -4]])).worst).toBeLessThan(1e-4); // measured: 1e-6
  });
});

describe("zeroGrad", () => {
  test("clears every gradient and nothing else", () => {
    const dense = new Dense({ units: 2 });
    buildLayer(dense, [3]);
    const before = dense.parameters.map(({ value }) => value.clone());
    dense.forward(Tensor.from([[1, 2, 3]]));
    dense.backward(Tensor.from([[1, -1]]));
    expect(dense.parameters.map(({ grad }) => grad.data.some((g) => g !== 0))).toEqual([true, true]);
    zeroGrad(dense.parameters);
    expect(dense.parameters.map(({ grad }) => grad)).toEqual([new Tensor([3, 2]), new Tensor([2])]);
    expect(dense.parameters.map(({ value }) => value)).toEqual(before);
  });
});
