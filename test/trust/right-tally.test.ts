import { describe, expect, test } from "vitest";
import { relativeDifference, Tally } from "../../trust/right/tally.js";

describe("relativeDifference", () => {
  test("is that of each element to its own size", () => {
    expect(relativeDifference([10, -2.5], [10, -2])).toBe(0.25);
    expect(relativeDifference([9, -2], [10, -2])).toBe(0.1);
  });

  test("takes a twentieth of the largest for the size of an element that is smaller", () => {
    expect(relativeDifference([100, 1.5, 0.25], [100, 1, 0])).toBe(0.1);
  });

  test("is 0 for equal numbers, zeros among them", () => {
    expect(relativeDifference([0, -0, 3], [0, 0, 3])).toBe(0);
    expect(relativeDifference([0, 0], [0, 0])).toBe(0);
  });

  test("is infinite for anything but zeros where zeros are expected", () => {
    expect(relativeDifference([0, 1e-30], [0, 0])).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("is infinite for %d", (value) => {
    expect(relativeDifference([1, value], [1, 2])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("Tally", () => {
  test("counts, and keeps the largest difference", () => {
    const tally = new Tally();
    tally.compare("a", [1, 2], [1, 2]);
    tally.compare("b", [1.5], [1]);
    tally.compare("c", [1.25], [1]);
    expect([tally.numbers, tally.largest, tally.where]).toEqual([4, 0.5, "b"]);
  });

  test("refuses another count of numbers", () => {
    expect(() => new Tally().compare("y", [1, 2], [1])).toThrow(new Error("y: expected 1 numbers, got 2."));
  });
});
