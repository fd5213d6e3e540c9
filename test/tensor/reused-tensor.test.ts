import { describe, expect, test } from "vitest";
import { ReusedTensor } from "../../src/tensor/reused-tensor.js";

describe("ReusedTensor", () => {
  test("gives the same tensor for the same shape, and the same memory to a smaller batch", () => {
    const reused = new ReusedTensor();
    const large = reused.of([4, 3]);
    expect(large.shape).toEqual([4, 3]);
    expect(reused.of([4, 3])).toBe(large);
    const small = reused.of([2, 3]);
    expect(small.shape).toEqual([2, 3]);
    expect(small.data.buffer).toBe(large.data.buffer);
    expect(reused.of([4, 3]).data.buffer).toBe(large.data.buffer);
    expect(reused.of([2, 5]).shape).toEqual([2, 5]);
  });
});
