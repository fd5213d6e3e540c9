import { describe, expect, test } from "vitest";
import { interopNotice } from "./packages.js";

describe("interopNotice", () => {
  test("is silent where nothing is missing", () => {
    expect(interopNotice([], undefined)).toBeUndefined();
    expect(interopNotice([], "required")).toBeUndefined();
  });

  test("says which tests are skipped, and what installs what they need", () => {
    expect(interopNotice(["a", "b"], undefined)).toBe(
      'SKIPPED: the tests of test/interop, which run exported files in other runtimes, need a and b. Install with "npm ci --ignore-scripts --prefix test/interop".',
    );
  });

  test("is an error where the packages are required", () => {
    expect(() => interopNotice(["a"], "required")).toThrow(
      new Error(
        'test/interop: expected its packages, since TINYCONV_INTEROP is "required", got none of a. Install them with "npm ci --ignore-scripts --prefix test/interop".',
      ),
    );
  });
});
