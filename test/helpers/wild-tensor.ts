import fc from "fast-check";
import { Random } from "../../src/tensor/random.js";
import { type Shape, sizeOf } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** Makes a tensor; with another salt, of other numbers. */
export type Fill = (shape: Shape, salt?: number) => Tensor;

/** Numbers that take the ways of float32 that normal numbers never take. */
const SPECIALS = [0, -0, NaN, Infinity, -Infinity, 3e38, -3e38, 1e-45, -1e-40];

/**
 * How to fill tensors: normal random numbers, of a usual size or so small that products underflow or so large that
 * they overflow, with none, few or many special ones among them.
 */
export const wildFills = (): fc.Arbitrary<Fill> =>
  fc
    .record({
      seed: fc.nat(1e6),
      scale: fc.constantFrom(1, 1, 1, 1e-21, 1e19),
      share: fc.constantFrom(0, 0, 0.01, 0.3),
    })
    .map(({ seed, scale, share }) => (shape, salt = 0) => {
      const random = new Random(seed + 1e6 * salt);
      const number = (): number =>
        random.uniform() < share ? SPECIALS[random.integer(SPECIALS.length)]! : scale * random.normal();
      return new Tensor(shape, new Float32Array(sizeOf(shape)).map(number));
    });
