import type { Layer } from "../layers/layer.js";
import { describe } from "../tensor/expect.js";

/**
 * The name of a layer in a model whose other layers have the names `taken`: its own, or its type in snake case with
 * the first number that is free, as in `max_pool2d_1`.
 *
 * @throws RangeError if the name has spaces or slashes in it, or is taken.
 */
export function nameLayer({ name, type }: Layer, taken: ReadonlySet<string>): string {
  const chosen = name ?? numbered(type, taken);
  // a slash parts the layer from the parameter in conv2d_1/kernel
  if (typeof chosen !== "string" || !/^[^/\s]+$/.test(chosen)) {
    throw new RangeError(
      `Sequential.add: expected a layer name without spaces and slashes, got ${describe(chosen)}.`,
    );
  }
  if (taken.has(chosen)) {
    throw new RangeError(`Sequential.add: expected a name of its own for each layer, got ${chosen} twice.`);
  }
  return chosen;
}

function numbered(type: string, taken: ReadonlySet<string>): string {
  // one capital and small letters make a word: MaxPool2D is max_pool2d, LeakyReLU is leaky_relu
  const words = type.replace(/([a-z])([A-Z][a-z])/g, "$1_$2").toLowerCase();
  let number = 1;
  while (taken.has(`${words}_${number}`)) number++;
  return `${words}_${number}`;
}
