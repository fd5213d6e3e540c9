import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Adam } from "../../src/optim/adam.js";
import type { Parameter } from "../../src/tensor/parameter.js";
import { Tensor } from "../../src/tensor/tensor.js";

function scalar(value: number): Parameter {
  return { name: "w", value: Tensor.from([value]), grad: Tensor.from([0]) };
}

/** How far each gradient of a sequence moves a weight that starts at 0. */
function movesOf(adam: Adam, gradients: readonly number[]): number[] {
  const w = scalar(0);
  return gradients.map((g) => {
    const before = w.value.at(0);
    w.grad.data[0] = g;
    adam.step([w]);
    return w.value.at(0) - before;
  });
}

describe("Adam", () => {
  test.each([1e-3, -5])("under the constant gradient %d moves by the learning rate in each step", (g) => {
    // m̂ = g and v̂ = g² in every step, whatever g is; ε is made too small to be seen
    const moves = movesOf(new Adam({ learningRate: 0.01, epsilon: 1e-12 }), [g, g, g]);
    for (const move of moves) expect(Math.abs(move / (0.01 * -Math.sign(g)) - 1)).toBeLessThan(1e-6);
  });

  test("takes three steps as worked by hand", () => {
    // β₁ = β₂ = ½, α = 1      step 1      step 2                step 3
    //   g                     2           −2                    4
    //   m  = ½·m + ½·g        1           −½                    7/4
    //   v  = ½·v + ½·g²       2           3                     19/2
    //   m̂ = m / (1 − ½ᵗ)      2           −2/3                  2
    //   v̂ = v / (1 − ½ᵗ)      4           4                     76/7 = 3.295018²
    //   −m̂ / √v̂               −1          1/3                   −0.606977
    const adam = new Adam({ learningRate: 1, beta1: 0.5, beta2: 0.5 });
    expect(movesOf(adam, [2, -2, 4])).toBeAllclose([-1, 1 / 3, -0.606977], { rtol: 1e-6 });
  });

  test("adds ε to √v̂: outside the root, and after the bias correction", () => {
    // with ε as large as g, m̂ / (√v̂ + ε) = ½; inside the root it would be 1/√2 and before the correction 0.031
    const moves = movesOf(new Adam({ learningRate: 1, epsilon: 3 }), [3, 3, 3]);
    expect(moves).toBeAllclose([-0.5, -0.5, -0.5], { rtol: 1e-6 });
  });

  test("follows the algorithm of the paper in float64", () => {
    const gradients = fc.array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 12 });
    const beta = fc.double({ min: 0, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(gradients, beta, beta, (gs, beta1, beta2) => {
        const w = scalar(1);
        const adam = new Adam({ learningRate: 0.01, beta1, beta2, epsilon: 0.1 });
        let [theta, m, v] = [1, 0, 0];
        for (const [i, g] of gs.entries()) {
          w.grad.data[0] = g;
          adam.step([w]);
          m = beta1 * m + (1 - beta1) * g;
          v = beta2 * v + (1 - beta2) * g * g;
          theta -= (0.01 * (m / (1 - beta1 ** (i + 1)))) / (Math.sqrt(v / (1 - beta2 ** (i + 1))) + 0.1);
        }
        expect(w.value.at(0)).toBeCloseTo(theta, 5);
      }),
      { numRuns: 50 },
    );
  });

  test("starts afresh for a parameter that joins late", () => {
    const adam = new Adam({ learningRate: 0.01 });
    movesOf(adam, Array<number>(50).fill(1));
    expect(movesOf(adam, [1])).toBeAllclose([-0.01], { rtol: 1e-6 });
  });

  test("stays where it is without a gradient", () => {
    expect(movesOf(new Adam(), [0, 0, 0])).toEqual([0, 0, 0]);
  });

  test("has the defaults of Keras", () => {
    const { learningRate, beta1, beta2, epsilon } = new Adam();
    expect({ learningRate, beta1, beta2, epsilon }).toEqual({
      learningRate: 1e-3,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
    });
  });

  test.each([
    [{ beta1: 1 }, "beta1 to be a finite number >= 0 and < 1, got 1 (number)"],
    [{ beta1: Number.NaN }, "beta1 to be a finite number >= 0 and < 1, got NaN (number)"],
    [{ beta2: -0.5 }, "beta2 to be a finite number >= 0 and < 1, got -0.5 (number)"],
    [{ epsilon: 0 }, "epsilon to be a finite number > 0, got 0 (number)"],
  ])("refuses %j", (options, expected) => {
    expect(() => new Adam(options)).toThrow(new RangeError(`Adam: expected ${expected}.`));
  });
});
