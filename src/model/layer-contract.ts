import type { Layer, NamedTensor, Parameter } from "../layers/layer.js";
import { ShapeError } from "../tensor/errors.js";
import { describe, expectBoolean } from "../tensor/expect.js";
import { formatShape, type Shape, sameShape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";

/*
 * A model checks what the layers hand it, so that a layer of your own that breaks the contract is named, and not the
 * next one, which would be given what it did.
 */

const METHODS = ["build", "forward", "backward", "config"] as const;

/**
 * Checks that something has what a layer has before it is built.
 *
 * @throws TypeError if it is not a layer.
 */
export function expectLayer(layer: Layer): void {
  if (typeof layer?.type !== "string") {
    throw new TypeError(`Sequential.add: expected a layer, got ${describe(layer)}.`);
  }
  const missing = METHODS.find((method) => typeof layer[method] !== "function");
  if (missing !== undefined) {
    throw new TypeError(
      `Sequential.add: expected a layer with the method ${missing}, got ${describe(layer)} without it.`,
    );
  }
  const { type, trainable } = layer;
  if (trainable !== undefined) expectBoolean("Sequential.add", `trainable of a ${type}`, trainable);
}

/**
 * Checks the parameters and the state of the built layer called `name`: named tensors, the names different, so that
 * they can be told apart in a file.
 *
 * @throws TypeError if they are not such lists; RangeError if a name comes twice.
 */
export function expectTensors(name: string, { parameters, state = [] }: Layer): void {
  expectList(`parameters of ${name}`, "{ name, value, grad }, both of one shape", parameters, isParameter);
  expectList(`state of ${name}`, "{ name, value }", state, isNamedTensor);
  const names = new Set<string>();
  for (const tensor of [...parameters, ...state]) {
    if (names.has(tensor.name)) {
      throw new RangeError(
        `Sequential.add: expected parameters and state of different names, got ${name}/${tensor.name} twice.`,
      );
    }
    names.add(tensor.name);
  }
}

function expectList<T>(what: string, items: string, list: readonly T[], isItem: (item: T) => boolean): void {
  // unlike every, it does not pass over holes
  if (Array.isArray(list) && list.findIndex((item) => !isItem(item)) === -1) return;
  throw new TypeError(`Sequential.add: expected ${what} to be an array of ${items}, got ${describe(list)}.`);
}

function isNamedTensor(item: NamedTensor | undefined): boolean {
  return typeof item?.name === "string" && item.value instanceof Tensor;
}

function isParameter(item: Parameter): boolean {
  return isNamedTensor(item) && item.grad instanceof Tensor && sameShape(item.grad.shape, item.value.shape);
}

/**
 * What the method of the layer called `name` has returned, checked.
 *
 * @throws TypeError if it is not a Tensor; ShapeError if it has another shape.
 */
export function expectReturned(
  name: string,
  method: "forward" | "backward",
  returned: Tensor | undefined,
  shape: Shape,
): Tensor {
  const wanted = `Sequential.${method}: expected ${name}.${method} to return a Tensor of shape ${formatShape(shape)}`;
  if (!(returned instanceof Tensor)) throw new TypeError(`${wanted}, got ${describe(returned)}.`);
  if (!sameShape(returned.shape, shape)) {
    throw new ShapeError(`${wanted}, got ${formatShape(returned.shape)}.`);
  }
  return returned;
}
