import { describe, expect, test } from "vitest";
import { count, expectBytes, showStart } from "../../src/mnist/bytes.js";

describe("expectBytes", () => {
  test("returns bytes as they are", () => {
    const bytes = Uint8Array.of(1, 2);
    expect(expectBytes("here", bytes)).toBe(bytes);
  });

  test("refuses what merely holds bytes", () => {
    const wrong = (value: unknown) => () => expectBytes("here", value as Uint8Array);
    expect(wrong(new ArrayBuffer(3))).toThrow(
      new TypeError(
        "here: expected bytes to be a Uint8Array, got a value of type ArrayBuffer. Wrap it: new Uint8Array(buffer).",
      ),
    );
    expect(wrong("digits")).toThrow(
      new TypeError('here: expected bytes to be a Uint8Array, got "digits" (string).'),
    );
    expect(wrong(undefined)).toThrow(
      new TypeError("here: expected bytes to be a Uint8Array, got undefined."),
    );
    expect(wrong(new Float32Array(2))).toThrow(
      new TypeError("here: expected bytes to be a Uint8Array, got a value of type Float32Array."),
    );
  });
});

test("showStart shows four bytes, fewer if there are fewer, and says if there are none", () => {
  expect(showStart(Uint8Array.of(0, 1, 0x1f, 255, 7))).toBe("the bytes 00 01 1f ff");
  expect(showStart(Uint8Array.of(10))).toBe("the bytes 0a");
  expect(showStart(new Uint8Array(0))).toBe("an empty file");
});

test("count has a plural for all but one", () => {
  expect([0, 1, 2].map((n) => count(n, "image"))).toEqual(["0 images", "1 image", "2 images"]);
});
