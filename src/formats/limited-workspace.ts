import { formatShape, type Shape, sizeOf } from "../tensor/shape.js";
import { createWorkspace } from "../tensor/simd/backend.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Batch, Workspace } from "../tensor/workspace.js";

// For each number that a layer saves, it has a gradient, and at most a few rows of its own beside them (3 in batch
// normalisation without γ and β). What every layer may have in any case keeps the smallest models out of this.
const NUMBERS_FOR_EACH_SAVED = 16;
const NUMBERS_IN_ANY_CASE = 2 ** 20;

/** The most layers that a model out of a file has: a few bytes there ask for one, which takes hundreds here. */
export const MOST_LAYERS = 10_000;

/** The most axes that its samples have: each of the layers looks at all of them. */
export const MOST_AXES = 32;

/**
 * Memory for a model out of a file that may come from anywhere: no more than a few numbers for each one that the file
 * has, and 4 MB. A few bytes there cannot ask for gigabytes here.
 */
export class LimitedWorkspace implements Workspace {
  readonly #workspace = createWorkspace();
  readonly #where: string;
  readonly #saved: number;
  #left: number;

  /** @param where the function that reads, for the message, and `saved` the numbers of the weights in the file. */
  constructor(where: string, saved: number) {
    this.#where = where;
    this.#saved = saved;
    this.#left = NUMBERS_FOR_EACH_SAVED * saved + NUMBERS_IN_ANY_CASE;
  }

  /** @throws Error if that is more than the numbers in the file call for. */
  tensor(name: string, shape: Shape): Tensor {
    this.#left -= sizeOf(shape);
    if (this.#left < 0) {
      throw new Error(
        `${this.#where}: expected an architecture for the ${this.#saved} numbers in the file, got a ${name} of shape ${formatShape(shape)}.`,
      );
    }
    return this.#workspace.tensor(name, shape);
  }

  batch(name: string, sampleShape: Shape): Batch {
    return this.#workspace.batch(name, sampleShape);
  }
}
