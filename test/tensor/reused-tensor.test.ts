import { describe, expect, test } from "vitest";
import { ReusedTensor } from "../../src/tensor/reused-tensor.js";
import type { Shape } from "../../src/tensor/shape.js";
import { type Batch, HeapWorkspace } from "../../src/tensor/workspace.js";

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

  test("asks its workspace for room when the shape of a sample is new", () => {
    const asked: [name: string, sampleShape: Shape][] = [];
    class Observed extends HeapWorkspace {
      override batch(name: string, sampleShape: Shape): Batch {
        asked.push([name, sampleShape]);
        return super.batch(name, sampleShape);
      }
    }
    const reused = new ReusedTensor(new Observed());
    for (const shape of [
      [4, 3],
      [2, 3],
      [8, 3],
      [2, 5],
      [4, 3],
    ])
      reused.of(shape);
    expect(asked).toEqual([
      ["reused", [3]],
      ["reused", [5]],
      ["reused", [3]],
    ]);
  });
});
