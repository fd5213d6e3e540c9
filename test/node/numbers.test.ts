import { expect, test } from "vitest";
import { countOf, formatCount, formatDuration, formatPercent } from "../../src/node/numbers.js";

test("formatCount groups digits by three", () => {
  expect([0, 999, 1000, 60000].map(formatCount)).toEqual(["0", "999", "1,000", "60,000"]);
});

test("formatPercent shows a share with two digits, or as many as asked", () => {
  expect(formatPercent(0.9812)).toBe("98.12%");
  expect(formatPercent(1)).toBe("100.00%");
  expect(formatPercent(0.9812, 1)).toBe("98.1%");
});

test("formatDuration shows seconds as a clock does", () => {
  expect([0, 0.4, 0.6, 59.4, 59.6, 67, 3599, 3600, 7205].map(formatDuration)).toEqual([
    "0:00",
    "0:00",
    "0:01",
    "0:59",
    "1:00",
    "1:07",
    "59:59",
    "1:00:00",
    "2:00:05",
  ]);
});

test("countOf has a plural", () => {
  expect([1, 2, 1000].map((n) => countOf(n, "epoch"))).toEqual(["1 epoch", "2 epochs", "1,000 epochs"]);
});
