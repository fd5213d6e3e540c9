import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Softmax } from "../../src/layers/softmax.js";
import { gradientCheck } from "../../src/model/gradient-check.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { describeContract } from "../helpers/layer-contract.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { smallBatches } from "../helpers/small-batches.js";

function builtSoftmax(...sampleShape: number[]): Softmax {
  const layer = new Softmax();
  buildLayer(layer, sampleShape);
  return layer;
}

// a batch of samples with at least the axis K
const batches = () => smallBatches().filter((x) => x.rank >= 2);

/** dx[k] = Σⱼ dy[j]·∂y[j]/∂x[k], by the matrix of all derivatives of each row. */
function naiveGradient(y: Tensor, dy: Tensor): Float64Array {
  const K = y.shape.at(-1)!;
  return Float64Array.from(y.data, (_, i) => {
    const row = i - (i % K);
    let sum = 0;
    for (let j = row; j < row + K; j++) sum += dy.data[j]! * y.data[j]! * ((j === i ? 1 : 0) - y.data[i]!);
    return sum;
  });
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

  test("has the right gradient for any shape (worst measured: 1.8e-4)", () => {
    fc.assert(
      fc.property(batches(), (x) => {
        expect(gradientCheck(new Softmax(), x).worst).toBeLessThan(1e-3);
      }),
      { numRuns: 25 },
    );
  });

  test("has the gradient that the matrix of all its derivatives gives", () => {
    fc.assert(
      fc.property(batches(), (x) => {
        const layer = builtSoftmax(...x.shape.slice(1));
        const y = layer.forward(x).clone();
        const dy = normalTensor(x.shape, 5);
        expect(layer.backward(dy).data).toBeAllclose(naiveGradient(y, dy), { atol: 5e-7 });
      }),
      { numRuns: 50 },
    );
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

  test("refuses samples without an axis, over which it would mix the batch", () => {
    expect(() => buildLayer(new Softmax(), [])).toThrow(
      new ShapeError("Softmax.build: expected samples of shape [..., K], got []."),
    );
  });
});

describeContract(Softmax, {}, [2, 3]);
