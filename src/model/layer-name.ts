import type { Layer } from "../layers/layer.js";
import { describe } from "../tensor/expect.js";

/**
 * True for a text that a layer may be called: a slash would part it from the parameter in conv2d_1/kernel, a terminal obeys
 * control characters, a file cannot hold half a surrogate pair, and a table is as wide as its longest name.
 */
export function isLayerName(text: string): boolean {
  return /^[^/\s\p{Cc}\p{Cs}]{1,200}$/u.test(text);
}

/** The names of the layers of a model. Once taken, a name is never given back. */
export class LayerNames {
  readonly #taken = new Set<string>();
  // the first number that may be free, by type: to look from 1 each time would be slow for thousands of layers
  readonly #numbers = new Map<string, number>();

  /**
   * The name that a layer would have: its own, or its type in snake case with the first number that is free, as in
   * `max_pool2d_1`.
   *
   * @throws RangeError if the name is longer than 200 characters, has spaces, slashes or control characters in it, or is
   * taken.
   */
  choose({ name, type }: Pick<Layer, "name" | "type">): string {
    const chosen = name ?? this.#numbered(type);
    if (typeof chosen !== "string" || !isLayerName(chosen)) {
      throw new RangeError(
        `Sequential.add: expected a layer name of 1 to 200 characters, without spaces, slashes and control characters, got ${describe(chosen)}.`,
      );
    }
    if (this.#taken.has(chosen)) {
      throw new RangeError(`Sequential.add: expected a name of its own for each layer, got ${chosen} twice.`);
    }
    return chosen;
  }

  /** True if a layer has the name. */
  has(name: string): boolean {
    return this.#taken.has(name);
  }

  /** Keeps a name that was chosen. */
  take(name: string): void {
    this.#taken.add(name);
  }

  #numbered(type: string): string {
    // one capital and small letters make a word: MaxPool2D is max_pool2d, LeakyReLU is leaky_relu
    const words = type.replace(/([a-z])([A-Z][a-z])/g, "$1_$2").toLowerCase();
    let number = this.#numbers.get(words) ?? 1;
    while (this.#taken.has(`${words}_${number}`)) number++;
    this.#numbers.set(words, number);
    return `${words}_${number}`;
  }
}
