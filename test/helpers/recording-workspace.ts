import type { Shape } from "../../src/tensor/shape.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { type Batch, HeapWorkspace } from "../../src/tensor/workspace.js";

/** Ordinary memory that knows what it was asked for. */
export class RecordingWorkspace extends HeapWorkspace {
  /** The names of all tensors and batches, in order. */
  readonly names: string[] = [];
  readonly tensors = new Map<string, Tensor>();

  override tensor(name: string, shape: Shape): Tensor {
    const tensor = super.tensor(name, shape);
    this.names.push(name);
    this.tensors.set(name, tensor);
    return tensor;
  }

  override batch(name: string, sampleShape: Shape): Batch {
    this.names.push(name);
    return super.batch(name, sampleShape);
  }
}
