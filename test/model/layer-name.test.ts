import { describe, expect, test } from "vitest";
import { ReLU } from "../../src/layers/relu.js";
import { nameLayer } from "../../src/model/layer-name.js";

/** A layer of which only type and name matter. */
function layer(type: string, name?: string) {
  return Object.assign(new ReLU({ name }), { type: type as "ReLU" });
}

const none = new Set<string>();

describe("nameLayer", () => {
  test("makes snake case of the type, and numbers it", () => {
    const names = {
      Conv2D: "conv2d_1",
      MaxPool2D: "max_pool2d_1",
      GlobalAvgPool2D: "global_avg_pool2d_1",
      BatchNormalization: "batch_normalization_1",
      ReLU: "relu_1",
      LeakyReLU: "leaky_relu_1",
      Dense: "dense_1",
    };
    for (const [type, name] of Object.entries(names)) expect(nameLayer(layer(type), none)).toBe(name);
  });

  test("takes the first number that is free", () => {
    expect(nameLayer(layer("Dense"), new Set(["dense_1", "dense_3"]))).toBe("dense_2");
  });

  test("takes the layer's own name", () => {
    expect(nameLayer(layer("Dense", "scores"), new Set(["dense_1"]))).toBe("scores");
  });

  test("refuses a name that could not stand before a slash", () => {
    for (const name of ["", "a/b", "a b", "a\n"]) {
      expect(() => nameLayer(layer("Dense", name), none)).toThrow(
        new RangeError(
          `Sequential.add: expected a layer name without spaces and slashes, got ${JSON.stringify(name)} (string).`,
        ),
      );
    }
    expect(() => nameLayer(layer("Dense", 3 as never), none)).toThrow(
      new RangeError("Sequential.add: expected a layer name without spaces and slashes, got 3 (number)."),
    );
    expect(() => nameLayer(layer("My layer"), none)).toThrow(
      new RangeError(
        'Sequential.add: expected a layer name without spaces and slashes, got "my layer_1" (string).',
      ),
    );
  });

  test("refuses a name that is taken", () => {
    expect(() => nameLayer(layer("Dense", "scores"), new Set(["scores"]))).toThrow(
      new RangeError("Sequential.add: expected a name of its own for each layer, got scores twice."),
    );
  });
});
