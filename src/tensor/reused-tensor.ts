import { type Shape, sameShape } from "./shape.js";
import type { Tensor } from "./tensor.js";
import { type Batch, HeapWorkspace, type Workspace } from "./workspace.js";

/** Room for one tensor that is used again in each step, where its shape is known with the first step only. */
export class ReusedTensor {
  readonly #workspace: Workspace;
  #room: { readonly sampleShape: Shape; readonly batch: Batch } | undefined;

  constructor(workspace: Workspace = new HeapWorkspace()) {
    this.#workspace = workspace;
  }

  /** The tensor of that shape; its values are whatever the last use left there. */
  of(shape: Shape): Tensor {
    const sampleShape = shape.slice(1);
    if (!this.#room || !sameShape(sampleShape, this.#room.sampleShape)) {
      this.#room = { sampleShape, batch: this.#workspace.batch("reused", sampleShape) };
    }
    return this.#room.batch.of(shape[0]!);
  }
}
