import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { adamUpdate, momentumUpdate, moveTowards, sgdUpdate, shrink } from "../../src/tensor/update.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { expectSameBits } from "../helpers/simd.js";

const vector = (...values: number[]): Tensor => Tensor.from(values);

/** Float32 arithmetic by storing each result in a float32, to compare with what Math.fround gives. */
const cell = new Float32Array(1);
function f32(value: number): number {
  cell[0] = value;
  return cell[0];
}

/** Numbers of much the same size, so that each rounding tells in the result. */
const number = fc.integer({ min: -(2 ** 23), max: 2 ** 23 }).map((n) => f32(n / 1e5));

describe("sgdUpdate", () => {
  test("steps down the gradient", () => {
    const theta = vector(1, 2, 3);
    sgdUpdate(theta, vector(2, 0, -4), { learningRate: 0.5 });
    expect(theta.toArray()).toEqual([0, 2, 5]);
  });

  test("rounds the rate, the product and the difference to float32", () => {
    fc.assert(
      fc.property(number, number, (theta, g) => {
        const updated = vector(theta);
        sgdUpdate(updated, vector(g), { learningRate: 0.7 });
        expect(updated.at(0)).toBe(f32(theta - f32(f32(0.7) * g)));
      }),
    );
  });

  test("refuses a gradient of another shape", () => {
    expect(() => sgdUpdate(vector(1, 2), vector(1), { learningRate: 1 })).toThrow(
      new ShapeError("sgdUpdate: expected tensors of one shape, got [2] and [1]."),
    );
  });
});

describe("momentumUpdate", () => {
  test("moves θ by μ·v − α·g, which becomes the velocity", () => {
    const [theta, v] = [vector(1), vector(8)];
    momentumUpdate(theta, vector(6), v, { learningRate: 0.5, momentum: 0.25, nesterov: false });
    expect(v.at(0)).toBe(-1); // 8/4 − 6/2
    expect(theta.at(0)).toBe(0);
  });

  test("with Nesterov looks one velocity further", () => {
    const [theta, v] = [vector(1), vector(8)];
    momentumUpdate(theta, vector(6), v, { learningRate: 0.5, momentum: 0.25, nesterov: true });
    expect(v.at(0)).toBe(-1);
    expect(theta.at(0)).toBe(1 - 0.25 - 3); // θ + μ·v − α·g
  });

  test("rounds every result to float32", () => {
    fc.assert(
      fc.property(number, number, number, fc.boolean(), (theta, g, v, nesterov) => {
        const [updated, velocity] = [vector(theta), vector(v)];
        momentumUpdate(updated, vector(g), velocity, { learningRate: 0.01, momentum: 0.9, nesterov });
        const push = f32(f32(0.01) * g);
        const next = f32(f32(f32(0.9) * v) - push);
        expect(velocity.at(0)).toBe(next);
        expect(updated.at(0)).toBe(f32(theta + (nesterov ? f32(f32(f32(0.9) * next) - push) : next)));
      }),
    );
  });

  test("refuses a velocity of another shape", () => {
    const options = { learningRate: 1, momentum: 0.5, nesterov: false };
    expect(() => momentumUpdate(vector(1, 2), vector(1, 2), Tensor.zeros([2, 1]), options)).toThrow(
      new ShapeError("momentumUpdate: expected tensors of one shape, got [2] and [2, 1]."),
    );
  });
});

describe("adamUpdate", () => {
  test("keeps means of g and g², corrects them, and steps by α·m̂ / (√v̂ + ε)", () => {
    const [theta, m, v] = [vector(10), vector(4), vector(16)];
    // m ← ½·4 + ½·8 = 6, m̂ = 6 / (1 − ¼) = 8; v ← ¾·16 + ¼·64 = 28, v̂ = 28 / (1 − 9/16) = 64
    const options = { beta1: 0.5, beta2: 0.75, beta1Power: 0.25, beta2Power: 0.5625, epsilon: 8 };
    adamUpdate(theta, vector(8), m, v, { ...options, learningRate: 4 });
    expect(m.at(0)).toBe(6);
    expect(v.at(0)).toBe(28);
    expect(theta.at(0)).toBe(8); // 10 − 4·8 / (8 + 8)
  });

  test("rounds every result to float32", () => {
    const square = number.map(Math.abs);
    fc.assert(
      fc.property(number, number, number, square, (theta, g, m, v) => {
        const tensors = [theta, g, m, v].map((value) => vector(value));
        const options = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
        const [updated, grad, mean, meanSquare] = tensors as [Tensor, Tensor, Tensor, Tensor];
        adamUpdate(updated, grad, mean, meanSquare, { ...options, beta1Power: 0.81, beta2Power: 0.998001 });
        const m1 = f32(f32(f32(0.9) * m) + f32(f32(1 - 0.9) * g));
        const v1 = f32(f32(f32(0.999) * v) + f32(f32(1 - 0.999) * f32(g * g)));
        const mHat = f32(m1 / f32(1 - 0.81));
        const vHat = f32(v1 / f32(1 - 0.998001));
        const step = f32(f32(f32(0.001) * mHat) / f32(f32(Math.sqrt(vHat)) + f32(1e-7)));
        expect([mean.at(0), meanSquare.at(0), updated.at(0)]).toEqual([m1, v1, f32(theta - step)]);
      }),
    );
  });

  test("with β = 0 forgets all, so that m is g and v is g² exactly", () => {
    const [m, v] = [vector(1000), vector(1000)];
    const options = { learningRate: 1, beta1: 0, beta2: 0, beta1Power: 0, beta2Power: 0, epsilon: 1 };
    adamUpdate(vector(0), vector(0.1), m, v, options);
    expect([m.at(0), v.at(0)]).toEqual([f32(0.1), f32(f32(0.1) * f32(0.1))]);
  });

  test("refuses moments of another shape", () => {
    const options = { learningRate: 1, beta1: 0, beta2: 0, beta1Power: 0, beta2Power: 0, epsilon: 1 };
    expect(() => adamUpdate(vector(1), vector(1), vector(1), vector(1, 2), options)).toThrow(
      new ShapeError("adamUpdate: expected tensors of one shape, got [1] and [2]."),
    );
  });
});

describe("shrink", () => {
  test("takes a share off every element", () => {
    const x = vector(8, -4, 0);
    shrink(x, 0.25);
    expect(x.toArray()).toEqual([6, -3, 0]);
  });

  test("rounds the share and the product to float32", () => {
    fc.assert(
      fc.property(number, (value) => {
        const x = vector(value);
        shrink(x, 0.1);
        expect(x.at(0)).toBe(f32(value - f32(f32(0.1) * value)));
      }),
    );
  });
});

describe("moveTowards", () => {
  test("goes a share of the way", () => {
    const x = vector(0, 8, 3);
    moveTowards(x, vector(4, 0, 3), 0.25);
    expect(x.toArray()).toEqual([1, 6, 3]);
  });

  test("stays where it has arrived, to the last bit", () => {
    fc.assert(
      fc.property(number, fc.double({ min: 0, max: 1, noNaN: true }), (value, share) => {
        const x = vector(value);
        moveTowards(x, vector(value), share);
        expect(x.at(0)).toBe(value + 0);
      }),
    );
  });

  test("rounds the share, the way and the product to float32", () => {
    fc.assert(
      fc.property(number, number, (value, target) => {
        const x = vector(value);
        moveTowards(x, vector(target), 0.1);
        expect(x.at(0)).toBe(f32(value + f32(f32(0.1) * f32(target - value))));
      }),
    );
  });

  test("refuses a target of another shape", () => {
    expect(() => moveTowards(vector(1), vector(1, 2), 0.5)).toThrow(
      new ShapeError("moveTowards: expected tensors of one shape, got [1] and [2]."),
    );
  });
});

describe("every update", () => {
  test("gives the same bits in the memory of the kernels", () => {
    const [learningRate, momentum] = [0.1, 0.9];
    const adam = { beta1: 0.8, beta2: 0.9, beta1Power: 0.64, beta2Power: 0.81, epsilon: 0.01 };
    const numbers = (salt: number): Tensor => normalTensor([7], salt);
    const squares = new Tensor([7], Float32Array.of(1, 2, 3, 4, 5, 6, 7));
    expectSameBits((place) => sgdUpdate(place(numbers(1)), place(numbers(2)), { learningRate }));
    for (const nesterov of [false, true]) {
      expectSameBits((place) => {
        const [theta, g, v] = [place(numbers(1)), place(numbers(2)), place(numbers(3))];
        momentumUpdate(theta, g, v, { learningRate, momentum, nesterov });
      });
    }
    expectSameBits((place) => {
      const [theta, g, m, v] = [place(numbers(1)), place(numbers(2)), place(numbers(3)), place(squares)];
      adamUpdate(theta, g, m, v, { learningRate, ...adam });
    });
    expectSameBits((place) => shrink(place(numbers(1)), 0.1));
    expectSameBits((place) => moveTowards(place(numbers(1)), place(numbers(2)), 0.1));
  });

  test("lets NaN through", () => {
    const rates = {
      learningRate: 1,
      momentum: 0.5,
      beta1: 0.5,
      beta2: 0.5,
      beta1Power: 0.5,
      beta2Power: 0.5,
    };
    const nan = (): Tensor => vector(Number.NaN);
    const zero = (): Tensor => vector(0);
    const updates: ((theta: Tensor) => void)[] = [
      (theta) => sgdUpdate(theta, nan(), rates),
      (theta) => momentumUpdate(theta, nan(), zero(), { ...rates, nesterov: false }),
      (theta) => adamUpdate(theta, nan(), zero(), zero(), { ...rates, epsilon: 1 }),
      (theta) => moveTowards(theta, nan(), 0.5),
    ];
    for (const update of updates) {
      const theta = vector(1);
      update(theta);
      expect(theta.at(0)).toBeNaN();
    }
  });
});
