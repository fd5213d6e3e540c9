import { expect } from "vitest";
import { type Shape, sameShape } from "../src/tensor/shape.js";
import { type NestedNumbers, Tensor } from "../src/tensor/tensor.js";

/** What `toBeAllclose` compares: a tensor, a typed array, or numbers nested as deep as they have axes. */
export type Numbers = Tensor | Float32Array | Float64Array | NestedNumbers;

/** How far apart two numbers may be: `|actual - expected| <= atol + rtol·|expected|`. */
export interface Tolerance {
  /** @default 1e-5 */
  readonly rtol?: number;
  /** @default 1e-6 */
  readonly atol?: number;
}

declare module "vitest" {
  interface Matchers<T> {
    /**
     * The shapes are equal, and every element is as close to the expected one as the tolerance says. NaN equals
     * NaN, and an infinity equals itself.
     */
    toBeAllclose(expected: Numbers, tolerance?: Tolerance): T;
  }
}

interface Flat {
  readonly shape: Shape;
  readonly values: readonly number[];
}

// nested arrays are flattened here and not by Tensor.from, which would round what is expected to float32
function flatten(numbers: Numbers): Flat {
  if (numbers instanceof Tensor) return { shape: numbers.shape, values: [...numbers.data] };
  if (numbers instanceof Float32Array || numbers instanceof Float64Array) {
    return { shape: [numbers.length], values: [...numbers] };
  }
  if (typeof numbers === "number") return { shape: [], values: [numbers] };
  const rows = numbers.map(flatten);
  const inner = rows[0]?.shape ?? [];
  if (!rows.every((row) => sameShape(row.shape, inner))) {
    throw new TypeError("toBeAllclose: expected arrays of one length on each axis, got ragged ones.");
  }
  return { shape: [numbers.length, ...inner], values: rows.flatMap((row) => row.values) };
}

function nest({ shape, values }: Flat): NestedNumbers {
  const [length, ...inner] = shape;
  if (length === undefined) return values[0]!;
  const step = values.length / length;
  return Array.from({ length }, (_, i) =>
    nest({ shape: inner, values: values.slice(i * step, (i + 1) * step) }),
  );
}

expect.extend({
  toBeAllclose(received: Numbers, wanted: Numbers, { rtol = 1e-5, atol = 1e-6 }: Tolerance = {}) {
    const actual = flatten(received);
    const expected = flatten(wanted);
    if (!sameShape(actual.shape, expected.shape)) {
      return {
        pass: false,
        message: () => `expected shape [${expected.shape.join(", ")}], got [${actual.shape.join(", ")}]`,
      };
    }
    const isClose = (a: number, i: number): boolean => {
      const e = expected.values[i]!;
      if (Object.is(a, e) || a === e) return true;
      // an infinite expected value would make the tolerance infinite too
      return Number.isFinite(e) && Math.abs(a - e) <= atol + rtol * Math.abs(e);
    };
    const far = actual.values.filter((a, i) => !isClose(a, i)).length;
    return {
      pass: far === 0,
      message: () =>
        this.isNot
          ? `expected some element to differ by more than ${atol} + ${rtol}·|expected|, but none does`
          : `${far} of ${actual.values.length} elements differ by more than ${atol} + ${rtol}·|expected|`,
      actual: nest(actual),
      // elements that are close enough are shown as they came, so that the diff holds the others only
      expected: nest({
        ...expected,
        values: expected.values.map((e, i) => (isClose(actual.values[i]!, i) ? actual.values[i]! : e)),
      }),
    };
  },
});
