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
    if (data) return new Tensor(shape, data);
    const tensor = this.#heap.tensor(name, shape);
    tellOfHeap();
    return tensor;
  }

  batch(name: string, sampleShape: Shape): Batch {
    return new SimdBatch(sampleShape, this.#heap.batch(name, sampleShape));
  }
}

let isTold = false;

function tellOfHeap(): void {
  if (isTold) return;
  isTold = true;
  console.warn(
    "tinyconv: the memory of the SIMD kernels is full, so some layers compute in plain TypeScript: the same numbers, slower. " +
      "Models that are no longer used give it back once the event loop has had a turn.",
  );
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
      // who asks for a little more again and again gets room for half as much again, so that few rooms are left behind
      const spare = this.#room ? Math.ceil(1.5 * this.#room.length) : 0;
      this.#room = allocateInMemory(Math.max(length, spare)) ?? allocateInMemory(length);
      if (!this.#room) {
        const tensor = this.#heap.of(n);
        tellOfHeap();
        return tensor;
      }
    }
    const data = this.#room.subarray(0, length);
    roomOf.set(data, this.#room);
    this.#last = new Tensor(shape, data);
    return this.#last;
  }
}
