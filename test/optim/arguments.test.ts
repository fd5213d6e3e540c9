import { describe, expect, test } from "vitest";
import { Adam } from "../../src/optim/adam.js";
import { AdamW } from "../../src/optim/adamw.js";
import { cosineDecay, exponentialDecay, oneCycle, stepDecay } from "../../src/optim/schedule.js";
import { SGD } from "../../src/optim/sgd.js";
import { WeightAverage } from "../../src/optim/weight-average.js";
import { Tensor } from "../../src/tensor/tensor.js";

// as a caller in JavaScript may give it
const given = (value: unknown) => value as never;

describe("options that are no object are refused by", () => {
  test.each([
    ["SGD", () => new SGD(given(0.1))],
    ["Adam", () => new Adam(given(0.1))],
    ["AdamW", () => new AdamW(given(0.1))],
    ["WeightAverage", () => new WeightAverage(given(0.1))],
    ["stepDecay", () => stepDecay(given(0.1))],
    ["exponentialDecay", () => exponentialDecay(given(0.1))],
    ["cosineDecay", () => cosineDecay(given(0.1))],
    ["oneCycle", () => oneCycle(given(0.1))],
  ])("%s", (name, make) => {
    expect(make).toThrow(
      new TypeError(`${name}: expected options to be an object, as in { name: value }, got 0.1 (number).`),
    );
  });
});

describe("parameters that are none are refused by", () => {
  test.each([
    ["SGD", () => new SGD({ momentum: 0.9 })],
    ["Adam", () => new Adam()],
    ["AdamW", () => new AdamW()],
    ["WeightAverage", () => new WeightAverage()],
  ])("%s, when its state is saved and restored", (name, make) => {
    const state = make().saveState([]);
    expect(() => make().saveState(given(3))).toThrow(
      new RegExp(`^${name}.saveState: expected an array of parameters, got 3 `),
    );
    expect(() => make().restoreState(given(3), state)).toThrow(
      new RegExp(`^${name}.restoreState: expected an array of parameters, got 3 `),
    );
  });
});

test("a saved count below 0 is refused by its name", () => {
  const parameter = { name: "w", value: new Tensor([1]), grad: new Tensor([1]) };
  const { numbers, tensors } = new Adam().saveState([parameter]);
  const wrong = { numbers: new Map([...numbers].map(([name]) => [name, -1])), tensors };
  expect(() => new Adam().restoreState([parameter], wrong)).toThrow(
    "Adam.restoreState: expected a saved iterations to be a finite number >= 0, got -1 (number).",
  );
});

describe("prepare", () => {
  const parameter = { name: "w", value: new Tensor([2]), grad: new Tensor([2]) };

  test("makes room for the averages of all parameters before an update", () => {
    const average = new WeightAverage();
    expect(average.saveState([parameter]).tensors.size).toBe(0);
    average.prepare([parameter]);
    expect([...average.saveState([parameter]).tensors.keys()]).toHaveLength(1);
  });

  test("makes the moments of all parameters before a step", () => {
    const adam = new Adam();
    expect(adam.saveState([parameter]).tensors.size).toBe(0);
    adam.prepare([parameter]);
    expect([...adam.saveState([parameter]).tensors.keys()]).toEqual(["w/m", "w/v"]);
  });

  test("refuses what are no parameters", () => {
    expect(() => new Adam().prepare(given(3))).toThrow(
      /^Adam\.prepare: expected an array of parameters, got 3 /,
    );
    expect(() => new WeightAverage().prepare(given(3))).toThrow(
      /^WeightAverage\.prepare: expected an array of parameters, got 3 /,
    );
  });
});
