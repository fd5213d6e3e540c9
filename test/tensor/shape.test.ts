import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/tensor/errors.js";
import {
  expectShape,
  expectValidShape,
  formatShape,
  isSampleShape,
  sameShape,
  sizeOf,
} from "../../src/tensor/shape.js";

describe("sizeOf", () => {
  test("is the product of the axes, and 1 for a scalar", () => {
    expect(sizeOf([2, 3, 4])).toBe(24);
    expect(sizeOf([5, 0, 2])).toBe(0);
    expect(sizeOf([])).toBe(1);
  });
});

describe("formatShape", () => {
  test("prints lengths and names", () => {
    expect(formatShape([2, 3])).toBe("[2, 3]");
    expect(formatShape(["N", 28, 28, 1])).toBe("[N, 28, 28, 1]");
    expect(formatShape([])).toBe("[]");
  });

  test("cuts what has more than 16 axes", () => {
    const sixteen = "1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1";
    expect(formatShape(new Array<number>(16).fill(1))).toBe(`[${sixteen}]`);
    expect(formatShape(new Array<number>(17).fill(1))).toBe(`[${sixteen}, ...]`);
  });
});

describe("sameShape", () => {
  test("compares every axis and their number", () => {
    expect(sameShape([2, 3], [2, 3])).toBe(true);
    expect(sameShape([], [])).toBe(true);
    expect(sameShape([2, 3], [3, 2])).toBe(false);
    expect(sameShape([2, 3], [2, 3, 1])).toBe(false);
    expect(sameShape([2, 3, 1], [2, 3])).toBe(false);
  });
});

describe("expectShape", () => {
  test("lets a shape through that fits: numbers must match, names take any length", () => {
    expect(() => expectShape("Here", [7, 4], ["N", 4])).not.toThrow();
    expect(() => expectShape("Here", [0, 4], ["N", 4])).not.toThrow();
    expect(() => expectShape("Here", [], [])).not.toThrow();
  });

  test("names the place, the pattern and the shape", () => {
    expect(() => expectShape("Dense.forward", [2, 7], ["N", 4])).toThrow(
      new ShapeError("Dense.forward: expected shape [N, 4], got [2, 7]."),
    );
    expect(() => expectShape("Here", [2, 4, 1], ["N", 4])).toThrow(
      new ShapeError("Here: expected shape [N, 4], got [2, 4, 1]."),
    );
  });

  test("refuses the shape of what has none, as an array in place of a tensor", () => {
    expect(() => expectShape("Dense.forward", undefined as never, ["N", 4])).toThrow(
      new TypeError(
        "Dense.forward: expected shape [N, 4], got undefined. Tensor.from makes a Tensor of arrays.",
      ),
    );
  });

  test("ends in the remedy if there is one", () => {
    expect(() => expectShape("Here", [2], [3], "Reshape it.")).toThrow(
      new ShapeError("Here: expected shape [3], got [2]. Reshape it."),
    );
  });
});

describe("expectValidShape", () => {
  test("takes whole numbers from 0 on", () => {
    expect(() => expectValidShape("Here", [2, 0, 3])).not.toThrow();
    expect(() => expectValidShape("Here", [])).not.toThrow();
  });

  test("refuses any other axis", () => {
    expect(() => expectValidShape("Here", [2, -1])).toThrow(
      new RangeError("Here: expected axes that are whole numbers >= 0, got [2, -1]."),
    );
    for (const axis of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => expectValidShape("Here", [2, axis])).toThrow(RangeError);
    }
  });

  test("refuses more elements than a number can count", () => {
    expect(() => expectValidShape("Here", [2 ** 30, 2 ** 30])).toThrow(
      new RangeError("Here: expected a shape of fewer than 2^53 elements, got [1073741824, 1073741824]."),
    );
  });
});

describe("ShapeError", () => {
  test("is an Error with a name of its own", () => {
    const error = new ShapeError("Here: wrong.");
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe("ShapeError: Here: wrong.");
  });
});

describe("isSampleShape", () => {
  test.each([[[]], [[1]], [[28, 28, 1]], [[2 ** 53 - 1]]])("takes whole lengths from 1: %j", (shape) => {
    expect(isSampleShape(shape)).toBe(true);
  });

  test.each([[[0]], [[3, 0]], [[0, 3]], [[2, -1]], [[2.5]], [[1, Number.NaN]], [[2 ** 53]]])(
    "refuses other lengths, at any place: %j",
    (shape) => {
      expect(isSampleShape(shape)).toBe(false);
    },
  );

  test("refuses a list with a hole", () => {
    expect(isSampleShape(new Array<number>(2))).toBe(false);
  });
});
