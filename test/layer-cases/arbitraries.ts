import fc from "fast-check";
import { INITIALIZERS } from "../../src/tensor/init.js";
import type { Shape } from "../../src/tensor/shape.js";

/** A whole number from 1, or from `min`. */
export const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });

export const initializers = fc.constantFrom(...INITIALIZERS);

/** Any number of axes that a sample may have; more are as good. */
export const ANY_RANK: readonly number[] = [1, 2, 3, 4];

export interface ShapeLimits {
  /** The longest of several axes. */
  readonly side: number;
  /** The last axis of several, or a single one. */
  readonly last: number;
}

/** Shapes of samples of one of the ranks, of odd and even sizes, down to a single element. */
export const sampleShapes = (ranks: readonly number[], { side, last }: ShapeLimits): fc.Arbitrary<Shape> =>
  fc
    .constantFrom(...ranks)
    .chain((rank) => fc.tuple(...Array.from({ length: rank }, (_, i) => upTo(i === rank - 1 ? last : side))));
