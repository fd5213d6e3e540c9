import { expect, test } from "vitest";
import { addressOf, inMemory, openMemory } from "../../../src/tensor/simd/memory.js";
import { scratchAddress, scratchArray } from "../../../src/tensor/simd/scratch.js";

// the first one, while no memory is open
test("there is no working memory where there is no memory", () => {
  expect(scratchArray("rows", 4)).toBeUndefined();
  expect(scratchAddress("rows", 4)).toBeUndefined();
});

test("an array of a slot is in the memory, and as long as was asked for", () => {
  openMemory();
  const large = scratchArray("rows", 8)!;
  expect(large.length).toBe(8);
  expect(inMemory(large)).toBe(true);
  const small = scratchArray("rows", 3)!;
  expect(small.length).toBe(3);
  expect(addressOf(small)).toBe(addressOf(large)); // the same memory again
  expect(scratchAddress("rows", 3)).toBe(addressOf(large));
  expect(scratchArray("rows", 9)!.length).toBe(9);
});

test("slots lie apart", () => {
  openMemory();
  scratchArray("sums", 4)!.fill(1);
  scratchArray("kernel", 4)!.fill(2);
  expect([...scratchArray("sums", 4)!]).toEqual([1, 1, 1, 1]);
});
