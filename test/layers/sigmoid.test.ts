import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Sigmoid } from "../../src/layers/sigmoid.js";
import { Tensor } from "../../src/tensor/tensor.js";

function builtSigmoid(...sampleShape: number[]): Sigmoid {
  const layer = new Sigmoid();
  buildLayer(layer, sampleShape);
  return layer;
}

describe("Sigmoid", () => {
  test("is 1/2 at 0, 3/4 at ln 3 and 1/4 at -ln 3", () => {
    const y = builtSigmoid(3).forward(Tensor.from([[0, Math.log(3), -Math.log(3)]]));
    expect(y).toBeAllclose([[0.5, 0.75, 0.25]]);
  });

  test("has the slope y·(1 - y): 1/4 at 0, 3/16 at ln 3", () => {
    const layer = builtSigmoid(2);
    layer.forward(Tensor.from([[0, Math.log(3)]]));
    expect(layer.backward(Tensor.from([[4, -16]]))).toBeAllclose([[1, -3]]);
  });

  test("is 1 / (1 + exp(-x)) to one rounding, element by element", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -80, max: 80, noNaN: true }), { minLength: 1 }), (values) => {
        const x = Tensor.from([values]);
        const expected = Float64Array.from(x.data, (value) => 1 / (1 + Math.exp(-value)));
        const y = builtSigmoid(values.length).forward(x);
        expect(y.data).toBeAllclose(expected, { rtol: 6e-8, atol: 0 });
      }),
      { numRuns: 50 },
    );
  });

  test("reaches 0 and 1 for a large |x| without overflow, and has no slope there", () => {
    const layer = builtSigmoid(6);
    const largest = 3.4e38;
    const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;
    const y = layer.forward(
      Tensor.from([[-1e4, 1e4, -largest, largest, NEGATIVE_INFINITY, POSITIVE_INFINITY]]),
    );
    expect(y.toArray()).toEqual([[0, 1, 0, 1, 0, 1]]);
    expect(layer.backward(Tensor.from([[1, 1, 1, 1, 1, 1]])).toArray()).toEqual([[0, 0, 0, 0, 0, 0]]);
  });

  test("is symmetric: y(-x) = 1 - y(x), as far as float32 can tell", () => {
    const x = [0.01, 0.5, 1, 3, 10];
    const y = builtSigmoid(5);
    const right = y.forward(Tensor.from([x])).clone();
    const left = y.forward(Tensor.from([x.map((value) => -value)]));
    expect(left).toBeAllclose(
      new Tensor(
        [1, 5],
        right.data.map((value) => 1 - value),
      ),
      { atol: 6e-8 },
    );
  });

  test("lets NaN through, both ways", () => {
    const layer = builtSigmoid(2);
    expect(layer.forward(Tensor.from([[Number.NaN, 0]])).toArray()).toEqual([[Number.NaN, 0.5]]);
    expect(layer.backward(Tensor.from([[1, Number.NaN]])).toArray()).toEqual([[Number.NaN, Number.NaN]]);
  });
});
