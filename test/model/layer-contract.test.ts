import { describe, expect, test } from "vitest";
import { Dense } from "../../src/layers/dense.js";
import type { Layer } from "../../src/layers/layer.js";
import { expectLayer, expectReturned, expectTensors } from "../../src/model/layer-contract.js";
import { Sequential } from "../../src/model/sequential.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** A layer that passes everything on, but for what is changed. Other types may come in, as from JavaScript. */
function own(changes: Readonly<Record<string, unknown>> = {}): Layer {
  const identity: Layer = {
    type: "Own",
    parameters: [],
    build: (shape) => shape,
    forward: (x) => x,
    backward: (dy) => dy,
    config: () => ({}),
  };
  return Object.assign(identity, changes);
}

const value = new Tensor([2]);
const grad = new Tensor([2]);

describe("expectLayer", () => {
  test("takes any object that keeps the contract", () => {
    expect(() => expectLayer(own())).not.toThrow();
    expect(() => expectLayer(own({ trainable: false }))).not.toThrow();
  });

  test("names the method that is missing", () => {
    for (const method of ["build", "forward", "backward", "config"]) {
      expect(() => expectLayer(own({ [method]: undefined }))).toThrow(
        new TypeError(
          `Sequential.add: expected a layer with the method ${method}, got an object without it.`,
        ),
      );
    }
  });
});

describe("expectTensors", () => {
  test("takes parameters and state of different names", () => {
    const layer = own({ parameters: [{ name: "w", value, grad }], state: [{ name: "mean", value }] });
    expect(() => expectTensors("own_1", layer)).not.toThrow();
    expect(() => expectTensors("own_1", own())).not.toThrow();
  });

  test("refuses parameters that an optimizer could not use", () => {
    const refused: [unknown, string][] = [
      [undefined, "undefined"],
      [[undefined], "[undefined]"],
      [[{ name: "w", value }], "[an object]"],
      [[{ name: "w", value: [1], grad: [1] }], "[an object]"],
      [[{ name: "w", value, grad: new Tensor([3]) }], "[an object]"],
      [[{ value, grad }], "[an object]"],
    ];
    for (const [parameters, got] of refused) {
      expect(() => expectTensors("own_1", own({ parameters }))).toThrow(
        new TypeError(
          `Sequential.add: expected parameters of own_1 to be an array of { name, value, grad }, both of one shape, got ${got}.`,
        ),
      );
    }
  });

  test("refuses state that could not be saved", () => {
    expect(() => expectTensors("own_1", own({ state: [value] }))).toThrow(
      new TypeError(
        "Sequential.add: expected state of own_1 to be an array of { name, value }, got [a value of type Tensor].",
      ),
    );
  });
});

describe("expectReturned", () => {
  test("gives back a tensor of the shape", () => {
    expect(expectReturned("own_1", "forward", value, [2])).toBe(value);
  });

  test("refuses anything else", () => {
    expect(() => expectReturned("own_1", "forward", undefined, [2])).toThrow(
      new TypeError(
        "Sequential.forward: expected own_1.forward to return a Tensor of shape [2], got undefined.",
      ),
    );
    expect(() => expectReturned("own_1", "backward", value, [2, 1])).toThrow(
      new ShapeError(
        "Sequential.backward: expected own_1.backward to return a Tensor of shape [2, 1], got [2].",
      ),
    );
  });
});

describe("a Sequential names a layer of one's own", () => {
  const x = Tensor.from([[1, 2]]);

  test("that does not return a shape from build", () => {
    for (const [shape, got] of [
      [undefined, "undefined"],
      [[2, 0], "[2, 0]"],
      ["2", '"2" (string)'],
    ]) {
      expect(() => new Sequential({ inputShape: [2] }, [own({ build: () => shape })])).toThrow(
        new ShapeError(
          `Sequential.add: own_1, layer 1 of the model, does not fit. buildLayer: expected Own.build to return the shape of one output, such as [28, 28, 1], got ${got}.`,
        ),
      );
    }
  });

  test("that has no parameters, and stays as it was", () => {
    const model = new Sequential({ inputShape: [2] });
    expect(() => model.add(own({ parameters: undefined }))).toThrow(TypeError);
    expect(model.layers).toEqual([]);
  });

  test("whose forward returns another shape, or an array", () => {
    for (const [y, got] of [
      [Tensor.from([[1]]), "[1, 1]"],
      [[[1, 2]], "[[1, 2]]"],
    ]) {
      const model = new Sequential({ inputShape: [2] }, [own({ forward: () => y }), new Dense({ units: 2 })]);
      expect(() => model.predict(x)).toThrow(
        `Sequential.forward: expected own_1.forward to return a Tensor of shape [1, 2], got ${got}.`,
      );
    }
  });

  test("whose backward returns no dx, unless nobody needs it", () => {
    const none = { backward: () => undefined };
    const dy = new Tensor([1, 2]);
    const message =
      "Sequential.backward: expected own_1.backward to return a Tensor of shape [1, 2], got undefined.";
    const behind = new Sequential({ inputShape: [2] }, [new Dense({ units: 2 }), own(none)]);
    behind.forward(x);
    expect(() => behind.backward(dy)).toThrow(new TypeError(message));
    const first = new Sequential({ inputShape: [2] }, [own(none), new Dense({ units: 2 })]);
    first.forward(x);
    expect(() => first.backward(dy, { inputGradient: true })).toThrow(new TypeError(message));
    expect(first.backward(dy)).toBeUndefined();
  });
});
