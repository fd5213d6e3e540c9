import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argmax } from "../../src/tensor/argmax.js";
import { expectClassLabels, oneHot } from "../../src/tensor/one-hot.js";

describe("oneHot", () => {
  test("puts a 1 at the class of each row", () => {
    expect(oneHot([2, 0], 3).toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
  });

  test("takes typed arrays, no labels at all, and a single class", () => {
    expect(oneHot(Uint8Array.of(1), 2).toArray()).toEqual([[0, 1]]);
    expect(oneHot([], 10).shape).toEqual([0, 10]);
    expect(oneHot([0, 0], 1).toArray()).toEqual([[1], [1]]);
  });

  test("is undone by argmax", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6)), (labels) => {
        expect([...argmax(oneHot(labels, 7))]).toEqual(labels);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    [[1, 2, 3, 12], "oneHot: expected labels from 0 to 9, got 12 at index 3."],
    [[10], "oneHot: expected labels from 0 to 9, got 10 at index 0."],
    [[0, -1], "oneHot: expected labels from 0 to 9, got -1 at index 1."],
    [[3.5], "oneHot: expected labels from 0 to 9, got 3.5 at index 0."],
    [[Number.NaN], "oneHot: expected labels from 0 to 9, got NaN at index 0."],
    [["3" as never], 'oneHot: expected labels from 0 to 9, got "3" (string) at index 0.'],
  ])("refuses the labels %j", (labels, message) => {
    expect(() => oneHot(labels, 10)).toThrow(new RangeError(message));
  });

  test("refuses a number of classes that is no whole number >= 1", () => {
    expect(() => oneHot([0], 0)).toThrow(
      new RangeError("oneHot: expected classes to be a whole number >= 1, got 0 (number)."),
    );
    expect(() => oneHot([0], 2.5)).toThrow(
      new RangeError("oneHot: expected classes to be a whole number >= 1, got 2.5 (number)."),
    );
  });
});

describe("expectClassLabels", () => {
  test("takes the numbers of the classes, and no others", () => {
    expectClassLabels("Here", Uint8Array.of(0, 2), 3);
    expectClassLabels("Here", [], 3);
    expect(() => expectClassLabels("Here", [0, 3], 3)).toThrow(
      new RangeError("Here: expected labels from 0 to 2, got 3 at index 1."),
    );
  });
});
