import { describe, expect, test } from "vitest";
import { Flatten, ReLU } from "../../src/index.js";
import { createLayer, LAYERS } from "../../src/model/layer-table.js";

describe("createLayer", () => {
  test("knows every layer of the library", () => {
    const types = Object.keys(LAYERS).join(", ");
    expect(() => createLayer("Here", { type: "Conv3D" })).toThrow(
      new Error(
        `Here: expected a layer type out of ${types}, got "Conv3D" (string). ` +
          "Pass a class of your own as { layers: { MyLayer } }.",
      ),
    );
  });

  test("prefers a class of one's own, and lists it", () => {
    class Dense extends Flatten {}
    expect(createLayer("Here", { type: "Dense" }, { Dense })).toBeInstanceOf(Flatten);
    expect(() => createLayer("Here", { type: "Mine" }, { Other: Dense })).toThrow(
      /^Here: expected a layer type out of AvgPool2D, .*, Tanh, Other, got "Mine" \(string\)\./,
    );
  });

  test("finds nothing under the names that every object has", () => {
    for (const type of ["constructor", "__proto__", "toString", "hasOwnProperty", ""]) {
      expect(() => createLayer("Here", { type }, {})).toThrow(/^Here: expected a layer type out of /);
    }
  });

  test("leaves prototypes alone, whatever the config is called", () => {
    const config = JSON.parse('{"type": "ReLU", "__proto__": {"trainable": false}, "constructor": 1}');
    const layer = createLayer("Here", config);
    expect(layer).toBeInstanceOf(ReLU);
    expect(layer.trainable).toBe(true);
    expect(Object.hasOwn(Object.prototype, "trainable")).toBe(false);
  });

  test("refuses what has no type", () => {
    const refused: [unknown, string][] = [
      [{}, "an object"],
      [{ type: 3 }, "an object"],
      [null, "null"],
      [undefined, "undefined"],
      ["Dense", '"Dense" (string)'],
    ];
    for (const [config, got] of refused) {
      expect(() => createLayer("Here", config as never)).toThrow(
        new TypeError(`Here: expected a layer { type, ... }, got ${got}.`),
      );
    }
  });
});
