import { expect, test } from "vitest";
import { listOf } from "../../src/node/words.js";

test("listOf puts commas between words, and one word before the last", () => {
  expect(listOf(["a", "b"], "or")).toBe("a or b");
  expect(listOf(["a", "b", "c"], "or")).toBe("a, b or c");
  expect(listOf(["a", "b", "c"], "and")).toBe("a, b and c");
});

test("listOf leaves a single word as it is, and makes nothing of none", () => {
  expect(listOf(["a"], "and")).toBe("a");
  expect(listOf([], "or")).toBe("");
});
