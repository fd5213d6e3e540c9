import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Dense } from "../../src/layers/dense.js";
import { type Parameter, zeroGrad } from "../../src/layers/layer.js";
import { Adam } from "../../src/optim/adam.js";
import { AdamW } from "../../src/optim/adamw.js";
import type { Optimizer } from "../../src/optim/optimizer.js";
import { SGD } from "../../src/optim/sgd.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";

function parameter(name: string, values: readonly number[], grads: readonly number[]): Parameter {
  return { name, value: Tensor.from(values), grad: Tensor.from(grads) };
}

type Make = (learningRate: number | ((step: number) => number)) => Optimizer;

// what holds for every optimizer
const optimizers: [name: string, make: Make][] = [
  ["SGD", (learningRate) => new SGD({ learningRate, momentum: 0.9, nesterov: true })],
  ["Adam", (learningRate) => new Adam({ learningRate })],
  ["AdamW", (learningRate) => new AdamW({ learningRate })],
];

describe.each(optimizers)("%s", (name, make) => {
  test("has the name of its class, and counts its updates", () => {
    const optimizer = make(0.1);
    expect(optimizer.type).toBe(name);
    expect(optimizer.iterations).toBe(0);
    optimizer.step([parameter("w", [1], [1])]);
    optimizer.step([parameter("w", [1], [1])]);
    expect(optimizer.iterations).toBe(2);
  });

  test("takes the learning rate of each step from a schedule", () => {
    const asked: number[] = [];
    const optimizer = make((step) => {
      asked.push(step);
      return step === 1 ? 0.5 : 0;
    });
    const w = parameter("w", [1], [1]);
    optimizer.step([w]);
    expect(w.value.at(0)).toBe(1); // a rate of 0 changes no weight
    expect(optimizer.learningRate).toBe(0.5);
    optimizer.step([w]);
    expect(w.value.at(0)).toBeLessThan(1);
    expect(optimizer.learningRate).toBe(0);
    expect(new Set(asked)).toEqual(new Set([0, 1, 2]));
  });

  test.each([
    [Number.NaN, "NaN (number)"],
    [Number.POSITIVE_INFINITY, "Infinity (number)"],
    [-0.1, "-0.1 (number)"],
  ])("refuses %d as a learning rate, from a number or a schedule, and changes nothing", (rate, shown) => {
    expect(() => make(rate)).toThrow(
      new RangeError(`${name}: expected learningRate to be a finite number >= 0, got ${shown}.`),
    );
    const optimizer = make((step) => (step === 1 ? rate : 0.1));
    const w = parameter("w", [1], [1]);
    optimizer.step([w]);
    const before = w.value.clone();
    expect(() => optimizer.step([w])).toThrow(
      new RangeError(
        `${name}: expected the learning rate of step 1 to be a finite number >= 0, got ${shown}.`,
      ),
    );
    expect(w.value).toEqual(before);
    expect(optimizer.iterations).toBe(1);
  });

  test("refuses what is no array of parameters", () => {
    const dense = new Dense({ units: 1 });
    expect(() => make(0.1).step(dense as never)).toThrow(
      new TypeError(
        `${name}.step: expected an array of parameters, got a value of type Dense. A layer or model has it as \`parameters\`.`,
      ),
    );
  });

  test("refuses tensors in place of parameters", () => {
    for (const [parameters, got] of [
      [[new Tensor([2])], "a value of type Tensor"],
      [[{ name: "w", value: new Tensor([2]) }], "an object"],
      [[undefined], "undefined"],
    ] as const) {
      expect(() => make(0.1).step(parameters as never)).toThrow(
        new TypeError(
          `${name}.step: expected parameters { name, value, grad }, got ${got}. A layer or model has them as \`parameters\`.`,
        ),
      );
    }
  });

  test("refuses a gradient of another shape before it changes any parameter", () => {
    const good = parameter("dense_1/kernel", [1], [1]);
    const bad = { name: "dense_1/bias", value: Tensor.zeros([2]), grad: Tensor.zeros([1, 2]) };
    const optimizer = make(0.1);
    expect(() => optimizer.step([good, bad])).toThrow(
      new ShapeError(
        `${name}.step: expected the gradient of dense_1/bias to have its shape [2], got [1, 2].`,
      ),
    );
    expect(good.value.at(0)).toBe(1);
    expect(optimizer.iterations).toBe(0);
  });

  test("leaves the gradients as they are", () => {
    const w = parameter("w", [1, 2], [3, 4]);
    make(0.1).step([w]);
    expect(w.grad.toArray()).toEqual([3, 4]);
  });

  test("keeps a state of its own for each parameter, whatever their order and company", () => {
    const grads = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 });
    const steps = fc.array(fc.record({ grads, order: fc.shuffledSubarray([0, 1, 2]) }), { maxLength: 5 });
    fc.assert(
      fc.property(steps, (taken) => {
        const start = [1, -2, 0.5];
        const together = start.map((value, i) => parameter(`w${i}`, [value], [0]));
        const alone = start.map((value, i) => parameter(`w${i}`, [value], [0]));
        const shared = make(0.1);
        const own = alone.map(() => make(0.1));
        for (const { grads, order } of taken) {
          for (const i of order) {
            together[i]!.grad.data[0] = grads[i]!;
            alone[i]!.grad.data[0] = grads[i]!;
            own[i]!.step([alone[i]!]);
          }
          shared.step(order.map((i) => together[i]!));
        }
        expect(together.map(({ value }) => value)).toEqual(alone.map(({ value }) => value));
      }),
      { numRuns: 50 },
    );
  });

  test("knows a parameter again by its value, under any name", () => {
    const run = (rename: boolean): number => {
      const optimizer = make(0.1);
      const w = parameter("kernel", [1], [1]);
      for (const name of ["kernel", "dense_1/kernel", "kernel"])
        optimizer.step([rename ? { ...w, name } : w]);
      return w.value.at(0);
    };
    expect(run(true)).toBe(run(false));
  });

  test("does the same from the same start, to the last bit", () => {
    const run = (): Tensor => {
      const optimizer = make(0.05);
      const w = parameter("w", [1, -1, 0.3], [0, 0, 0]);
      for (let step = 0; step < 20; step++) {
        for (const [i, value] of w.value.data.entries()) w.grad.data[i] = 2 * value;
        optimizer.step([w]);
      }
      return w.value;
    };
    expect(run()).toEqual(run());
  });

  test("goes on from a saved state with the same bits", () => {
    const gradients = [
      [1, -2],
      [0.5, 3],
      [-0.25, 0.1],
      [2, -1],
    ];
    const train = (optimizer: Optimizer, w: Parameter, grads: readonly number[][]): void => {
      for (const grad of grads) {
        w.grad.data.set(grad);
        optimizer.step([w]);
      }
    };
    const [first, w] = [make((step) => 0.1 / (1 + step)), parameter("w", [1, -2], [0, 0])];
    train(first, w, gradients.slice(0, 2));

    const [second, copy] = [make((step) => 0.1 / (1 + step)), { ...w, value: w.value.clone() }];
    second.restoreState!([copy], first.saveState!([w]));
    expect(second.iterations).toBe(2);
    train(first, w, gradients.slice(2));
    train(second, copy, gradients.slice(2));
    expect(copy.value).toEqual(w.value);
  });

  test("refuses what is no state of it", () => {
    expect(() => make(0.1).restoreState!([parameter("w", [1], [1])], {} as never)).toThrow(
      new TypeError(`${name}.restoreState: expected state to be a saved state, got an object.`),
    );
  });

  test("fits a line through points", () => {
    const x = Tensor.from([[-1], [0], [1], [2]]);
    const target = [-5, -2, 1, 4]; // 3·x − 2
    const dense = new Dense({ units: 1 });
    buildLayer(dense, [1]);
    const optimizer = make((step) => 0.1 * 0.995 ** step);
    for (let step = 0; step < 1000; step++) {
      zeroGrad(dense.parameters);
      const y = dense.forward(x);
      dense.backward(
        new Tensor(
          [4, 1],
          y.data.map((value, n) => (value - target[n]!) / 2),
        ),
      );
      optimizer.step(dense.parameters);
    }
    const [kernel, bias] = dense.parameters;
    // the decay of AdamW pulls a little on both
    expect(kernel!.value.toArray()).toBeAllclose([[3]], { atol: 0.02 });
    expect(bias!.value.toArray()).toBeAllclose([-2], { atol: 0.02 });
  });

  test("lets a gradient that is not finite through", () => {
    const w = parameter("w", [1, 1], [Number.NaN, 0]);
    make(0.1).step([w]);
    expect(w.value.at(0)).toBeNaN();
    expect(w.value.at(1)).toBeCloseTo(1, 2);
  });

  test("takes an empty list, and a parameter without elements", () => {
    const optimizer = make(0.1);
    optimizer.step([]);
    optimizer.step([parameter("w", [], [])]);
    expect(optimizer.iterations).toBe(2);
  });
});
