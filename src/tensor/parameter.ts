import type { Tensor } from "./tensor.js";

/** A tensor with a name, as it is saved in a file. */
export interface NamedTensor {
  readonly name: string;
  readonly value: Tensor;
}

/** Something that training changes: its value, and the gradient that `backward` adds to. */
export interface Parameter extends NamedTensor {
  /** ∂L/∂value, of the same shape. */
  readonly grad: Tensor;
}
