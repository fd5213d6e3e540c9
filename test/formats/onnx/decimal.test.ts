import fc from "fast-check";
import { expect, test } from "vitest";
import { decimalOf } from "../../../src/formats/onnx/decimal.js";

test("a float32 is the decimal that it was rounded from", () => {
  for (const decimal of [0, 0.1, -0.3, 1e-3, 1e-5, 0.99, 255, 1 / 4, 16777215, 1e-40]) {
    expect(decimalOf(Math.fround(decimal))).toBe(decimal);
  }
});

test("the decimal has the same float32, and at most nine digits", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const decimal = decimalOf(value);
      expect(Math.fround(decimal) === value).toBe(true); // -0 becomes 0
      const [, digits] = /^-?([\d.]+)/.exec(decimal.toExponential())!;
      expect(digits!.replace(".", "").length).toBeLessThanOrEqual(9);
    }),
    { seed: 1, numRuns: 5000 },
  );
});

test("what is no number stays as it is", () => {
  expect(decimalOf(Number.NaN)).toBeNaN();
  expect(decimalOf(Number.NEGATIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
});
