import { allocate } from "./allocate.js";
import { describe } from "./expect.js";
import { expectValidShape, type Shape, sizeOf } from "./shape.js";
import { Tensor } from "./tensor.js";

/**
 * Where layers get their memory. A layer asks for what it needs once, when it is built, and never allocates in a
 * training step; it cannot tell what kind of memory it was given.
 */
export interface Workspace {
  /** A tensor of zeros that keeps its values: a parameter, a gradient, a moving average. */
  tensor(name: string, shape: Shape): Tensor;
  /** Room for a result of each sample, for batches of any size. */
  batch(name: string, sampleShape: Shape): Batch;
}

/** Room for a batch of results, `[n, ...sampleShape]`, reused from step to step. */
export interface Batch {
  /**
   * The tensor of `n` samples. Its values are whatever the last use left there: a layer overwrites all of them.
   * A batch larger than any before is given new room; a smaller one uses part of it.
   */
  of(n: number): Tensor;
}

/**
 * Checks that something is a workspace.
 *
 * @throws TypeError if it is not.
 */
export function expectWorkspace(where: string, workspace: Workspace): void {
  if (typeof workspace?.tensor === "function" && typeof workspace.batch === "function") return;
  throw new TypeError(
    `${where}: expected workspace to be a Workspace, got ${describe(workspace)}. Leave it out for the default.`,
  );
}

/** A workspace of ordinary JavaScript memory, which goes when the layers go. */
export class HeapWorkspace implements Workspace {
  tensor(_name: string, shape: Shape): Tensor {
    return new Tensor(shape);
  }

  batch(_name: string, sampleShape: Shape): Batch {
    expectValidShape("HeapWorkspace.batch", sampleShape);
    return new HeapBatch(sampleShape);
  }
}

class HeapBatch implements Batch {
  readonly #sampleShape: Shape;
  #room: Float32Array = new Float32Array(0);
  #last: Tensor | undefined; // most steps ask for the size of the step before

  constructor(sampleShape: Shape) {
    this.#sampleShape = sampleShape;
  }

  of(n: number): Tensor {
    if (this.#last?.shape[0] === n) return this.#last;
    const shape = [n, ...this.#sampleShape];
    const length = sizeOf(shape);
    if (this.#room.length < length) {
      this.#room = allocate("HeapWorkspace", shape, "Use a smaller batchSize.");
    }
    this.#last = new Tensor(shape, this.#room.subarray(0, length));
    return this.#last;
  }
}
