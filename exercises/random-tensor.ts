import { Random, type Shape, Tensor } from "tinyconv";

/** A tensor of normal random numbers, the same for the same seed. */
export function randomTensor(shape: Shape, seed: number): Tensor {
  const random = new Random(seed);
  const tensor = new Tensor(shape);
  for (let i = 0; i < tensor.size; i++) tensor.data[i] = random.normal();
  return tensor;
}
