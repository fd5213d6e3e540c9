import type { Layer } from "../layers/layer.js";
import { describe } from "../tensor/expect.js";

/** The names of the layers of a model. Once taken, a name is never given back. */
export class LayerNames {
  readonly #taken = new Set<string>();
  // the first number that may be free, by type: to look from 1 each time would be slow for thousands of layers
  readonly #numbers = new Map<string, number>();

  /**
   * The name that a layer would have: its own, or its type in snake case with the first number that is free, as in
   * `max_pool2d_1`.
   *
   * @throws RangeError if the name has spaces, slashes or control characters in it, or is taken.
   */
  choose({ name, type }: Pick<Layer, "name" | "type">): string {
    const chosen = name ?? this.#numbered(type);
    // a slash parts the layer from the parameter in conv2d_1/kernel, and a terminal obeys control characters
    if (typeof chosen !== "string" || !/^[^/\s\p{Cc}]+$/u.test(chosen)) {
      throw new RangeError(
        `Sequential.add: expected a layer name without spaces, slashes and control characters, got ${describe(chosen)}.`,
      );
    }
    if (this.#taken.has(chosen)) {
      throw new RangeError(`Sequential.add: expected a name of its own for each layer, got ${chosen} twice.`);
    }
    return chosen;
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
