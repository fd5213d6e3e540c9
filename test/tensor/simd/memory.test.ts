import { getHeapSpaceStatistics } from "node:v8";
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
import { settle } from "../../helpers/garbage.js";

beforeAll(() => openMemory());

/** What lies where only a full collection comes. */
function oldBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name }) => space_name === "old_space" || space_name === "map_space")
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

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

describe("training", () => {
  const images = { data: new Uint8Array(4 * 784).fill(77), shape: [4, 28, 28, 1] };
  const labels = [1, 2, 3, 4];

  test("takes no memory after its first step, and leaves nothing behind on the heap in 2,000", async () => {
    const model = createNetwork("lenet");
    const optimizer = new Adam();
    const train = (steps: number): void => {
      for (let step = 0; step < steps; step++) model.trainOnBatch({ images, labels }, { optimizer });
    };
    train(1000); // until everything is compiled
    await settle();
    const before = memoryUse();
    const heap = process.memoryUsage().heapUsed;
    train(2000);
    await settle();
    expect(memoryUse()).toEqual(before);
    // the smallest tensor of a step, kept each time, would be half a megabyte; compiled code comes and goes
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(400_000);
  });

  test("leaves all garbage among the young objects, where it is collected without a pause", () => {
    const model = createNetwork("lenet");
    const optimizer = new Adam();
    const train = (steps: number): void => {
      for (let step = 0; step < steps; step++) model.trainOnBatch({ images, labels }, { optimizer });
    };
    train(500); // until everything is compiled
    const before = oldBytes();
    train(300);
    // an object whose spread is followed by more properties brings along a hidden class of its own, among the old objects:
    // where the arguments of jobs were made so, these were 6 MB and more
    expect(oldBytes() - before).toBeLessThan(4e6);
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

test("what makes large arrays weigh takes no pages of its own", async () => {
  await settle();
  const pages = (): number => process.memoryUsage.rss() - memoryUse().reserved; // beside the memory itself
  const before = pages();
  const held: (Float32Array | undefined)[] = [];
  for (let i = 0; i < 400; i++) {
    // sizes as of the layers of models, the last ten in use
    held.push(allocateInMemory([50e3, 250e3, 2e6, 125e3, 750e3][i % 5]!)?.fill(1));
    if (held.length > 10) held.shift();
    await new Promise((resume) => setImmediate(resume));
  }
  expect(held.every((array) => array !== undefined)).toBe(true);
  // ordinary array buffers, some of which the heap of C writes zeros over, took 60 MB and more
  expect(pages() - before).toBeLessThan(25e6);
});
