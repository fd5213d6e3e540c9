import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rescale } from "../../src/tensor/rescale.js";
import { Tensor } from "../../src/tensor/tensor.js";

describe("rescale", () => {
  test("multiplies, then adds", () => {
    const out = new Tensor([1, 3]);
    expect(rescale(Tensor.from([[1, 2, 3]]), { scale: 2, offset: -1, out })).toBe(out);
    expect([...out.data]).toEqual([1, 3, 5]);
  });

  test("rounds scale, offset, product and sum to float32, each by itself", () => {
    const { fround } = Math;
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, min: -1000, max: 1000 }),
        fc.double({ noNaN: true, min: -10, max: 10 }),
        fc.double({ noNaN: true, min: -10, max: 10 }),
        (value, scale, offset) => {
          const product = fround(fround(scale) * value);
          const out = rescale(Tensor.from([value]), { scale, offset, out: new Tensor([1]) });
          expect(out.data[0]).toBe(fround(product + fround(offset)));
        },
      ),
      { numRuns: 200 },
    );
    // 3·0.1 rounds to the float32 of 0.3; left unrounded it would be 7.5e-9 less
    const out = rescale(Tensor.from([3]), { scale: 0.1, offset: -0.3, out: new Tensor([1]) });
    expect(out.data[0]).toBe(0);
  });

  test("may work in place, and lets NaN and infinities through", () => {
    const x = Tensor.from([Number.NaN, Number.POSITIVE_INFINITY, 4]);
    rescale(x, { scale: -1, offset: 1, out: x });
    expect([...x.data]).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, -3]);
  });

  test("refuses an out of another shape", () => {
    expect(() => rescale(new Tensor([4]), { scale: 1, offset: 0, out: new Tensor([2, 2]) })).toThrow(
      "rescale (out): expected shape [4], got [2, 2].",
    );
  });
});
