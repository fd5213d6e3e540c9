import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { ReLU } from "../../src/layers/relu.js";
import { gradientCheck } from "../../src/model/gradient-check.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { describeContract } from "../helpers/layer-contract.js";
import { awayFromZero, smallBatches } from "../helpers/small-batches.js";

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

  test("has the right gradient for any shape (worst measured: 1e-12)", () => {
    fc.assert(
      fc.property(smallBatches(), (x) => {
        expect(gradientCheck(new ReLU(), awayFromZero(x)).worst).toBeLessThan(1e-4);
      }),
      { numRuns: 25 },
    );
  });

  test("equals max(x, 0) and its slope, element by element", () => {
    fc.assert(
      fc.property(smallBatches(), (x) => {
        const layer = builtReLU(...x.shape.slice(1));
        expect(layer.forward(x).data).toEqual(x.data.map((value) => Math.max(value, 0)));
        const dy = new Tensor(
          x.shape,
          x.data.map((value) => value + 3),
        );
        expect(layer.backward(dy).data).toEqual(dy.data.map((d, i) => (x.data[i]! > 0 ? d : 0)));
      }),
      { numRuns: 50 },
    );
  });

  test("lets NaN through", () => {
    const y = builtReLU(2).forward(Tensor.from([[Number.NaN, -1]]));
    expect(y.toArray()).toEqual([[Number.NaN, 0]]);
  });
});

describeContract(ReLU, {}, [2, 3]);
