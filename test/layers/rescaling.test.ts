import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Rescaling } from "../../src/layers/rescaling.js";
import { gradientCheck } from "../../src/model/gradient-check.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { describeContract } from "../helpers/layer-contract.js";
import { smallBatches } from "../helpers/small-batches.js";

function builtRescaling(options: { scale: number; offset?: number }, ...sampleShape: number[]): Rescaling {
  const layer = new Rescaling(options);
  buildLayer(layer, sampleShape);
  return layer;
}

describe("Rescaling", () => {
  test("multiplies and then adds; dx is dy multiplied", () => {
    const layer = builtRescaling({ scale: 2, offset: -1 }, 3);
    expect(layer.forward(Tensor.from([[1, 2, 3]])).toArray()).toEqual([[1, 3, 5]]);
    expect(layer.backward(Tensor.from([[10, 20, -30]])).toArray()).toEqual([[20, 40, -60]]);
  });

  test("has the right gradient for any shape (worst measured: 4.8e-5)", () => {
    fc.assert(
      fc.property(smallBatches(), fc.constantFrom(-2, 0.1, 1, 3), (x, scale) => {
        expect(gradientCheck(new Rescaling({ scale, offset: 0.5 }), x).worst).toBeLessThan(1e-3);
      }),
      { numRuns: 25 },
    );
  });

  test("equals scale·x + offset, element by element", () => {
    fc.assert(
      fc.property(smallBatches(), (x) => {
        const y = builtRescaling({ scale: 0.3, offset: 0.7 }, ...x.shape.slice(1)).forward(x);
        const expected = Float64Array.from(x.data, (value) => 0.3 * value + 0.7);
        expect(y.data).toBeAllclose(expected, { rtol: 0, atol: 1e-6 });
      }),
      { numRuns: 50 },
    );
  });

  test("takes bytes to [0, 1] with a scale of 1/255, without an offset", () => {
    const y = builtRescaling({ scale: 1 / 255 }, 3).forward(Tensor.from([[0, 51, 255]]));
    expect(y).toBeAllclose([[0, 0.2, 1]]);
    expect(y.at(0, 2)).toBe(1);
  });

  // 0 -> (0 - 0.1307) / 0.3081, 255 -> (1 - 0.1307) / 0.3081
  test("takes bytes to mean 0 and deviation 1 as its documentation says", () => {
    const [mean, deviation] = [0.1307, 0.3081];
    const layer = builtRescaling({ scale: 1 / (255 * deviation), offset: -mean / deviation }, 2);
    expect(layer.forward(Tensor.from([[0, 255]]))).toBeAllclose([[-0.42421, 2.82149]]);
  });

  test("lets NaN through", () => {
    const y = builtRescaling({ scale: 2, offset: 1 }, 2).forward(Tensor.from([[Number.NaN, 1]]));
    expect(y.toArray()).toEqual([[Number.NaN, 3]]);
  });

  test("refuses a scale or an offset that is not finite", () => {
    expect(() => new Rescaling({ scale: Number.NaN })).toThrow(
      new RangeError("Rescaling: expected scale to be a finite number, got NaN (number)."),
    );
    expect(() => new Rescaling({ scale: 1, offset: Number.POSITIVE_INFINITY })).toThrow(
      new RangeError("Rescaling: expected offset to be a finite number, got Infinity (number)."),
    );
  });
});

describeContract(Rescaling, { scale: 0.5, offset: 2 }, [2, 3]);
