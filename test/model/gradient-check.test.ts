import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AvgPool2D } from "../../src/layers/avg-pool2d.js";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { buildLayer } from "../../src/layers/build.js";
import { Conv2D } from "../../src/layers/conv2d.js";
import { Dense } from "../../src/layers/dense.js";
import { Dropout } from "../../src/layers/dropout.js";
import { Flatten } from "../../src/layers/flatten.js";
import { GlobalAvgPool2D } from "../../src/layers/global-avg-pool2d.js";
import type { Layer, Parameter } from "../../src/layers/layer.js";
import { LeakyReLU } from "../../src/layers/leaky-relu.js";
import { MaxPool2D } from "../../src/layers/max-pool2d.js";
import { ReLU } from "../../src/layers/relu.js";
import { Rescaling } from "../../src/layers/rescaling.js";
import { Sigmoid } from "../../src/layers/sigmoid.js";
import { Softmax } from "../../src/layers/softmax.js";
import { Tanh } from "../../src/layers/tanh.js";
import { GradientReport, gradientCheck } from "../../src/model/gradient-check.js";
import { Sequential } from "../../src/model/sequential.js";
import { ShapeError } from "../../src/tensor/errors.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { normalTensor, wholeTensor } from "../helpers/random-tensor.js";
import { windowCases } from "../helpers/windows.js";

/** A layer like `inner`, but for its backward pass. */
function mutant(inner: Layer, backward: Layer["backward"]): Layer {
  return {
    type: inner.type,
    get parameters() {
      return inner.parameters;
    },
    build: (inputShape, context) => inner.build(inputShape, context),
    forward: (x, options) => inner.forward(x, options),
    backward,
    config: () => inner.config(),
  };
}

/** A copy of dy in which one output has no gradient: sums over the outputs lose a term. */
function withoutOneTerm(dy: Tensor): Tensor {
  const copy = dy.clone();
  const largest = dy.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  copy.data[copy.data.findIndex((value) => Math.abs(value) === largest)] = 0;
  return copy;
}

/** Exchanges the first two axes, which are equally long. */
function exchangeAxes({ data, shape }: Tensor): void {
  const before = data.slice();
  const n = shape[0]!;
  const size = data.length / n / n;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      data.set(before.subarray((j * n + i) * size, (j * n + i + 1) * size), (i * n + j) * size);
    }
  }
}

/** What can go wrong in the backward pass of a layer with a square kernel and a bias. */
const mistakes: Record<string, (inner: Layer) => Layer> = {
  "an input gradient that is 1 % too large": (inner) =>
    mutant(inner, (dy) => {
      const dx = inner.backward(dy);
      dx?.data.forEach((value, i) => {
        dx.data[i] = 1.01 * value;
      });
      return dx;
    }),
  "a kernel gradient that is 1 % too large": (inner) =>
    mutant(inner, (dy) => {
      const dx = inner.backward(dy);
      const grad = inner.parameters[0]!.grad.data; // was zero before
      grad.forEach((value, i) => {
        grad[i] = 1.01 * value;
      });
      return dx;
    }),
  "an input gradient that lost a term": (inner) =>
    mutant(inner, (dy) => {
      const saved = inner.parameters.map(({ grad }) => grad.clone());
      const dx = inner.backward(withoutOneTerm(dy))?.clone();
      for (const [i, { grad }] of inner.parameters.entries()) grad.data.set(saved[i]!.data);
      inner.backward(dy);
      return dx;
    }),
  "parameter gradients that lost a term": (inner) =>
    mutant(inner, (dy) => {
      inner.backward(withoutOneTerm(dy));
      const saved = inner.parameters.map(({ grad }) => grad.clone());
      const dx = inner.backward(dy);
      for (const [i, { grad }] of inner.parameters.entries()) grad.data.set(saved[i]!.data);
      return dx;
    }),
  "a transposed index in the kernel gradient": (inner) =>
    mutant(inner, (dy) => {
      const dx = inner.backward(dy);
      exchangeAxes(inner.parameters[0]!.grad);
      return dx;
    }),
  "a lost bias gradient": (inner) =>
    mutant(inner, (dy) => {
      const dx = inner.backward(dy);
      inner.parameters[1]!.grad.data.fill(0);
      return dx;
    }),
};

const dense = (): Layer => new Dense({ units: 4 });
const conv = (): Layer => new Conv2D({ filters: 2, kernelSize: 3, padding: "same" });
const vectors = (seed: number): Tensor => normalTensor([3, 4], seed);
const images = (seed: number): Tensor => normalTensor([2, 5, 4, 2], seed);
const seeds = [0, 1, 2, 3, 4];

/** conv - relu - maxpool - conv - relu - flatten - dense, with the second convolution as given. */
function network(second: Layer, seed: number): Sequential {
  const model = new Sequential({ inputShape: [6, 6, 1], seed }, [
    new Conv2D({ filters: 2, kernelSize: 3 }),
    new ReLU(),
    new MaxPool2D(),
    second,
    new ReLU(),
    new Flatten(),
    new Dense({ units: 3 }),
  ]);
  randomiseBiases(model, seed);
  return model;
}

/** Gives random values to what starts at zero, so that a check of it is no check of a special case. */
function randomiseBiases({ parameters }: Sequential, seed: number): void {
  for (const { name, value } of parameters) {
    if (/bias|beta/.test(name)) value.data.set(normalTensor(value.shape, seed).data);
  }
}

describe("gradientCheck", () => {
  test("measures the gradient of the input and of each parameter", () => {
    const report = gradientCheck(dense(), vectors(1));
    expect(report.rows.map(({ name, shape }) => [name, shape])).toEqual([
      ["input", [3, 4]],
      ["kernel", [4, 4]],
      ["bias", [4]],
    ]);
    expect(report.worst).toBe(Math.max(...report.rows.map(({ error }) => error)));
    expect(report.worst).toBeLessThan(1e-4);
  });

  test("names the element with the largest difference, and both gradients there", () => {
    const wrong = mutant(new Rescaling({ scale: 2 }), (dy) => {
      const dx = dy.clone();
      dx.data.forEach((value, i) => {
        dx.data[i] = i === 1 ? 0 : 2 * value;
      });
      return dx;
    });
    const [row] = gradientCheck(wrong, Tensor.from([[1, 2, 3]])).rows;
    expect(row).toMatchObject({ name: "input", at: 1, analytic: 0, skipped: 0 });
    expect(Math.abs(row!.numeric)).toBeGreaterThan(2 * 0.99); // y = 2x, so the slope is 2r, and |r| is at least 1
    expect(row!.error).toBeGreaterThan(0.1);
  });

  test("has the formula max|analytic − numeric| / max(max|numeric|, floor)", () => {
    const x = Tensor.from([[1, 2, 3]]);
    const lost = mutant(new Rescaling({ scale: 2 }), (dy) => new Tensor(dy.shape));
    const row = gradientCheck(lost, x).rows[0]!;
    expect(row.error).toBe(1); // |0 − g| / |g| at the largest g
    expect(gradientCheck(lost, x, { floor: 100 }).rows[0]!.error).toBe(Math.abs(row.numeric) / 100);
  });

  describe("passes right layers and catches wrong ones:", () => {
    test("the right layers stay below 1e-4", () => {
      // worst measured: 1e-5
      for (const seed of seeds) {
        expect(gradientCheck(dense(), vectors(seed)).worst).toBeLessThan(1e-4);
        expect(gradientCheck(conv(), images(seed)).worst).toBeLessThan(1e-4);
        expect(gradientCheck(network(conv(), seed), normalTensor([2, 6, 6, 1], seed)).worst).toBeLessThan(
          1e-3,
        );
      }
    });

    test.each(Object.keys(mistakes))("%s is caught in a Dense, a Conv2D and a network", (mistake) => {
      for (const seed of seeds) {
        const wrong = mistakes[mistake]!;
        expect(gradientCheck(wrong(dense()), vectors(seed)).worst).toBeGreaterThan(1e-3);
        expect(gradientCheck(wrong(conv()), images(seed)).worst).toBeGreaterThan(1e-3);
        const model = network(wrong(conv()), seed);
        expect(gradientCheck(model, normalTensor([2, 6, 6, 1], seed)).worst).toBeGreaterThan(1e-3);
      }
    });

    test("the row of the wrong gradient shows it, and no other row does", () => {
      const wrongRows = (mistake: string): string[] =>
        gradientCheck(mistakes[mistake]!(dense()), vectors(1))
          .rows.filter(({ error }) => error > 1e-3)
          .map(({ name }) => name);
      expect(wrongRows("an input gradient that is 1 % too large")).toEqual(["input"]);
      expect(wrongRows("a kernel gradient that is 1 % too large")).toEqual(["kernel"]);
      expect(wrongRows("a lost bias gradient")).toEqual(["bias"]);
    });
  });

  describe("at kinks", () => {
    test("leaves out a ReLU's 0, counts it, and checks the others", () => {
      const x = Tensor.from([[0, 1, -1, 2, 0.5]]);
      const row = gradientCheck(new ReLU(), x).rows[0]!;
      expect(row.skipped).toBe(1);
      expect(row.error).toBeLessThan(1e-4);
    });

    test("measures with smaller steps beside a kink", () => {
      const x = Tensor.from([[0.02, -0.02, 0.005, -0.005]]); // the first step is 0.1
      const row = gradientCheck(new ReLU(), x).rows[0]!;
      expect(row.skipped).toBe(0);
      expect(row.error).toBeLessThan(1e-4);
    });

    test("leaves out the ties of a max-pool", () => {
      const x = Tensor.from([7, 7, 1, 2, 3, 0, 2, 4, 5, 9, 8, 6], [1, 2, 6, 1]);
      const row = gradientCheck(new MaxPool2D(), x).rows[0]!;
      expect(row.skipped).toBe(2); // the two 7
      expect(row.error).toBeLessThan(1e-4);
    });

    test("still catches a wrong layer", () => {
      const scaled = (inner: Layer): Layer => mistakes["an input gradient that is 1 % too large"]!(inner);
      const row = gradientCheck(scaled(new ReLU()), Tensor.from([[0, 1, -1, 2, 0]])).rows[0]!;
      expect(row.skipped).toBe(2);
      expect(row.error).toBeGreaterThan(1e-3);
      const ties = wholeTensor([2, 6, 6, 1], 1);
      const pooled = gradientCheck(scaled(new MaxPool2D({ poolSize: [1, 2] })), ties).rows[0]!;
      expect(pooled.skipped).toBeGreaterThan(0);
      expect(pooled.error).toBeGreaterThan(1e-3);
    });

    test("fails where more than half of the elements lie on kinks: nothing was checked", () => {
      const report = gradientCheck(new ReLU(), Tensor.from([[0, 0, 0, 1]]));
      expect(report.rows[0]).toMatchObject({ skipped: 3, error: Number.POSITIVE_INFINITY });
      expect(gradientCheck(new ReLU(), Tensor.from([[0, 0, 1, 1]])).worst).toBeLessThan(1e-4);
    });
  });

  test("reports NaN where a gradient, analytic or numeric, is not finite", () => {
    const nan = mutant(
      new ReLU(),
      (dy) =>
        new Tensor(
          dy.shape,
          dy.data.map(() => Number.NaN),
        ),
    );
    expect(gradientCheck(nan, vectors(1)).worst).toBe(Number.NaN);
    const infinite = mutant(
      new ReLU(),
      (dy) =>
        new Tensor(
          dy.shape,
          dy.data.map(() => 1 / 0),
        ),
    );
    expect(gradientCheck(infinite, vectors(1)).worst).toBe(Number.NaN);
    const x = vectors(1);
    x.data[0] = Number.NaN;
    expect(gradientCheck(dense(), x).worst).toBe(Number.NaN);
  });

  test("changes nothing: no input, weight, gradient or moving average", () => {
    const model = new Sequential({ inputShape: [4, 4, 1] }, [
      new Conv2D({ filters: 2, kernelSize: 3 }),
      new BatchNormalization(),
      new Flatten(),
      new Dropout({ rate: 0.5 }),
      new Dense({ units: 2 }),
    ]);
    for (const { grad } of model.parameters) grad.data.fill(7);
    const x = normalTensor([3, 4, 4, 1], 1);
    const all = (): Tensor[] =>
      [x, ...model.getWeights(), ...model.parameters.map(({ grad }) => grad)].map((tensor) => tensor.clone());
    const before = all();
    gradientCheck(model, x);
    expect(all()).toEqual(before);
    expect(model.steps).toBe(0);
  });

  test.each([5, 40])("puts everything back when the layer throws in pass %i", (pass) => {
    const layer = new Dense({ units: 2 });
    buildLayer(layer, [3]);
    const x = normalTensor([1, 3], 1);
    const all = (): Tensor[] => [x, ...layer.parameters.map(({ value }) => value)].map((t) => t.clone());
    const before = all();
    let passes = 0;
    const failing = {
      parameters: layer.parameters,
      forward: (input: Tensor): Tensor => {
        passes++;
        if (passes === pass) throw new Error("no more");
        return layer.forward(input);
      },
      backward: (dy: Tensor) => layer.backward(dy),
    };
    expect(() => gradientCheck(failing, x)).toThrow(new Error("no more"));
    expect(all()).toEqual(before);
  });

  test("takes a layer whose results are overwritten by its next call", () => {
    const result = new Tensor([1, 3]);
    const twice = (from: Tensor): Tensor => {
      for (const [i, value] of from.data.entries()) result.data[i] = 2 * value;
      return result;
    };
    const subject = { parameters: [], forward: twice, backward: twice };
    expect(gradientCheck(subject, normalTensor([1, 3], 1)).worst).toBeLessThan(1e-4);
  });

  test("builds a layer that is not built, from the seed, and leaves a built one as it is", () => {
    const kernel = (seed: number): Tensor => {
      const layer = dense();
      gradientCheck(layer, vectors(1), { seed });
      return layer.parameters[0]!.value;
    };
    expect(kernel(1)).toEqual(kernel(1));
    expect(kernel(1)).not.toEqual(kernel(2));
    const built = dense();
    buildLayer(built, [4]);
    built.parameters[0]!.value.data.fill(1);
    gradientCheck(built, vectors(1), { seed: 2 });
    expect(new Set(built.parameters[0]!.value.data)).toEqual(new Set([1]));
  });

  test("is the same for the same seed, and projects on another vector for another", () => {
    const numeric = (seed: number): number =>
      gradientCheck(new Tanh(), vectors(1), { seed }).rows[0]!.numeric;
    expect(numeric(1)).toBe(numeric(1));
    expect(numeric(1)).not.toBe(numeric(2));
  });

  test("checks training, or inference if told so", () => {
    const x = normalTensor([4, 3, 3, 2], 1);
    const check = (training?: boolean): GradientReport => {
      const seen: (boolean | undefined)[] = [];
      const layer = new BatchNormalization();
      buildLayer(layer, [3, 3, 2]);
      const subject = {
        parameters: layer.parameters as readonly Parameter[],
        state: layer.state,
        forward: (input: Tensor, options?: { training?: boolean }) => {
          seen.push(options?.training);
          return layer.forward(input, options);
        },
        backward: (dy: Tensor) => layer.backward(dy),
      };
      const report = gradientCheck(subject, x, { training });
      expect(new Set(seen)).toEqual(new Set([training ?? true]));
      return report;
    };
    // worst measured: 1e-5
    expect(check().worst).toBeLessThan(1e-4);
    expect(check(true).worst).toBeLessThan(1e-4);
    expect(check(false).worst).toBeLessThan(1e-4);
    expect(gradientCheck(new Dropout({ rate: 0.5 }), x).worst).toBeLessThan(1e-4);
  });

  test("is best with the default step: a step of 1e-2 is 10 times as bad, one of 1e-4 hopeless", () => {
    // worst measured: 2e-6 with 1e-1, 2e-5 with 1e-2, 2e-4 with 1e-3; with 1e-4 the rest is noise
    const worst = (step?: number): number =>
      Math.max(...seeds.map((seed) => gradientCheck(dense(), vectors(seed), { step }).worst));
    expect(worst(1e-2)).toBeLessThan(1e-3);
    expect(worst()).toBeLessThan(worst(1e-2) / 5);
    expect(worst(1e-4)).toBeGreaterThan(10 * worst(1e-2));
  });

  test("prints as a table", () => {
    const report = new GradientReport([
      { name: "input", shape: [2, 3], error: 1.25e-6, at: 4, analytic: 0.5, numeric: 0.500001, skipped: 0 },
      {
        name: "conv2d_1/kernel",
        shape: [3, 3, 1, 8],
        error: 1,
        at: 71,
        analytic: 0,
        numeric: -12,
        skipped: 3,
      },
      { name: "bias", shape: [8], error: Number.NaN, at: 0, analytic: Number.NaN, numeric: 1, skipped: 0 },
    ]);
    const table = [
      "gradient of             shape   error  analytic   numeric  at  skipped",
      "---------------  ------------  ------  --------  --------  --  -------",
      "input                  [2, 3]  1.3e-6  0.500000  0.500001   4        0",
      "conv2d_1/kernel  [3, 3, 1, 8]  1.0e+0   0.00000  -12.0000  71        3",
      "bias                      [8]     NaN       NaN   1.00000   0        0",
    ].join("\n");
    expect(report.toString()).toBe(table);
    expect(inspect(report)).toBe(table);
    expect(report.worst).toBe(Number.NaN);
  });

  test("refuses what it cannot check", () => {
    // @ts-expect-error: an array is no tensor
    expect(() => gradientCheck(dense(), [[1, 2]])).toThrow(
      new TypeError("gradientCheck: expected input to be a Tensor, got [[1, 2]]. Tensor.from makes one."),
    );
    expect(() => gradientCheck(dense(), vectors(1), { step: 0 })).toThrow(
      new RangeError("gradientCheck: expected step to be a finite number > 0, got 0 (number)."),
    );
    expect(() => gradientCheck(dense(), vectors(1), { floor: Number.NaN })).toThrow(
      new RangeError("gradientCheck: expected floor to be a finite number > 0, got NaN (number)."),
    );
    expect(() => gradientCheck(dense(), new Tensor([0, 4]))).toThrow(
      new ShapeError("gradientCheck: expected input to be a batch of at least one sample, got [0, 4]."),
    );
    expect(() =>
      gradientCheck(
        mutant(dense(), () => undefined),
        vectors(1),
      ),
    ).toThrow(new Error("gradientCheck: expected backward to return dx when asked for it, got undefined."));
    expect(() => gradientCheck(conv(), vectors(1))).toThrow(ShapeError);
  });
});

describe("gradientCheck of whole networks", () => {
  const cases = fc.tuple(windowCases(), fc.integer({ min: 1, max: 3 }), fc.nat(1e6));
  // the same cases in every run: of 6,000 others one was 1.5e-3 off, where an element has so many kinks around it that
  // three steps agreed by chance
  const runs = { numRuns: 60, seed: 1 };

  function check(inputShape: Shape, layers: readonly Layer[], seed: number): GradientReport {
    const model = new Sequential({ inputShape: inputShape.slice(1), seed }, layers);
    randomiseBiases(model, seed + 1);
    return gradientCheck(model, normalTensor(inputShape, seed + 2));
  }

  test("stays below 1e-3 for conv, relu, maxpool, conv, relu, flatten and dense", () => {
    // worst measured, of 1,500: 7e-4
    fc.assert(
      fc.property(cases, ([{ shape, window }, filters, seed]) => {
        const layers = [
          new Conv2D({ filters, ...window }),
          new ReLU(),
          new MaxPool2D({ padding: "same" }),
          new Conv2D({ filters: 2, kernelSize: 2, padding: "same" }),
          new ReLU(),
          new Flatten(),
          new Dense({ units: 3 }),
        ];
        const { worst } = check(shape, layers, seed);
        // in 1 case of 50, more than half of some tensor lies too near to kinks
        fc.pre(worst !== Number.POSITIVE_INFINITY);
        expect(worst).toBeLessThan(1e-3);
      }),
      runs,
    );
  });

  test("stays below 1e-3 for conv, tanh, avgpool, dropout, flatten, dense, sigmoid, dense and softmax", () => {
    // worst measured, of 1,500: 4e-4
    fc.assert(
      fc.property(cases, ([{ shape, window }, filters, seed]) => {
        const layers = [
          new Conv2D({ filters, ...window }),
          new Tanh(),
          new AvgPool2D({ padding: "same" }),
          new Dropout({ rate: 0.2 }),
          new Flatten(),
          new Dense({ units: 4 }),
          new Sigmoid(),
          new Dense({ units: 3 }),
          new Softmax(),
        ];
        expect(check(shape, layers, seed).worst).toBeLessThan(1e-3);
      }),
      runs,
    );
  });

  test("stays below 1e-3 for conv, batch normalisation, a leaky relu or a sigmoid, global avgpool and dense", () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ([{ shape, window }, filters, seed], leaky) => {
        const [, ...imageShape] = shape;
        const layers = [
          new Conv2D({ filters, useBias: false, ...window }),
          new BatchNormalization(),
          leaky ? new LeakyReLU() : new Sigmoid(),
          new GlobalAvgPool2D(),
          new Dense({ units: 3 }),
        ];
        const { worst } = check([4, ...imageShape], layers, seed);
        fc.pre(worst !== Number.POSITIVE_INFINITY);
        expect(worst).toBeLessThan(1e-3);
      }),
      runs,
    );
  });
});
