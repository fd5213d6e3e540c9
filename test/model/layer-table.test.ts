import { describe, expect, test } from "vitest";
import {
  AvgPool2D,
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GlobalAvgPool2D,
  type Layer,
  LeakyReLU,
  MaxPool2D,
  ReLU,
  Rescaling,
  Sigmoid,
  Softmax,
  Tanh,
} from "../../src/index.js";
import { createLayer } from "../../src/model/layer-table.js";

// every layer of the library, with every option set to something that is not its default
const given = { name: "mine", trainable: false };
const LAYERS: Layer[] = [
  new AvgPool2D({ ...given, poolSize: [3, 2], strides: [1, 4], padding: "same" }),
  new BatchNormalization({ ...given, momentum: 0.5, epsilon: 0.25, center: false, scale: false }),
  new Conv2D({
    ...given,
    filters: 3,
    kernelSize: [2, 3],
    strides: [2, 1],
    padding: [
      [0, 1],
      [2, 3],
    ],
    dilationRate: [1, 2],
    useBias: false,
    kernelInitializer: "heNormal",
  }),
  new Dense({ ...given, units: 7, useBias: false, kernelInitializer: "heUniform" }),
  new Dropout({ ...given, rate: 0.125 }),
  new Flatten(given),
  new GlobalAvgPool2D(given),
  new LeakyReLU({ ...given, negativeSlope: 0.5 }),
  new MaxPool2D({ ...given, poolSize: 3, strides: [1, 2], padding: "same" }),
  new ReLU(given),
  new Rescaling({ ...given, scale: 0.5, offset: -1 }),
  new Sigmoid(given),
  new Softmax(given),
  new Tanh(given),
];

describe("createLayer", () => {
  for (const layer of LAYERS) {
    test(`makes a ${layer.type} again from its config as JSON`, () => {
      const config = { type: layer.type, ...layer.config() };
      const again = createLayer("Here", JSON.parse(JSON.stringify(config)));
      expect(again.constructor).toBe(layer.constructor);
      expect(again.config()).toEqual(layer.config());
      expect(again.config()).toMatchObject(given);
    });
  }

  test("knows every layer of the library", () => {
    const types = LAYERS.map(({ type }) => type).join(", ");
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
