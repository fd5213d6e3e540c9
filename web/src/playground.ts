import type { Sequential, Shape } from "tinyconv";
import { DIGIT_PIXELS, DIGIT_SIDE } from "./digit-size.js";

/** One number of an activation: of a layer of the model, or of the input where `layer` is -1. */
export interface Cell {
  readonly layer: number;
  readonly h: number;
  readonly w: number;
  readonly c: number;
}

/** What a layer gave for the digit on the page. */
export interface Activation {
  /** As in the model: `conv2d_1`. */
  readonly name: string;
  /** The class of the layer: `Conv2D`. */
  readonly type: string;
  /** Of one sample: [H, W, C], or [I]. */
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** What the sections of the page are told of. */
export type PlaygroundEvent = "model" | "pixels" | "cell";

/**
 * What all sections of the page look at: the model, the digit, what each layer makes of it, and the cell that was chosen.
 */
export class Playground {
  #model: Sequential;
  #pixels = new Uint8Array(DIGIT_PIXELS);
  #outputs: readonly Activation[] = [];
  #probabilities: Float32Array = new Float32Array(10);
  #cell: Cell | undefined;
  readonly #listeners = new Map<PlaygroundEvent, (() => void)[]>();

  constructor(model: Sequential) {
    this.#model = model;
    this.#run();
  }

  get model(): Sequential {
    return this.#model;
  }

  /** The digit as the model takes it, 28 x 28, 0 to 255: all 0 while nothing is drawn. */
  get pixels(): Uint8Array {
    return this.#pixels;
  }

  /** What the layers gave for the digit, one entry for each layer of the model. */
  get outputs(): readonly Activation[] {
    return this.#outputs;
  }

  /** Of the digits 0 to 9. */
  get probabilities(): Float32Array {
    return this.#probabilities;
  }

  /** The cell that was chosen, if one was. */
  get cell(): Cell | undefined {
    return this.#cell;
  }

  /** Calls `listener` after each event of that kind. A new model is followed by "pixels" and "cell", since its outputs are others, and no cell is chosen any more. */
  on(event: PlaygroundEvent, listener: () => void): void {
    const listeners = this.#listeners.get(event) ?? [];
    listeners.push(listener);
    this.#listeners.set(event, listeners);
  }

  /** Takes another digit. */
  setPixels(pixels: Uint8Array): void {
    this.#pixels = pixels.slice();
    this.#run();
    this.#tell("pixels");
  }

  /** Takes another model, from [28, 28, 1] to ten outputs. */
  setModel(model: Sequential): void {
    this.#model = model;
    this.#cell = undefined;
    this.#run();
    this.#tell("model");
    this.#tell("pixels");
    this.#tell("cell");
  }

  /** Chooses a cell, or none. */
  choose(cell: Cell | undefined): void {
    this.#cell = cell;
    this.#tell("cell");
  }

  /** Two passes: one for the probabilities, and one for what the layers return, which is theirs until the next, so it is copied. */
  #run(): void {
    const images = { data: this.#pixels, shape: [1, DIGIT_SIDE, DIGIT_SIDE, 1] };
    this.#probabilities = this.#model.predict(images).data;
    this.#model.forward(images);
    this.#outputs = this.#model.outputs.map(({ name, value }, i) => ({
      name,
      type: this.#model.layers[i]!.type,
      shape: value.shape.slice(1),
      data: value.data.slice(),
    }));
  }

  #tell(event: PlaygroundEvent): void {
    for (const listener of this.#listeners.get(event) ?? []) listener();
  }
}
