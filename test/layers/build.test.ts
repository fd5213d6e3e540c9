import { describe, expect, test } from "vitest";
import { buildLayer, createParameter, expectBuilt, expectForward, isBuilt } from "../../src/layers/build.js";
import { Dense } from "../../src/layers/dense.js";
import { ReLU } from "../../src/layers/relu.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Random } from "../../src/tensor/random.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { HeapWorkspace } from "../../src/tensor/workspace.js";

const context = (seed: number) => ({ workspace: new HeapWorkspace(), random: new Random(seed) });

describe("buildLayer", () => {
  test("returns the output shape, after which the layer runs", () => {
    const dense = new Dense({ units: 2 });
    expect(isBuilt(dense)).toBe(false);
    expect(buildLayer(dense, [3])).toEqual([2]);
    expect(isBuilt(dense)).toBe(true);
    expect(dense.forward(Tensor.from([[1, 2, 3]])).shape).toEqual([1, 2]);
  });

  test("draws the initial weights from the source in its context, from seed 0 by default", () => {
    const kernel = (given?: ReturnType<typeof context>): Float32Array => {
      const dense = new Dense({ units: 2 });
      buildLayer(dense, [3], given);
      return dense.parameters[0]!.value.data;
    };
    expect(kernel()).toEqual(kernel(context(0)));
    expect(kernel(context(1))).toEqual(kernel(context(1)));
    expect(kernel(context(1))).not.toEqual(kernel(context(2)));
    const shared = context(1);
    expect(kernel(shared)).not.toEqual(kernel(shared)); // two layers of a model differ
  });

  test("refuses to build a layer twice, by its name or its type", () => {
    const remedy = "Make a layer of its own for each place it is used in.";
    const relu = new ReLU();
    buildLayer(relu, [3]);
    expect(() => buildLayer(relu, [3])).toThrow(
      new Error(`buildLayer: expected a new layer, got a ReLU that is built already. ${remedy}`),
    );
    const named = new Dense({ units: 1, name: "head" });
    buildLayer(named, [3]);
    expect(() => buildLayer(named, [3])).toThrow(
      new Error(`buildLayer: expected a new layer, got head that is built already. ${remedy}`),
    );
  });

  test("refuses an input shape that is none", () => {
    const refused: [unknown, string][] = [
      [undefined, "undefined"],
      [3, "3 (number)"],
      [[Number.NaN], "[NaN]"],
      [[2, 0], "[2, 0]"],
    ];
    for (const [shape, got] of refused) {
      expect(() => buildLayer(new ReLU(), shape as never)).toThrow(
        new ShapeError(
          `buildLayer: expected inputShape to be the shape of one sample, such as [28, 28, 1], got ${got}.`,
        ),
      );
    }
  });

  test("refuses a layer whose build returns no shape", () => {
    const forgetful = Object.assign(new ReLU(), { build: () => undefined as never });
    expect(() => buildLayer(forgetful, [3])).toThrow(
      new ShapeError(
        "buildLayer: expected ReLU.build to return the shape of one output, such as [28, 28, 1], got undefined.",
      ),
    );
    expect(isBuilt(forgetful)).toBe(false);
  });

  test("leaves a layer that could not be built as it was, to be built for another shape", () => {
    const dense = new Dense({ units: 2 });
    expect(() => buildLayer(dense, [3, 3])).toThrow(ShapeError);
    expect(isBuilt(dense)).toBe(false);
    expect(dense.parameters).toEqual([]);
    expect(buildLayer(dense, [9])).toEqual([2]);
  });
});

describe("createParameter", () => {
  test("has initial values, and a gradient of zeros of the same shape", () => {
    const parameter = createParameter("gamma", [2, 2], "ones", context(0));
    expect(parameter.name).toBe("gamma");
    expect(parameter.value).toEqual(Tensor.from([1, 1, 1, 1], [2, 2]));
    expect(parameter.grad).toEqual(new Tensor([2, 2]));
  });

  test("takes its memory from the workspace, and its values from the source of randomness", () => {
    const names: string[] = [];
    const workspace = new HeapWorkspace();
    const recording = {
      tensor: (name: string, shape: readonly number[]) => {
        names.push(name);
        return workspace.tensor(name, shape);
      },
      batch: workspace.batch,
    };
    const draw = (seed: number) =>
      createParameter("kernel", [3, 4], "heNormal", { workspace: recording, random: new Random(seed) }).value;
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(names.slice(0, 2)).toEqual(["kernel", "dkernel"]);
  });
});

describe("expectBuilt and expectForward", () => {
  test("return what is there", () => {
    expect(expectBuilt("Mine.forward", 0)).toBe(0);
    expect(expectForward("Mine.backward", null)).toBe(null);
  });

  test("name the call that has to come first", () => {
    expect(() => expectBuilt("Mine.forward", undefined)).toThrow(
      new Error(
        "Mine.forward: expected a built layer, got one without an input shape. Add it to a Sequential first.",
      ),
    );
    expect(() => expectForward("Mine.backward", undefined)).toThrow(
      new Error(
        "Mine.backward: expected a call of forward before it, got none. The gradient is taken at its input.",
      ),
    );
  });
});

describe("the arguments of building", () => {
  /** What a caller in JavaScript may give. */
  const given = (value: unknown) => value as never;

  test("are refused by name: the layer, and what is in the context", () => {
    for (const [layer, got] of [
      [undefined, "undefined"],
      [{}, "an object"],
    ]) {
      expect(() => buildLayer(given(layer), [3])).toThrow(
        new TypeError(`buildLayer: expected layer to be a layer, got ${got}.`),
      );
    }
    const refuses = (wrong: unknown, message: string) => {
      expect(() => buildLayer(new Dense({ units: 1 }), [3], given(wrong))).toThrow(
        new TypeError(`buildLayer (context): ${message}`),
      );
      expect(() => createParameter("w", [1], "zeros", given(wrong))).toThrow(
        new TypeError(`createParameter (context): ${message}`),
      );
    };
    refuses(3, "expected options to be an object, as in { name: value }, got 3 (number).");
    refuses({ ...context(1), random: Math }, "expected random to be a Random, got an object.");
    refuses(
      { ...context(1), workspace: [] },
      "expected workspace to be a Workspace, got []. Leave it out for the default.",
    );
  });

  test("are refused by name: what a parameter is made of", () => {
    expect(() => createParameter(given(1), [1], "zeros", context(1))).toThrow(
      new TypeError("createParameter: expected name to be a text, got 1 (number)."),
    );
    expect(() => createParameter("w", [-1], "zeros", context(1))).toThrow(/^createParameter: expected /);
    expect(() => createParameter("w", [1], given("ones and a half"), context(1))).toThrow(
      /^createParameter: expected initializer to be "glorotUniform" or .*, got "ones and a half" \(string\)\.$/,
    );
  });
});
