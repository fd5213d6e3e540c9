import { describe, expect, test } from "vitest";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { buildLayer } from "../../src/layers/build.js";
import { Conv2D } from "../../src/layers/conv2d.js";
import { Dense } from "../../src/layers/dense.js";
import { Dropout } from "../../src/layers/dropout.js";
import { type Layer, zeroGrad } from "../../src/layers/layer.js";
import { MeanSquaredError } from "../../src/layers/mean-squared-error.js";
import { SoftmaxCrossEntropy } from "../../src/layers/softmax-cross-entropy.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";

// options of forward and backward, and arguments, as a caller in JavaScript may give them
const given = (value: unknown) => value as never;

const refused = (where: string) =>
  new TypeError(`${where}: expected options to be an object, as in { name: value }, got 3 (number).`);

/** A layer that went forward once, and its x and y. */
function passed(layer: Layer, sampleShape: Shape): { layer: Layer; x: Tensor; y: Tensor } {
  buildLayer(layer, sampleShape);
  const x = new Tensor([1, ...sampleShape]);
  return { layer, x, y: layer.forward(x, { training: true }) };
}

describe("options of the passes that are no object are refused by", () => {
  test.each([
    ["BatchNormalization", () => passed(new BatchNormalization(), [2])],
    ["Dropout", () => passed(new Dropout({ rate: 0.5 }), [2])],
  ])("%s.forward", (type, make) => {
    const { layer, x } = make();
    expect(() => layer.forward(x, given(3))).toThrow(refused(`${type}.forward`));
  });

  test.each([
    ["BatchNormalization", () => passed(new BatchNormalization(), [2])],
    ["Conv2D", () => passed(new Conv2D({ filters: 1, kernelSize: 1 }), [2, 2, 1])],
    ["Dense", () => passed(new Dense({ units: 1 }), [2])],
  ])("%s.backward", (type, make) => {
    const { layer, y } = make();
    expect(() => layer.backward(y.clone(), given(3))).toThrow(refused(`${type}.backward`));
  });

  test.each([
    ["MeanSquaredError", new MeanSquaredError()],
    ["SoftmaxCrossEntropy", new SoftmaxCrossEntropy()],
  ])("%s.backward", (type, loss) => {
    const x = new Tensor([1, 2]);
    loss.forward(x, new Tensor([1, 2], new Float32Array([1, 0])));
    expect(() => loss.backward(given(3))).toThrow(refused(`${type}.backward`));
  });
});

test("Dropout refuses a step that no counter has", () => {
  const { layer, x } = passed(new Dropout({ rate: 0.5 }), [2]);
  for (const step of [-1, 0.5, 2 ** 32]) {
    expect(() => layer.forward(x, { training: true, step })).toThrow(
      new RangeError(
        `Dropout.forward: expected step to be a whole number >= 0 and < 4294967296, got ${step} (number).`,
      ),
    );
  }
});

test("SoftmaxCrossEntropy refuses options that are no object", () => {
  expect(() => new SoftmaxCrossEntropy(given(3))).toThrow(refused("SoftmaxCrossEntropy"));
});

test("zeroGrad refuses what are no parameters", () => {
  expect(() => zeroGrad(given(3))).toThrow(/^zeroGrad: expected an array of parameters, got 3 /);
});
