import { beforeAll, describe, expect, test, vi } from "vitest";
import {
  addressOf,
  allocateInMemory,
  inMemory,
  memoryUse,
  openMemory,
} from "../../../src/tensor/simd/memory.js";
import { SimdWorkspace } from "../../../src/tensor/simd/workspace.js";
import { settle } from "../../helpers/garbage.js";

beforeAll(() => openMemory());

describe("SimdWorkspace", () => {
  test("gives tensors of zeros, and batches that use part of a larger room", () => {
    const workspace = new SimdWorkspace();
    const tensor = workspace.tensor("kernel", [2, 3]);
    expect(tensor.toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const batch = workspace.batch("y", [3]);
    const five = batch.of(5);
    expect(batch.of(5)).toBe(five);
    const two = batch.of(2);
    expect(two.shape).toEqual([2, 3]);
    expect(addressOf(two.data)).toBe(addressOf(five.data));
    expect(addressOf(batch.of(4).data)).toBe(addressOf(five.data));
    expect(batch.of(50).data).toHaveLength(150);
    expect(inMemory(tensor.data, two.data, batch.of(50).data)).toBe(true);
  });

  test("keeps the room of a batch as long as a tensor in it is held", async () => {
    let batch = new SimdWorkspace().batch("y", [1000]);
    const held = batch.of(3);
    held.data.fill(7);
    batch = new SimdWorkspace().batch("z", [1000]);
    await settle();
    const others = Array.from({ length: 20 }, () => allocateInMemory(3000)!.fill(1));
    expect(others).toHaveLength(20);
    expect(held.data.every((value) => value === 7)).toBe(true);
    expect(batch.of(1).size).toBe(1000);
  });

  test("gives a batch that grows again and again room for half as much again", () => {
    const before = memoryUse().used;
    const batch = new SimdWorkspace().batch("y", [1000]);
    for (let n = 1; n <= 300; n++) expect(batch.of(n).shape).toEqual([n, 1000]);
    // each room is half as large again as the one before it, so that all together are about three of the last
    expect(memoryUse().used - before).toBeLessThan(5 * 300 * 4000);
  });

  test("goes on with ordinary memory where the kernels' is full, with one notice", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const held = [];
    for (let length = 2 ** 29; length >= 1; length = Math.floor(length / 2)) {
      for (let more = allocateInMemory(length); more; more = allocateInMemory(length)) held.push(more);
    }
    const workspace = new SimdWorkspace();
    const tensor = workspace.tensor("kernel", [500]);
    const batch = workspace.batch("y", [300]);
    expect(inMemory(tensor.data)).toBe(false);
    expect(inMemory(batch.of(4).data)).toBe(false);
    expect(batch.of(4).shape).toEqual([4, 300]);
    expect(warn.mock.calls).toEqual([
      [expect.stringContaining("tinyconv: the memory of the SIMD kernels is full")],
    ]);
    expect(() => workspace.tensor("huge", [2 ** 40])).toThrow("expected a shape that fits into memory");
    expect(() => workspace.batch("y", [2 ** 28]).of(2 ** 20)).toThrow("Use a smaller batchSize.");
    warn.mockRestore();
    expect(held.length).toBeGreaterThan(0);
  });
});
