import { type Shape, sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import { type Batch, HeapWorkspace, type Workspace } from "../workspace.js";
import { allocateInMemory } from "./memory.js";

/**
 * A workspace in the memory of the kernels. Where that is full it goes on with ordinary memory, in which the plain
 * code computes the same numbers, only slower.
 */
export class SimdWorkspace implements Workspace {
  readonly #heap = new HeapWorkspace();

  tensor(name: string, shape: Shape): Tensor {
    const data = allocateInMemory(sizeOf(shape));
    return data ? new Tensor(shape, data) : this.#heap.tensor(name, shape);
  }

  batch(name: string, sampleShape: Shape): Batch {
    return new SimdBatch(sampleShape, this.#heap.batch(name, sampleShape));
  }
}

// the range of a room is used again once its array is collected, so what is a part of it keeps it
const roomOf = new WeakMap<Float32Array, Float32Array>();

class SimdBatch implements Batch {
  readonly #sampleShape: Shape;
  readonly #heap: Batch;
  #room: Float32Array | undefined;
  #last: Tensor | undefined; // most steps ask for the size of the step before

  constructor(sampleShape: Shape, heap: Batch) {
    this.#sampleShape = sampleShape;
    this.#heap = heap;
  }

  of(n: number): Tensor {
    if (this.#last?.shape[0] === n) return this.#last;
    const shape = [n, ...this.#sampleShape];
    const length = sizeOf(shape);
    if (!this.#room || this.#room.length < length) {
      this.#room = allocateInMemory(length);
      if (!this.#room) return this.#heap.of(n);
    }
    const data = this.#room.subarray(0, length);
    roomOf.set(data, this.#room);
    this.#last = new Tensor(shape, data);
    return this.#last;
  }
}
