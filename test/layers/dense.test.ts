import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Dense, type DenseOptions } from "../../src/layers/dense.js";
import type { Parameter } from "../../src/layers/layer.js";
import { Random } from "../../src/tensor/random.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { HeapWorkspace } from "../../src/tensor/workspace.js";

/** A layer of its own, built for I inputs, and its parameters. */
function built(I: number, options: DenseOptions) {
  const layer = new Dense(options);
  buildLayer(layer, [I]);
  const [kernel, bias] = layer.parameters as [Parameter, Parameter];
  return { layer, kernel, bias };
}

/** The layer y = [x₀, x₁]·[[1, 2, 3], [4, 5, 6]] + [10, 20, 30]. */
function small() {
  const parts = built(2, { units: 3 });
  parts.kernel.value.data.set([1, 2, 3, 4, 5, 6]);
  parts.bias.value.data.set([10, 20, 30]);
  return parts;
}

describe("Dense", () => {
  test("gives x·W + b for each row of x", () => {
    const x = Tensor.from([
      [1, 2],
      [0, -1],
    ]);
    expect(small().layer.forward(x).toArray()).toEqual([
      [19, 32, 45], // 1·1 + 2·4 + 10, ...
      [6, 15, 24],
    ]);
  });

  test("gives dx = dy·Wᵀ, dW = xᵀ·dy, and in db the sum of dy over the rows", () => {
    const { layer, kernel, bias } = small();
    layer.forward(
      Tensor.from([
        [1, 2],
        [0, -1],
      ]),
    );
    const dx = layer.backward(
      Tensor.from([
        [1, 0, -1],
        [0, 5, 0],
      ]),
    );
    expect(dx?.toArray()).toEqual([
      [-2, -2], // 1·1 − 1·3, 1·4 − 1·6
      [10, 25],
    ]);
    expect(kernel.grad.toArray()).toEqual([
      [1, 0, -1],
      [2, -5, -2],
    ]);
    expect(bias.grad.toArray()).toEqual([1, 5, -1]);
  });

  test("adds the finished sum of a batch once to what the gradient holds", () => {
    const { layer, kernel, bias } = built(1, { units: 1 });
    const big = 2 ** 24; // big + 1 is big in float32, and big + 2 is not
    kernel.grad.data.set([big]);
    bias.grad.data.set([big]);
    layer.forward(Tensor.from([[1], [1]]));
    layer.backward(Tensor.from([[1], [1]]));
    expect([kernel.grad.at(0, 0), bias.grad.at(0)]).toEqual([big + 2, big + 2]);
  });

  test("starts with a kernel drawn as its initialiser says, and a bias of zeros", () => {
    const ones = built(2, { units: 3, kernelInitializer: "ones" });
    expect([...ones.kernel.value.data]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...ones.bias.value.data]).toEqual([0, 0, 0]);

    const { kernel } = built(20, { units: 30 });
    const limit = Math.sqrt(6 / (20 + 30)); // Glorot's, the default
    expect(Math.max(...kernel.value.data.map(Math.abs))).toBeLessThanOrEqual(Math.fround(limit));
    expect(Math.max(...kernel.value.data)).toBeGreaterThan(0.9 * limit);
    expect(Math.min(...kernel.value.data)).toBeLessThan(-0.9 * limit);
  });

  test("draws its kernel from the generator it is given", () => {
    const kernelOf = (seed: number): Tensor => {
      const layer = new Dense({ units: 3 });
      buildLayer(layer, [4], { workspace: new HeapWorkspace(), random: new Random(seed) });
      return layer.parameters[0]!.value;
    };
    expect(kernelOf(1)).toEqual(kernelOf(1));
    expect(kernelOf(1)).not.toEqual(kernelOf(2));
  });

  test("counts its parameters and multiply-adds once it is built", () => {
    const layer = new Dense({ units: 10 });
    expect([layer.parameters, layer.multiplyAdds]).toEqual([[], 0]);
    expect(buildLayer(layer, [784])).toEqual([10]);
    expect(layer.parameters.map(({ name, value }) => [name, value.shape])).toEqual([
      ["kernel", [784, 10]],
      ["bias", [10]],
    ]);
    expect(layer.multiplyAdds).toBe(7840);
  });

  test("lets NaN through to the rows that have one", () => {
    const x = Tensor.from([
      [NaN, 0],
      [1, 2],
    ]);
    expect(small().layer.forward(x).toArray()).toEqual([
      [NaN, NaN, NaN],
      [19, 32, 45],
    ]);
  });
});
