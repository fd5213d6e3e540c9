import { describe, expect, test } from "vitest";
import { printable, printableJson, printableLines, printableName } from "../../src/cli/printable.js";

describe("printable", () => {
  test.each([
    ["ESC", "\u001b[2J", "\\u001b[2J"],
    ["the one-character form of ESC [", "\u009b2J", "\\u009b2J"],
    ["a line's end", "a\nb\r", "a\\u000ab\\u000d"],
    ["DEL and BEL", "\u007f\u0007", "\\u007f\\u0007"],
    ["a change of the direction of writing", "\u202eevil", "\\u202eevil"],
    ["a line separator", "a\u2028b", "a\\u2028b"],
    ["half a character", "\ud800", "\\ud800"],
  ])("shows %s", (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test("leaves all other text as it is", () => {
    const text = "conv2d_1/kernel größer 数字 👩‍🚀 \\";
    expect(printable(text)).toBe(text);
  });
});

test("printableLines keeps lines", () => {
  expect(printableLines("a\u001b\nb")).toBe("a\\u001b\nb");
});

test("printableName cuts what is long", () => {
  expect(printableName("x".repeat(100))).toBe("x".repeat(100));
  expect(printableName("x".repeat(101))).toBe(`${"x".repeat(100)}...`);
});

test("printableJson is JSON of the same value", () => {
  const value = { "\u001b": ["\u009b", "\u007f\n", "\u202e", 'a "b" \\'] };
  const text = printableJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text.split("\n").join("")).toMatch(/^[\x20-\x7e]*$/);
});
