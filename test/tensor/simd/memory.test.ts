import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, test } from "vitest";
import { Dense } from "../../../src/layers/dense.js";
import { Flatten } from "../../../src/layers/flatten.js";
import { ReLU } from "../../../src/layers/relu.js";
import { createNetwork } from "../../../src/mnist/networks.js";
import { Sequential } from "../../../src/model/sequential.js";
import { Adam } from "../../../src/optim/adam.js";
import {
  addressOf,
  allocateInMemory,
  inMemory,
  memoryUse,
  openMemory,
} from "../../../src/tensor/simd/memory.js";
import { SimdWorkspace } from "../../../src/tensor/simd/workspace.js";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Collects what is unreachable, and lets the memory hear of it. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await new Promise((resume) => setImmediate(resume));
    collectGarbage();
  }
  await new Promise((resume) => setTimeout(resume, 20));
}

beforeAll(() => openMemory());

describe("allocateInMemory", () => {
  test("gives zeros that begin at cache lines and do not overlap", () => {
    const arrays = [1, 7, 16, 1000].map((length) => allocateInMemory(length)!);
    expect(arrays.map(({ length }) => length)).toEqual([1, 7, 16, 1000]);
    expect(inMemory(...arrays)).toBe(true);
    expect(inMemory(arrays[0]!, new Float32Array(1))).toBe(false);
    for (const [i, array] of arrays.entries()) {
      expect(addressOf(array) % 64).toBe(0);
      array.fill(i + 1);
    }
    for (const [i, array] of arrays.entries()) expect(array.every((value) => value === i + 1)).toBe(true);
  });

  test("gives undefined where there is no such room, and goes on", () => {
    expect(allocateInMemory(2 ** 31)).toBeUndefined();
    expect(allocateInMemory(4)).toHaveLength(4);
  });

  test("keeps arrays valid when the memory grows", () => {
    const early = allocateInMemory(4)!;
    early.set([1, 2, 3, 4]);
    const large = allocateInMemory(5_000_000)!;
    large.fill(9);
    expect([...early]).toEqual([1, 2, 3, 4]);
    expect(inMemory(early, large)).toBe(true);
  });

  test("uses the range of an array again once it is collected, with zeros in it", async () => {
    await settle();
    const before = memoryUse();
    for (let i = 0; i < 20; i++) {
      allocateInMemory(1_000_000)!.fill(i);
      await settle();
    }
    expect(memoryUse().used).toBe(before.used);
    expect(memoryUse().reserved).toBeLessThanOrEqual(before.reserved + 2 * 4_000_000);
    expect(allocateInMemory(1_000_000)!.every((value) => value === 0)).toBe(true);
  });
});

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

  test("goes on with ordinary memory where the kernels' is full", () => {
    const workspace = new SimdWorkspace();
    expect(() => workspace.tensor("huge", [2 ** 40])).toThrow("expected a shape that fits into memory");
    const batch = workspace.batch("y", [2 ** 28]);
    expect(() => batch.of(2 ** 20)).toThrow("Use a smaller batchSize.");
  });
});

describe("training", () => {
  const images = { data: new Uint8Array(4 * 784).fill(77), shape: [4, 28, 28, 1] };
  const labels = [1, 2, 3, 4];

  test("takes no memory after its first step", async () => {
    const model = createNetwork("compact");
    const optimizer = new Adam();
    model.trainOnBatch({ images, labels }, { optimizer });
    await settle();
    const { reserved, used } = memoryUse();
    for (let step = 0; step < 200; step++) model.trainOnBatch({ images, labels }, { optimizer });
    await settle();
    expect(memoryUse()).toEqual({ reserved, used });
  });

  test("leaves no memory behind after 200 models that were built, trained for a step and dropped", async () => {
    await settle();
    const before = memoryUse();
    for (let seed = 0; seed < 200; seed++) {
      const layers = [new Flatten(), new Dense({ units: 400 }), new ReLU(), new Dense({ units: 10 })];
      const model = new Sequential({ inputShape: [28, 28, 1], seed }, layers);
      model.trainOnBatch({ images, labels }, { optimizer: new Adam() });
      // as in any program that does something else in between; nobody asks for a collection
      await new Promise((resume) => setImmediate(resume));
    }
    // each has 5 MB, weights, gradients and two moments: a gigabyte, if nothing was used again
    expect(memoryUse().reserved - before.reserved).toBeLessThan(400e6);
    await settle();
    expect(memoryUse().used - before.used).toBeLessThan(10e6);
  });
});
