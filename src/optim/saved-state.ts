import type { Tensor } from "../tensor/tensor.js";

/**
 * What something keeps from one training step to the next, by names, in the form in which a checkpoint saves it. The
 * tensors are its own and change with the next step: copy or write them at once.
 */
export interface SavedState {
  readonly numbers: ReadonlyMap<string, number>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}
