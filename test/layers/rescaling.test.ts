import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Rescaling } from "../../src/layers/rescaling.js";
import { Tensor } from "../../src/tensor/tensor.js";

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
});
