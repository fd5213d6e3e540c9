import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { LeakyReLU } from "../../src/layers/leaky-relu.js";
import { gradientCheck } from "../../src/model/gradient-check.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { describeContract } from "../helpers/layer-contract.js";
import { awayFromZero, smallBatches } from "../helpers/small-batches.js";

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

  test("has the right gradient for any shape and slope (worst measured: 1.6e-5)", () => {
    fc.assert(
      fc.property(smallBatches(), fc.constantFrom(0, 0.01, 0.3, 1, 2), (x, negativeSlope) => {
        expect(gradientCheck(new LeakyReLU({ negativeSlope }), awayFromZero(x)).worst).toBeLessThan(1e-4);
      }),
      { numRuns: 25 },
    );
  });

  test("equals its definition, element by element", () => {
    fc.assert(
      fc.property(smallBatches(), fc.constantFrom(0, 0.01, 0.3, 2), (x, a) => {
        const layer = builtLeakyReLU(a, ...x.shape.slice(1));
        expect(layer.forward(x).data).toEqual(x.data.map((value) => (value > 0 ? value : a * value)));
        const dy = new Tensor(
          x.shape,
          x.data.map((value) => value + 3),
        );
        expect(layer.backward(dy).data).toEqual(dy.data.map((d, i) => (x.data[i]! > 0 ? d : a * d)));
      }),
      { numRuns: 50 },
    );
  });

  test("has the slope 0.3 if none is given", () => {
    expect(new LeakyReLU().negativeSlope).toBe(0.3);
  });

  test("lets NaN through", () => {
    const y = builtLeakyReLU(0.5, 2).forward(Tensor.from([[Number.NaN, -1]]));
    expect(y.toArray()).toEqual([[Number.NaN, -0.5]]);
  });

  test("refuses a slope that is negative or not finite", () => {
    expect(() => new LeakyReLU({ negativeSlope: -0.1 })).toThrow(
      new RangeError("LeakyReLU: expected negativeSlope to be a finite number >= 0, got -0.1 (number)."),
    );
    expect(() => new LeakyReLU({ negativeSlope: Number.NaN })).toThrow(
      new RangeError("LeakyReLU: expected negativeSlope to be a finite number >= 0, got NaN (number)."),
    );
  });
});

describeContract(LeakyReLU, { negativeSlope: 0.25 }, [2, 3]);
