import { describe, expect, test } from "vitest";
import { Adam } from "../../src/optim/adam.js";
import { AdamW } from "../../src/optim/adamw.js";
import type { Parameter } from "../../src/tensor/parameter.js";
import { Tensor } from "../../src/tensor/tensor.js";

function scalar(value: number, grad: number, name = "w"): Parameter {
  return { name, value: Tensor.from([value]), grad: Tensor.from([grad]) };
}

describe("AdamW", () => {
  test("takes α·λ of a weight off it in each step, though no gradient moves it", () => {
    const adamw = new AdamW({ learningRate: 0.5, weightDecay: 0.5 });
    const w = scalar(64, 0);
    const values = [1, 2, 3].map(() => {
      adamw.step([w]);
      return w.value.at(0);
    });
    expect(values).toEqual([48, 36, 27]); // three quarters of it remain
  });

  test("decays first, then takes the step of Adam", () => {
    // α = 0.1, α·λ = 0.05, and under a constant gradient Adam's step is α:
    // θ = 2·0.95 − 0.1 = 1.8, then 1.8·0.95 − 0.1 = 1.61, then 1.61·0.95 − 0.1 = 1.4295
    const adamw = new AdamW({ learningRate: 0.1, weightDecay: 0.5 });
    const w = scalar(2, 3);
    const values = [1, 2, 3].map(() => {
      adamw.step([w]);
      return w.value.at(0);
    });
    expect(values).toBeAllclose([1.8, 1.61, 1.4295], { rtol: 1e-6 });
  });

  test("keeps the decay out of the gradient: large and small ones decay alike", () => {
    const adamw = new AdamW({ learningRate: 0.01, weightDecay: 1 });
    const [large, small] = [scalar(1, 1000), scalar(1, 0.001)];
    for (let step = 0; step < 3; step++) adamw.step([large, small]);
    expect(large.value.at(0)).toBeCloseTo(small.value.at(0), 5);
  });

  test("decays by the scheduled rate", () => {
    const adamw = new AdamW({ learningRate: (step) => [0, 0.5, 1][step] ?? 0, weightDecay: 0.5 });
    const w = scalar(8, 0);
    const values = [1, 2, 3].map(() => {
      adamw.step([w]);
      return w.value.at(0);
    });
    expect(values).toEqual([8, 6, 3]); // 8·1, 8·¾, 6·½
  });

  test("decays the chosen parameters only", () => {
    const adamw = new AdamW({
      learningRate: 0.5,
      weightDecay: 0.5,
      decay: ({ name }) => name.endsWith("kernel"),
    });
    const parameters = ["conv2d_1/kernel", "conv2d_1/bias", "kernel"].map((name) => scalar(4, 0, name));
    adamw.step(parameters);
    expect(parameters.map(({ value }) => value.at(0))).toEqual([3, 4, 3]);
  });

  test("without decay is Adam, to the last bit", () => {
    const options = { learningRate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 1e-3 };
    const [adam, adamw] = [new Adam(options), new AdamW({ ...options, weightDecay: 0 })];
    const [a, b] = [scalar(1, 0), scalar(1, 0)];
    for (const g of [1, -0.3, 0.7, 2]) {
      a.grad.data[0] = g;
      b.grad.data[0] = g;
      adam.step([a]);
      adamw.step([b]);
      expect(b.value).toEqual(a.value);
    }
  });

  test("has the defaults of Keras", () => {
    const { learningRate, weightDecay, beta1, beta2, epsilon } = new AdamW();
    expect({ learningRate, weightDecay, beta1, beta2, epsilon }).toEqual({
      learningRate: 1e-3,
      weightDecay: 0.004,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
    });
  });

  test.each([
    [{ weightDecay: -1 }, "weightDecay to be a finite number >= 0, got -1 (number)"],
    [{ weightDecay: Number.NaN }, "weightDecay to be a finite number >= 0, got NaN (number)"],
    [{ beta1: 1 }, "beta1 to be a finite number >= 0 and < 1, got 1 (number)"],
    [{ beta2: Number.NaN }, "beta2 to be a finite number >= 0 and < 1, got NaN (number)"],
    [{ epsilon: 0 }, "epsilon to be a finite number > 0, got 0 (number)"],
  ])("refuses %j", (options, expected) => {
    expect(() => new AdamW(options)).toThrow(new RangeError(`AdamW: expected ${expected}.`));
  });

  test("refuses a decay that is no function", () => {
    expect(() => new AdamW({ decay: "kernel" as never })).toThrow(
      new TypeError('AdamW: expected decay to be a function of a parameter, got "kernel" (string).'),
    );
  });
});
