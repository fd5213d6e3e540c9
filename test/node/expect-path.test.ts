import { describe, expect, test } from "vitest";
import { expectFilePath, expectFolder } from "../../src/node/expect-path.js";

describe("expectFilePath", () => {
  test.each(["a", ".", "/", "../a b", "x".repeat(100_000)])("takes %j", (path) => {
    expect(() => expectFilePath("readImage", path)).not.toThrow();
  });

  test.each<[value: unknown, got: string]>([
    ["", '"" (string)'],
    ["a\0b", '"a\\u0000b" (string)'],
    [3, "3 (number)"],
    [undefined, "undefined"],
    [Symbol("path"), "Symbol(path) (symbol)"],
    [["a"], '["a"]'],
    [Buffer.from("a"), "a value of type Buffer"],
  ])("refuses %o", (value, got) => {
    expect(() => expectFilePath("readImage", value as string)).toThrow(
      new TypeError(`readImage: expected path to be the path of a file, got ${got}.`),
    );
  });

  test("says what makes a path of a URL", () => {
    const url: unknown = new URL("file:///a.png");
    expect(() => expectFilePath("readImage", url as string)).toThrow(
      new TypeError(
        "readImage: expected path to be the path of a file, got a value of type URL. fileURLToPath of node:url makes one of a URL.",
      ),
    );
  });
});

test("expectFolder refuses in its own words", () => {
  expect(() => expectFolder("readRunModel", "runs/latest")).not.toThrow();
  expect(() => expectFolder("readRunModel", "")).toThrow(
    new TypeError('readRunModel: expected folder to be the path of a folder, got "" (string).'),
  );
});
