import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Flatten } from "../../src/layers/flatten.js";
import { Tensor } from "../../src/tensor/tensor.js";

function builtFlatten(...sampleShape: number[]): Flatten {
  const layer = new Flatten();
  buildLayer(layer, sampleShape);
  return layer;
}

describe("Flatten", () => {
  test("makes each image one row, in the order of rows, columns, channels", () => {
    const image = [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ];
    const layer = builtFlatten(2, 2, 2);
    expect(layer.forward(Tensor.from([image])).toArray()).toEqual([[1, 2, 3, 4, 5, 6, 7, 8]]);
    expect(layer.backward(Tensor.from([[1, 2, 3, 4, 5, 6, 7, 8]])).toArray()).toEqual([image]);
  });

  test("promises the product of the axes", () => {
    expect(buildLayer(new Flatten(), [5, 4, 3])).toEqual([60]);
    expect(buildLayer(new Flatten(), [7])).toEqual([7]);
    expect(buildLayer(new Flatten(), [])).toEqual([1]);
  });

  test("copies nothing", () => {
    const layer = builtFlatten(2, 3);
    const x = new Tensor([4, 2, 3]);
    const dy = new Tensor([4, 6]);
    expect(layer.forward(x).data).toBe(x.data);
    expect(layer.backward(dy).data).toBe(dy.data);
  });
});
