import { AvgPool2D } from "../layers/avg-pool2d.js";
import { BatchNormalization } from "../layers/batch-normalization.js";
import { Conv2D } from "../layers/conv2d.js";
import { Dense } from "../layers/dense.js";
import { Dropout } from "../layers/dropout.js";
import { Flatten } from "../layers/flatten.js";
import { GlobalAvgPool2D } from "../layers/global-avg-pool2d.js";
import type { Layer, LayerConfig } from "../layers/layer.js";
import { LeakyReLU } from "../layers/leaky-relu.js";
import { MaxPool2D } from "../layers/max-pool2d.js";
import { ReLU } from "../layers/relu.js";
import { Rescaling } from "../layers/rescaling.js";
import { Sigmoid } from "../layers/sigmoid.js";
import { Softmax } from "../layers/softmax.js";
import { Tanh } from "../layers/tanh.js";
import { describe, expectOptions, refuse } from "../tensor/expect.js";

/** Layer classes by the name in their `type`. Each is constructed with the options that its `config()` gave. */
export type LayerTable = Readonly<Record<string, new (options: never) => Layer>>;

/** The library's own layers. */
export const LAYERS = {
  AvgPool2D,
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GlobalAvgPool2D,
  LeakyReLU,
  MaxPool2D,
  ReLU,
  Rescaling,
  Sigmoid,
  Softmax,
  Tanh,
} as const satisfies LayerTable;

/** The types of the library's own layers. */
export type LayerType = keyof typeof LAYERS;

/**
 * Makes a layer from the options of its `config` and its type. Only the library's own classes and those of `own` can
 * be made.
 *
 * @throws Error for any other type; whatever the layer's constructor throws for its options.
 */
export function createLayer(where: string, config: LayerConfig, own: LayerTable = {}): Layer {
  expectOptions(`${where} (layers)`, own);
  const { type, ...options } = config ?? {};
  if (typeof type !== "string") {
    throw new TypeError(`${where}: expected a layer { type, ... }, got ${describe(config)}.`);
  }
  // own properties only: a type called "constructor" must find nothing
  const tables: readonly LayerTable[] = [own, LAYERS];
  const Class = tables.find((table) => Object.hasOwn(table, type))?.[type];
  if (Class === undefined) {
    const known = [...Object.keys(LAYERS), ...Object.keys(own)].join(", ");
    throw new Error(
      `${where}: expected a layer type out of ${known}, got ${describe(type)}. Pass a class of your own as { layers: { MyLayer } }.`,
    );
  }
  expectClass(where, type, Class);
  return new Class(options as never);
}

/**
 * Checks layer classes of the caller's own, before any of them is needed.
 *
 * @throws TypeError `readModel: expected layers.Mine to be a class, got 3 (number).`
 */
export function expectLayerTable(where: string, layers: LayerTable = {}): void {
  expectOptions(`${where} (layers)`, layers);
  for (const [type, Class] of Object.entries(layers)) expectClass(where, type, Class);
}

function expectClass(where: string, type: string, Class: LayerTable[string]): void {
  // an arrow function is none, nor is a generator
  if (typeof Class === "function" && typeof Class.prototype?.constructor === "function") return;
  refuse(where, `layers.${type}`, "a class", Class);
}
