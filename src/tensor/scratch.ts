import { allocate } from "./allocate.js";

const arrays: Float32Array[] = [];

/**
 * Working memory for one operation: an array of at least `length` elements of whatever values. It is shared by all
 * operations, so nothing may be expected to stay in it; an operation that needs two uses two slots.
 */
export function scratch(slot: 0 | 1 | 2, length: number): Float32Array {
  const held = arrays[slot];
  if (held && held.length >= length) return held;
  const larger = allocate("working memory", [length], "Use a smaller batchSize.");
  arrays[slot] = larger;
  return larger;
}
