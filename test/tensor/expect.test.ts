import { expect, describe as group, test } from "vitest";
import {
  describe,
  expectBoolean,
  expectInteger,
  expectNumber,
  expectOneOf,
  expectOptions,
  expectPair,
  type Pair,
} from "../../src/tensor/expect.js";

group("describe", () => {
  test("shows a value and its type", () => {
    expect(describe(2.5)).toBe("2.5 (number)");
    expect(describe(Number.NaN)).toBe("NaN (number)");
    expect(describe("big")).toBe('"big" (string)');
    expect(describe(true)).toBe("true (boolean)");
    expect(describe(10n)).toBe("10 (bigint)");
    expect(describe(Symbol("s"))).toBe("Symbol(s) (symbol)");
    expect(describe(null)).toBe("null");
    expect(describe(undefined)).toBe("undefined");
  });

  test("shows what is in a short array, and in the arrays in it", () => {
    expect(describe([1, 2])).toBe("[1, 2]");
    expect(describe([])).toBe("[]");
    expect(describe([[1, 2], [3]])).toBe("[[1, 2], [3]]");
    expect(describe(["1", null, undefined, {}, () => 0])).toBe(
      '["1", null, undefined, an object, a value of type Function]',
    );
    expect(describe([[[1]]])).toBe("[[an array]]");
    expect(describe(new Array(8).fill(0))).toBe("[0, 0, 0, 0, 0, 0, 0, 0]");
    expect(describe(new Array(9).fill(0))).toBe("an array");
    expect(describe([new Array(9).fill(0)])).toBe("[an array]");
  });

  test("shows no end of an array that holds itself", () => {
    const endless: unknown[] = [];
    endless.push(endless);
    expect(describe(endless)).toBe("[[an array]]");
  });

  test("names the class of an object", () => {
    expect(describe({})).toBe("an object");
    expect(describe(Object.create(null))).toBe("an object");
    expect(describe(new Float32Array(2))).toBe("a value of type Float32Array");
    class _Tensor {}
    expect(describe(new _Tensor())).toBe("a value of type Tensor"); // as a bundler renames it
    class Own_Tensor {}
    expect(describe(new Own_Tensor())).toBe("a value of type Own_Tensor");
    expect(describe(new (class {})())).toBe("an object");
    expect(describe(() => 0)).toBe("a value of type Function");
  });

  test("cuts what is long", () => {
    expect(describe("x".repeat(61))).toBe(`"${"x".repeat(60)}"... (string)`);
    expect(describe(["x".repeat(61)])).toBe(`["${"x".repeat(60)}"...]`);
    expect(describe("x".repeat(60))).toBe(`"${"x".repeat(60)}" (string)`);
  });

  test("looks at no property of an object, which may be a parsed file", () => {
    const hostile = [
      { constructor: { name: "Tensor" } },
      { constructor: { name: { toString: null } } },
      { constructor: null },
      Object.create(Object.create(null)), // its prototype knows of no class
      JSON.parse('{"__proto__": {"constructor": {"name": "Tensor"}}, "toString": 1}'),
    ];
    for (const value of hostile) {
      expect(describe(value)).toBe("an object");
      expect(describe([value])).toBe("[an object]");
    }
  });
});

group("expectNumber", () => {
  test("returns a number within its bounds", () => {
    expect(expectNumber("Here", "rate", 0.5)).toBe(0.5);
    expect(expectNumber("Here", "rate", 0, { min: 0, below: 1 })).toBe(0);
    expect(expectNumber("Here", "rate", 1, { above: 0, max: 1 })).toBe(1);
  });

  test("names the place, the bounds and what came", () => {
    expect(() => expectNumber("Dropout", "rate", 2, { min: 0, below: 1 })).toThrow(
      new RangeError("Dropout: expected rate to be a finite number >= 0 and < 1, got 2 (number)."),
    );
    expect(() => expectNumber("Here", "rate", 0, { above: 0, max: 1 })).toThrow(
      new RangeError("Here: expected rate to be a finite number > 0 and <= 1, got 0 (number)."),
    );
    expect(() => expectNumber("Here", "rate", Number.NaN)).toThrow(
      new RangeError("Here: expected rate to be a finite number, got NaN (number)."),
    );
  });

  test("refuses each bound from the other side, and what is no number", () => {
    const refused = [
      [-0.001, { min: 0 }],
      [1.001, { max: 1 }],
      [0, { above: 0 }],
      [1, { below: 1 }],
      [Number.POSITIVE_INFINITY, {}],
      ["1" as never, {}],
      [null as never, {}],
    ] as const;
    for (const [value, bounds] of refused) {
      expect(() => expectNumber("Here", "rate", value, bounds)).toThrow(RangeError);
    }
  });
});

group("expectInteger", () => {
  test("returns a whole number within its bounds", () => {
    expect(expectInteger("Here", "units", -3)).toBe(-3);
    expect(expectInteger("Here", "units", 1, { min: 1 })).toBe(1);
  });

  test("refuses fractions, and what cannot be counted exactly", () => {
    expect(() => expectInteger("Dense", "units", 2.5, { min: 1 })).toThrow(
      new RangeError("Dense: expected units to be a whole number >= 1, got 2.5 (number)."),
    );
    expect(() => expectInteger("Dense", "units", 0, { min: 1 })).toThrow(
      new RangeError("Dense: expected units to be a whole number >= 1, got 0 (number)."),
    );
    for (const value of [2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, "3" as never, undefined as never]) {
      expect(() => expectInteger("Here", "units", value)).toThrow(RangeError);
    }
  });
});

group("expectOneOf", () => {
  test("returns the word, and lists all of them where it is none", () => {
    expect(expectOneOf("Conv2D", "padding", "same", ["valid", "same"])).toBe("same");
    expect(() => expectOneOf<string>("Conv2D", "padding", "full", ["valid", "same"])).toThrow(
      new RangeError('Conv2D: expected padding to be "valid" or "same", got "full" (string).'),
    );
  });
});

group("expectBoolean", () => {
  test("takes true and false, and nothing that merely looks like it", () => {
    expect(expectBoolean("Dense", "useBias", true)).toBe(true);
    expect(expectBoolean("Dense", "useBias", false)).toBe(false);
    expect(() => expectBoolean("Dense", "useBias", 1 as never)).toThrow(
      new TypeError("Dense: expected useBias to be true or false, got 1 (number)."),
    );
  });
});

group("expectPair", () => {
  test("takes one number for both axes, or two", () => {
    expect(expectPair("Conv2D", "strides", 3)).toEqual([3, 3]);
    expect(expectPair("Conv2D", "strides", [1, 2])).toEqual([1, 2]);
  });

  test("refuses what is no pair", () => {
    expect(() => expectPair("Conv2D", "strides", [1, 2, 3] as never)).toThrow(
      new RangeError("Conv2D: expected strides to be a whole number or a pair of them, got [1, 2, 3]."),
    );
    expect(() => expectPair("Conv2D", "strides", "3" as never)).toThrow(
      new RangeError('Conv2D: expected strides to be a whole number or a pair of them, got "3" (string).'),
    );
  });

  test("refuses a length below 1, on either axis", () => {
    for (const value of [0, -1, 1.5, Number.NaN, [1, 0], [0, 1], [1, "2"]] as Pair[]) {
      expect(() => expectPair("Conv2D", "strides", value)).toThrow(
        /^Conv2D: expected strides to be a whole number >= 1, got /,
      );
    }
  });
});

group("expectOptions", () => {
  test("returns an object", () => {
    const options = { rate: 0.5 };
    expect(expectOptions("Dropout", options)).toBe(options);
  });

  test.each([
    [0.01, "0.01 (number)"],
    [null, "null"],
    [undefined, "undefined"],
    [[1], "[1]"],
    ["adam", '"adam" (string)'],
  ])("refuses %j", (options, got) => {
    expect(() => expectOptions("Adam", options as never)).toThrow(
      new TypeError(`Adam: expected options to be an object, as in { name: value }, got ${got}.`),
    );
  });
});
