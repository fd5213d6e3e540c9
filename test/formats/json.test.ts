import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeJson, isJsonObject, isUnicode, parseStrictJson } from "../../src/formats/json.js";

const parse = (text: string, maxDepth = 3): unknown => parseStrictJson("load", "the file", text, maxDepth);

describe("parseStrictJson", () => {
  test("reads what JSON.parse reads", () => {
    expect(parse('{"a": [1, true, null], "b": {"a": "x"}}')).toEqual({ a: [1, true, null], b: { a: "x" } });
    expect(parse(" 5 ")).toBe(5);
    expect(parse('"a"')).toBe("a");
  });

  test("agrees with JSON.parse on any JSON, spaced out or not", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4, stringUnit: "binary" }), fc.constantFrom(0, 2), (text, indent) => {
        const value = JSON.parse(text);
        expect(parse(JSON.stringify(value, null, indent), 9)).toEqual(value);
      }),
    );
  });

  test("reads a million values, and not one more", () => {
    const list = (commas: number): string => `[${"0,".repeat(commas)}0]`;
    expect(parse(list(999_999))).toHaveLength(1_000_000);
    expect(() => parse(list(1_000_000))).toThrow(
      new Error("load: expected the file to have at most 1000000 values, got more."),
    );
    expect(parse(`"${",".repeat(1_000_001)}"`)).toHaveLength(1_000_001); // these are a text
  });

  test("is not misled by brackets, colons and quotes inside strings", () => {
    expect(parse('{"a": "{[{[\\"", "b": ["a", "a"], "\\\\": "\\\\"}')).toEqual({
      a: '{[{["',
      b: ["a", "a"],
      "\\": "\\",
    });
  });

  test("allows one key in two objects, and a key equal to a value", () => {
    expect(parse('[{"a": 1}, {"a": "a"}]')).toEqual([{ a: 1 }, { a: "a" }]);
  });

  test("keeps a key called __proto__ as a key", () => {
    const value = parse('{"__proto__": {"a": 1}, "constructor": 2}') as object;
    expect(Object.keys(value)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test.each([
    ['{"a": 1, "a": 1}', '"a"'],
    ['{"a": 1, "b": {"c": 2}, "\\u0061"\n:1}', '"a"'],
    ['[{"b": 1, "c": [], "b": 2}]', '"b"'],
    ['{"__proto__": 1, "__proto__": 2}', '"__proto__"'],
  ])("refuses a key that comes twice: %s", (text, key) => {
    expect(() => parse(text)).toThrow(
      new Error(`load: expected the file to have every key once, got ${key} twice.`),
    );
  });

  test.each([
    "",
    "{",
    "}",
    "]]]]",
    '{"a"}',
    '{"a": 1,}',
    '"a',
    '"\\',
    '"\\x"',
    "{} {}",
    "NaN",
    "\uFEFF{}",
    "{}\0",
  ])("refuses what is not JSON: %j", (text) => {
    expect(() => parse(text)).toThrow(
      new Error(`load: expected the file to be JSON, got ${JSON.stringify(text)}.`),
    );
  });

  test("refuses deep nesting before it parses anything", () => {
    expect(parse("[[[]]]")).toEqual([[[]]]);
    const message = "load: expected the file to nest at most 3 deep, got deeper nesting.";
    expect(() => parse("[[[[]]]]")).toThrow(new Error(message));
    expect(() => parse("[".repeat(1e6))).toThrow(new Error(message));
    expect(() => parse('{"a":'.repeat(1e6))).toThrow(new Error(message));
  });

  test("refuses half a surrogate pair in keys and values", () => {
    const message = 'load: expected the file to be Unicode, got half a surrogate pair in "\\ud83d".';
    expect(() => parse('{"\\ud83d": 1}')).toThrow(new Error(message));
    expect(() => parse('["\\ud83d"]')).toThrow(new Error(message));
    expect(parse('["\\ud83d\\ude00"]')).toEqual(["\u{1F600}"]);
  });

  test("reads a string of many escapes without running out of stack", () => {
    expect(parse(`"${"\\n".repeat(1e6)}"`)).toBe("\n".repeat(1e6));
  });
});

describe("describeJson", () => {
  test.each([
    [1.5, "1.5"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [null, "null"],
    [true, "true"],
    ['a"b', '"a\\"b"'],
    [[0, 8], "[0, 8]"],
    [[0, "x", [1], { a: 1 }], '[0, "x", an array, an object]'],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9], "[1, 2, 3, 4, 5, 6, 7, 8, ...]"],
    ["x".repeat(61), `"${"x".repeat(60)}"...`],
    [JSON.parse('{"constructor": {"name": {"toString": 1}}}'), "an object"],
  ])("%j is %s", (value, text) => {
    expect(describeJson(value)).toBe(text);
  });
});

test("isJsonObject is true for objects alone", () => {
  expect([{}, [], null, "x", 1, undefined].map(isJsonObject)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test("isUnicode is false for half a surrogate pair", () => {
  expect(["", "a\0é", "\u{1F600}", "\uD83D", "\uDE00\uD83D"].map(isUnicode)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
