import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/tensor/errors.js";
import { expectParameters } from "../../src/tensor/parameter.js";
import { Tensor } from "../../src/tensor/tensor.js";

const value = new Tensor([2, 3]);
const grad = new Tensor([2, 3]);
const remedy = "A layer or model has";

/** What a caller in JavaScript may give. */
const check = (parameters: unknown) => () => expectParameters("here", parameters as never);

describe("parameters", () => {
  test("are a list of names, values and gradients, none too", () => {
    expect(check([])).not.toThrow();
    expect(check([{ name: "w", value, grad }])).not.toThrow();
  });

  test("are refused if they are no list", () => {
    expect(check({ name: "w", value, grad })).toThrow(
      new TypeError(`here: expected an array of parameters, got an object. ${remedy} it as \`parameters\`.`),
    );
  });

  test.each([
    ["nothing", undefined, "undefined"],
    ["without a name", { value, grad }, "an object"],
    ["with a number as its name", { name: 1, value, grad }, "an object"],
    ["without a value", { name: "w", grad }, "an object"],
    ["with numbers as its value", { name: "w", value: [1], grad }, "an object"],
    ["without a gradient", { name: "w", value }, "an object"],
  ])("are refused if one is %s, wherever it stands", (_, wrong, got) => {
    const message = `here: expected parameters { name, value, grad }, got ${got}. ${remedy} them as \`parameters\`.`;
    expect(check([wrong])).toThrow(new TypeError(message));
    expect(check([{ name: "w", value, grad }, wrong])).toThrow(new TypeError(message));
  });

  test("are refused if a gradient has another shape than its value", () => {
    expect(check([{ name: "w", value, grad: new Tensor([3, 2]) }])).toThrow(
      new ShapeError("here: expected the gradient of w to have its shape [2, 3], got [3, 2]."),
    );
  });
});
