import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Dense, type DenseOptions } from "../../src/layers/dense.js";
import { type Parameter, zeroGrad } from "../../src/layers/layer.js";
import { gradientCheck } from "../../src/model/gradient-check.js";
import type { Initializer } from "../../src/tensor/init.js";
import { Random } from "../../src/tensor/random.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { HeapWorkspace } from "../../src/tensor/workspace.js";
import { naiveDense, naiveDenseGradients } from "../helpers/naive.js";
import { normalTensor } from "../helpers/random-tensor.js";

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

const sizes = fc.tuple(...[5, 9, 9].map((max) => fc.integer({ min: 1, max }))) as fc.Arbitrary<
  [N: number, I: number, O: number]
>;

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

  test("has the gradients that differences measure", () => {
    // linear in x, W and b each: any step is exact, and a large one rounds least; worst measured, of 1,500: 4e-6
    fc.assert(
      fc.property(sizes, fc.boolean(), fc.nat(), ([N, I, O], useBias, seed) => {
        const report = gradientCheck(new Dense({ units: O, useBias }), normalTensor([N, I], seed), {
          step: 0.5,
        });
        expect(report.rows.map(({ name }) => name)).toEqual([
          "input",
          "kernel",
          ...(useBias ? ["bias"] : []),
        ]);
        expect(report.worst).toBeLessThan(1e-4);
      }),
      { numRuns: 40 },
    );
  });

  test("adds to the gradients: backward twice doubles them, until zeroGrad", () => {
    const { layer, kernel, bias } = built(4, { units: 3 });
    layer.forward(normalTensor([5, 4], 1));
    const dy = normalTensor([5, 3], 2);
    layer.backward(dy);
    const once = [kernel.grad.clone(), bias.grad.clone()];
    layer.backward(dy);
    expect([...kernel.grad.data]).toEqual(Array.from(once[0]!.data, (g) => 2 * g));
    expect([...bias.grad.data]).toEqual(Array.from(once[1]!.data, (g) => 2 * g));
    zeroGrad(layer.parameters);
    layer.backward(dy);
    expect([kernel.grad, bias.grad]).toEqual(once);
  });

  test("equals the naive loops: closely in float64, in every bit in float32", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ([N, I, O], seed) => {
        const { layer, kernel, bias } = built(I, { units: O });
        bias.value.data.set(normalTensor([O], seed).data);
        const [W, b] = [kernel.value, bias.value];
        const x = normalTensor([N, I], seed + 1);
        const dy = normalTensor([N, O], seed + 2);
        const y = layer.forward(x);
        expect(y).toBeAllclose(naiveDense(x, W, b), { atol: 1e-5 });
        expect(y.toArray()).toEqual(naiveDense(x, W, b, Math.fround));
        const gradients = {
          dx: layer.backward(dy)!.toArray(),
          dW: kernel.grad.toArray(),
          db: bias.grad.toArray(),
        };
        expect(gradients).toEqual(naiveDenseGradients(x, W, dy, Math.fround));
        const close = naiveDenseGradients(x, W, dy);
        expect(gradients.dx).toBeAllclose(close.dx, { atol: 1e-5 });
        expect(gradients.dW).toBeAllclose(close.dW, { atol: 1e-5 });
        expect(gradients.db).toBeAllclose(close.db, { atol: 1e-5 });
      }),
      { numRuns: 40 },
    );
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

  test("computes no dx that nobody asks for", () => {
    const { layer, kernel, bias } = small();
    layer.forward(Tensor.from([[1, 2]]));
    expect(layer.backward(Tensor.from([[1, 0, 0]]), { inputGradient: false })).toBeUndefined();
    expect(kernel.grad.toArray()).toEqual([
      [1, 0, 0],
      [2, 0, 0],
    ]);
    expect(bias.grad.toArray()).toEqual([1, 0, 0]);
  });

  test("can do without a bias", () => {
    const { layer, kernel } = built(2, { units: 1, useBias: false });
    expect(layer.parameters).toEqual([kernel]);
    kernel.value.data.set([3, 4]);
    expect(layer.forward(Tensor.from([[1, 2]])).toArray()).toEqual([[11]]);
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

  test("uses its results again, also for a smaller batch after a larger one", () => {
    const { layer, kernel, bias } = built(6, { units: 5 });
    const passes = (x: Tensor) => {
      zeroGrad(layer.parameters);
      const y = layer.forward(x);
      const dy = normalTensor(y.shape, 3);
      const dx = layer.backward(dy)!;
      expect(y.toArray()).toEqual(naiveDense(x, kernel.value, bias.value, Math.fround));
      const gradients = { dx: dx.toArray(), dW: kernel.grad.toArray(), db: bias.grad.toArray() };
      expect(gradients).toEqual(naiveDenseGradients(x, kernel.value, dy, Math.fround));
      return { y, dx };
    };
    const first = passes(normalTensor([7, 6], 1));
    const second = passes(normalTensor([7, 6], 2));
    expect(second.y).toBe(first.y);
    expect(second.dx).toBe(first.dx);
    expect(passes(normalTensor([2, 6], 4)).y.data.buffer).toBe(first.y.data.buffer);
  });

  test("is made again from its config", () => {
    const layer = new Dense({
      units: 3,
      useBias: false,
      kernelInitializer: "heNormal",
      name: "d",
      trainable: false,
    });
    const config = { name: "d", trainable: false, units: 3, useBias: false, kernelInitializer: "heNormal" };
    expect(layer.config()).toEqual(config);
    expect(new Dense(layer.config() as Partial<DenseOptions> as DenseOptions).config()).toEqual(config);
    expect(new Dense({ units: 1 }).config()).toEqual({
      ...{ name: undefined, trainable: true, units: 1 },
      ...{ useBias: true, kernelInitializer: "glorotUniform" },
    });
  });

  test("refuses options out of range", () => {
    expect(() => new Dense({ units: 2.5 })).toThrow(
      new RangeError("Dense: expected units to be a whole number >= 1, got 2.5 (number)."),
    );
    expect(() => new Dense({ units: NaN })).toThrow(
      "Dense: expected units to be a whole number >= 1, got NaN (number).",
    );
    expect(() => new Dense({ units: 1, useBias: 1 as never })).toThrow(
      new TypeError("Dense: expected useBias to be true or false, got 1 (number)."),
    );
    expect(() => new Dense({ units: 1, kernelInitializer: "glorot" as Initializer })).toThrow(
      'Dense: expected kernelInitializer to be "glorotUniform" or "glorotNormal" or "heUniform" or "heNormal" or ' +
        '"zeros" or "ones", got "glorot" (string).',
    );
  });

  test("refuses samples that are no rows", () => {
    expect(() => buildLayer(new Dense({ units: 1 }), [7, 7, 16])).toThrow(
      "Dense.build: expected shape [I], got [7, 7, 16]. Put a Flatten in front of it.",
    );
  });

  test("refuses calls out of order", () => {
    const x = Tensor.from([[1, 2]]);
    const remedy = "expected a built layer, got one without an input shape. Add it to a Sequential first.";
    expect(() => new Dense({ units: 3 }).forward(x)).toThrow(`Dense.forward: ${remedy}`);
    expect(() => new Dense({ units: 3 }).backward(x)).toThrow(`Dense.backward: ${remedy}`);
    expect(() => small().layer.backward(Tensor.from([[1, 2, 3]]))).toThrow(
      "Dense.backward: expected a call of forward before it, got none. The gradient is taken at its input.",
    );
  });

  test("refuses tensors of other shapes", () => {
    const { layer } = small();
    expect(() => layer.forward(Tensor.zeros([2, 7]))).toThrow(
      "Dense.forward: expected shape [N, 2], got [2, 7].",
    );
    layer.forward(Tensor.zeros([4, 2]));
    expect(() => layer.backward(Tensor.zeros([3, 3]))).toThrow(
      "Dense.backward: expected shape [4, 3], got [3, 3].",
    );
  });
});
