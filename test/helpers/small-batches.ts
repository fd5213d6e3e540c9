import fc from "fast-check";
import { Tensor } from "../../src/tensor/tensor.js";
import { normalTensor } from "./random-tensor.js";

/** Small batches of any rank for fast-check: [N, ...] with 1 to 4 axes of 1 to 4. */
export const smallBatches = (): fc.Arbitrary<Tensor> =>
  fc
    .tuple(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), fc.nat(1e6))
    .map(([shape, seed]) => normalTensor(shape, seed));

/** The same numbers at least 1/16 from 0, so that no step of a gradient check meets the kink of a ReLU there. */
export const awayFromZero = (x: Tensor): Tensor =>
  new Tensor(
    x.shape,
    x.data.map((value) => (value < 0 ? value - 1 / 16 : value + 1 / 16)),
  );
