import { describe, expect, test } from "vitest";
import { scratch } from "../../src/tensor/scratch.js";

describe("scratch", () => {
  test("gives at least the length asked for, and the same memory again as long as it will do", () => {
    const first = scratch(0, 10);
    expect(first).toBeInstanceOf(Float32Array);
    expect(first.length).toBeGreaterThanOrEqual(10);
    expect(scratch(0, 10)).toBe(first);
    expect(scratch(0, 3)).toBe(first);
    const larger = scratch(0, first.length + 1);
    expect(larger).not.toBe(first);
    expect(scratch(0, 10)).toBe(larger);
  });

  test("keeps its slots apart", () => {
    const slots = new Set([scratch(0, 4), scratch(1, 4), scratch(2, 4)].map(({ buffer }) => buffer));
    expect(slots.size).toBe(3);
    for (const slot of [0, 1, 2] as const) expect(scratch(slot, 4)).toBe(scratch(slot, 4));
  });

  test("says what to do where there is not so much, and keeps what it has", () => {
    const held = scratch(1, 4);
    expect(() => scratch(1, 2 ** 40)).toThrow(
      "working memory: expected a shape that fits into memory, got [1099511627776] (4400 GB). Use a smaller batchSize.",
    );
    expect(scratch(1, 4)).toBe(held);
  });
});
