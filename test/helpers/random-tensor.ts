import { Random } from "../../src/tensor/random.js";
import { type Shape, sizeOf } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** A tensor of normal random numbers. */
export function normalTensor(shape: Shape, seed: number): Tensor {
  const random = new Random(seed);
  return new Tensor(
    shape,
    new Float32Array(sizeOf(shape)).map(() => random.normal()),
  );
}

/** The multiples of 1/16 around 0 in random order: no two are equal or near enough to change places in a small step. */
export function distinctTensor(shape: Shape, seed: number): Tensor {
  const size = sizeOf(shape);
  const order = new Random(seed).permutation(size);
  return new Tensor(
    shape,
    Float32Array.from(order, (rank) => (rank - Math.floor(size / 2)) / 16),
  );
}

/** Random multiples of 1 in -2 to 2, so that there are many ties, and sums are exact. */
export function wholeTensor(shape: Shape, seed: number): Tensor {
  const random = new Random(seed);
  return new Tensor(
    shape,
    new Float32Array(sizeOf(shape)).map(() => random.integer(5) - 2),
  );
}
