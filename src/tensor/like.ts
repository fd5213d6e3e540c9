import { allocateInMemory, inMemory } from "./simd/memory.js";
import { Tensor } from "./tensor.js";

/**
 * Zeros of the shape of a tensor, in the same kind of memory, so that the same kernels can compute with both. The
 * state that an optimizer keeps beside a parameter is made with it.
 */
export function zerosLike({ shape, size, data }: Tensor): Tensor {
  return new Tensor(shape, inMemory(data) ? allocateInMemory(size) : undefined);
}

/** A copy of a tensor, in the same kind of memory. */
export function copyOf(tensor: Tensor): Tensor {
  const copy = zerosLike(tensor);
  copy.data.set(tensor.data);
  return copy;
}
