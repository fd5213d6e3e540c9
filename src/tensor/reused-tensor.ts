import { type Shape, sameShape } from "./shape.js";
import type { Tensor } from "./tensor.js";
import { type Batch, HeapWorkspace, type Workspace } from "./workspace.js";

/** Room for one tensor that is used again in each step, where its shape is known with the first step only. */
export class ReusedTensor {
  readonly #workspace: Workspace;
  #sampleShape: Shape | undefined;
  #batch: Batch | undefined;

  constructor(workspace: Workspace = new HeapWorkspace()) {
    this.#workspace = workspace;
  }

  /** The tensor of that shape; its values are whatever the last use left there. */
  of(shape: Shape): Tensor {
    const sampleShape = shape.slice(1);
    if (!this.#batch || !this.#sampleShape || !sameShape(sampleShape, this.#sampleShape)) {
      this.#batch = this.#workspace.batch("reused", sampleShape);
      this.#sampleShape = sampleShape;
    }
    return this.#batch.of(shape[0]!);
  }
}
