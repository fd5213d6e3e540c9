import { describe, expect, test } from "vitest";
import { HeapWorkspace } from "../../src/tensor/workspace.js";

describe("HeapWorkspace", () => {
  test("gives tensors of zeros, each with memory of its own", () => {
    const workspace = new HeapWorkspace();
    const a = workspace.tensor("kernel", [2, 3]);
    expect(a.shape).toEqual([2, 3]);
    expect([...a.data]).toEqual([0, 0, 0, 0, 0, 0]);
    // two layers may use the same name
    expect(workspace.tensor("kernel", [2, 3]).data.buffer).not.toBe(a.data.buffer);
  });

  test("gives a batch of n samples, the same tensor again for the same n", () => {
    const batch = new HeapWorkspace().batch("y", [4, 2]);
    const three = batch.of(3);
    expect(three.shape).toEqual([3, 4, 2]);
    expect(batch.of(3)).toBe(three);
  });

  test("uses a part of its room for a smaller batch, and all of it again afterwards", () => {
    const batch = new HeapWorkspace().batch("y", [2]);
    const three = batch.of(3);
    three.data.set([1, 2, 3, 4, 5, 6]);
    const one = batch.of(1);
    expect(one.shape).toEqual([1, 2]);
    expect([...one.data]).toEqual([1, 2]);
    expect(one.data.buffer).toBe(three.data.buffer);
    const again = batch.of(3);
    expect(again.data.buffer).toBe(three.data.buffer);
    expect([...again.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("takes new room for a larger batch", () => {
    const batch = new HeapWorkspace().batch("y", [2]);
    const one = batch.of(1);
    const four = batch.of(4);
    expect(four.shape).toEqual([4, 2]);
    expect(four.data).toHaveLength(8);
    expect(four.data.buffer).not.toBe(one.data.buffer);
  });

  test("holds empty batches, and samples that are single numbers", () => {
    const workspace = new HeapWorkspace();
    expect(workspace.batch("y", [5]).of(0).shape).toEqual([0, 5]);
    expect(workspace.batch("y", []).of(2).shape).toEqual([2]);
  });

  test("says how large a batch would be that does not fit into memory", () => {
    const batch = new HeapWorkspace().batch("y", [1e5, 1e5]);
    expect(() => batch.of(100)).toThrow(
      new RangeError(
        "HeapWorkspace: expected a shape that fits into memory, got [100, 100000, 100000] (4000 GB). Use a smaller batchSize.",
      ),
    );
  });

  test("shares no room between batches of one name", () => {
    const workspace = new HeapWorkspace();
    const [a, b] = [workspace.batch("y", [2]).of(2), workspace.batch("y", [2]).of(2)];
    expect(a.data.buffer).not.toBe(b.data.buffer);
  });
});
