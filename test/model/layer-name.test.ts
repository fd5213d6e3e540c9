import { describe, expect, test } from "vitest";
import { ReLU } from "../../src/layers/relu.js";
import { LayerNames } from "../../src/model/layer-name.js";

/** A layer of which only type and name matter. */
function layer(type: string, name?: string) {
  return Object.assign(new ReLU({ name }), { type: type as "ReLU" });
}

/** Names of which some are taken. */
function names(...taken: string[]): LayerNames {
  const all = new LayerNames();
  for (const name of taken) all.take(name);
  return all;
}

describe("LayerNames", () => {
  test("makes snake case of the type, and numbers it", () => {
    const expected = {
      Conv2D: "conv2d_1",
      MaxPool2D: "max_pool2d_1",
      GlobalAvgPool2D: "global_avg_pool2d_1",
      BatchNormalization: "batch_normalization_1",
      ReLU: "relu_1",
      LeakyReLU: "leaky_relu_1",
      Dense: "dense_1",
    };
    for (const [type, name] of Object.entries(expected)) expect(names().choose(layer(type))).toBe(name);
  });

  test("takes the first number that is free", () => {
    const some = names("dense_1", "dense_3");
    expect(some.choose(layer("Dense"))).toBe("dense_2");
    expect(some.choose(layer("Dense"))).toBe("dense_2"); // not taken yet
    some.take("dense_2");
    expect(some.choose(layer("Dense"))).toBe("dense_4");
    expect(some.choose(layer("ReLU"))).toBe("relu_1");
  });

  test("takes the layer's own name", () => {
    expect(names("dense_1").choose(layer("Dense", "scores"))).toBe("scores");
  });

  test("refuses a name that could not stand before a slash", () => {
    for (const name of ["", "a/b", "a b", "a\n", "a\u001b[2J", "\ud800"]) {
      expect(() => names().choose(layer("Dense", name))).toThrow(
        new RangeError(
          `Sequential.add: expected a layer name of 1 to 200 characters, without spaces, slashes and control characters, got ${JSON.stringify(name)} (string).`,
        ),
      );
    }
    expect(() => names().choose({ type: "Dense", name: 3 as never })).toThrow(
      new RangeError(
        "Sequential.add: expected a layer name of 1 to 200 characters, without spaces, slashes and control characters, got 3 (number).",
      ),
    );
    expect(() => names().choose(layer("My layer"))).toThrow(
      new RangeError(
        'Sequential.add: expected a layer name of 1 to 200 characters, without spaces, slashes and control characters, got "my layer_1" (string).',
      ),
    );
  });

  test("refuses a name that is taken", () => {
    expect(() => names("scores").choose(layer("Dense", "scores"))).toThrow(
      new RangeError("Sequential.add: expected a name of its own for each layer, got scores twice."),
    );
  });
});
