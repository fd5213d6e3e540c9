import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SGD } from "../../src/optim/sgd.js";
import type { Parameter } from "../../src/tensor/parameter.js";
import { Tensor } from "../../src/tensor/tensor.js";

function scalar(value: number, grad: number): Parameter {
  return { name: "w", value: Tensor.from([value]), grad: Tensor.from([grad]) };
}

/** θ after each of three steps from 1 with the gradient 1. */
function threeSteps(sgd: SGD): number[] {
  const w = scalar(1, 1);
  return [1, 2, 3].map(() => {
    sgd.step([w]);
    return w.value.at(0);
  });
}

describe("SGD", () => {
  test("steps down the gradient by the learning rate", () => {
    expect(threeSteps(new SGD({ learningRate: 0.5 }))).toEqual([0.5, 0, -0.5]);
  });

  test("with momentum keeps a share of its velocity", () => {
    // v = −0.5, then 0.5·(−0.5) − 0.5 = −0.75, then 0.5·(−0.75) − 0.5 = −0.875, and θ moves by v
    expect(threeSteps(new SGD({ learningRate: 0.5, momentum: 0.5 }))).toEqual([0.5, -0.25, -1.125]);
  });

  test("with Nesterov's momentum moves by μ·v − α·g", () => {
    // the same v, so θ moves by −0.25 − 0.5, then −0.375 − 0.5, then −0.4375 − 0.5
    const sgd = new SGD({ learningRate: 0.5, momentum: 0.5, nesterov: true });
    expect(threeSteps(sgd)).toEqual([0.25, -0.625, -1.5625]);
  });

  test("with Nesterov's momentum is where the paper's iteration looks for its gradient", () => {
    // Sutskever et al. 2013, equations 3 and 4: v ← μ·v − α·∇f(θ + μ·v), θ ← θ + v; here with f(θ) = ½·a·θ²
    const share = fc.double({ min: 0.1, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(share, share, share, (momentum, learningRate, a) => {
        const sgd = new SGD({ learningRate, momentum, nesterov: true });
        const w = scalar(1, 0);
        let theta = 1;
        let v = 0;
        for (let step = 0; step < 10; step++) {
          w.grad.data[0] = a * w.value.at(0);
          sgd.step([w]);
          v = momentum * v - learningRate * a * (theta + momentum * v);
          theta += v;
          expect(w.value.at(0)).toBeCloseTo(theta + momentum * v, 5);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("without momentum is the same with Nesterov's", () => {
    const nesterov = threeSteps(new SGD({ learningRate: 0.5, nesterov: true }));
    expect(nesterov).toEqual(threeSteps(new SGD({ learningRate: 0.5 })));
  });

  test("without momentum keeps no velocity", () => {
    const w = scalar(1, 1);
    const [plain, heavy] = [new SGD(), new SGD({ momentum: 0.5 })];
    plain.step([w]);
    heavy.step([w]);
    expect([...plain.saveState([w]).tensors.keys()]).toEqual([]);
    expect([...heavy.saveState([w]).tensors.keys()]).toEqual(["w/v"]);
  });

  test("has the defaults of Keras", () => {
    const sgd = new SGD();
    expect(sgd.learningRate).toBe(0.01);
    expect(sgd.momentum).toBe(0);
    expect(sgd.nesterov).toBe(false);
  });

  test.each([
    [Number.NaN, "NaN (number)"],
    [1, "1 (number)"],
    [-0.1, "-0.1 (number)"],
  ])("refuses a momentum of %d", (momentum, shown) => {
    expect(() => new SGD({ momentum })).toThrow(
      new RangeError(`SGD: expected momentum to be a finite number >= 0 and < 1, got ${shown}.`),
    );
  });

  test("refuses what is neither true nor false for nesterov", () => {
    expect(() => new SGD({ nesterov: 0.9 as never })).toThrow(
      new TypeError("SGD: expected nesterov to be true or false, got 0.9 (number)."),
    );
  });
});
