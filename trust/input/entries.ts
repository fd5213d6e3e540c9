import * as onnx from "../../src/formats/onnx/index.js";
import * as core from "../../src/index.js";
import * as mnist from "../../src/mnist/index.js";
import * as node from "../../src/node/index.js";
import type { Target } from "./target.js";
import { LAYERS } from "./targets/layers.js";
import { MNIST } from "./targets/mnist.js";
import { MODELS } from "./targets/model.js";
import { NODE } from "./targets/node.js";
import { ONNX } from "./targets/onnx.js";
import { OPTIM } from "./targets/optim.js";
import { TENSORS } from "./targets/tensors.js";

/** Something that can be imported. */
export interface Entry {
  readonly name: string;
  /** What it exports. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly targets: readonly Target[];
  /** Functions that are not called, each with the reason. */
  readonly exceptions: Readonly<Record<string, string>>;
}

const CALLED_BY_FIT = "fit calls it, with events that it has made itself";
const BUILT_BY_MODEL = "buildLayer and Sequential.add call it, and check what they hand it";
const buildOf = (type: string): [string, string] => [`${type}.build`, BUILT_BY_MODEL];

/** The classes of layers in an entry: what can be built. */
function layerTypes(exports: Entry["exports"]): string[] {
  return Object.entries(exports).flatMap(([name, value]) =>
    typeof value === "function" && typeof value.prototype?.build === "function" ? [name] : [],
  );
}

export const ENTRIES: readonly Entry[] = [
  {
    name: "tinyconv",
    exports: core,
    targets: [...TENSORS, ...LAYERS, ...OPTIM, ...MODELS],
    exceptions: {
      ...Object.fromEntries(layerTypes(core).map(buildOf)),
      "EarlyStopping.onTrainBegin": CALLED_BY_FIT,
      "EarlyStopping.onEpochEnd": CALLED_BY_FIT,
      "EarlyStopping.onTrainEnd": CALLED_BY_FIT,
      ShapeError: "an error like the language's own, made by the library",
    },
  },
  { name: "tinyconv/mnist", exports: mnist, targets: MNIST, exceptions: {} },
  { name: "tinyconv/onnx", exports: onnx, targets: ONNX, exceptions: {} },
  {
    name: "tinyconv/node",
    exports: node,
    targets: NODE,
    exceptions: {
      Checkpoints: "its constructor is private: create and resume call it",
      "Checkpoints.onCheckpoint": CALLED_BY_FIT,
    },
  },
];

/**
 * Every public function of an entry, by the name that its errors begin with: functions, constructors, static methods,
 * methods and accessors.
 */
export function publicFunctions(exports: Entry["exports"]): string[] {
  return Object.entries(exports).flatMap(([name, value]) => {
    if (typeof value !== "function") return []; // a table
    if (!/^class\b/.test(Function.prototype.toString.call(value))) return [name];
    const own = (object: object): string[] =>
      Object.entries(Object.getOwnPropertyDescriptors(object)).flatMap(([key, { value, get }]) =>
        typeof value === "function" || get ? [`${name}.${key}`] : [],
      );
    const methods = own(value.prototype).filter((method) => method !== `${name}.constructor`);
    return [name, ...own(value), ...methods];
  });
}
