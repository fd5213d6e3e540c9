import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CounterRandom, threefry2x32 } from "../../src/tensor/counter-random.js";

function threefry(key0: number, key1: number, counter0: number, counter1: number): string[] {
  const out = new Uint32Array(2);
  threefry2x32(key0, key1, counter0, counter1, out);
  return [...out].map((word) => word.toString(16).padStart(8, "0"));
}

describe("threefry2x32", () => {
  test("gives the known answers that the authors publish with Random123, 20 rounds", () => {
    const ones = 0xffffffff;
    expect(threefry(0, 0, 0, 0)).toEqual(["6b200159", "99ba4efe"]);
    expect(threefry(ones, ones, ones, ones)).toEqual(["1cb996fc", "bb002be7"]);
    expect(threefry(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3)).toEqual(["c4923a9c", "483df7a0"]);
  });

  test("turns about half of the 64 bits when one bit of the key or the counter turns", () => {
    const words = (input: readonly number[]): Uint32Array => {
      const out = new Uint32Array(2);
      threefry2x32(input[0]!, input[1]!, input[2]!, input[3]!, out);
      return out;
    };
    const ones = (word: number): number => word.toString(2).replaceAll("0", "").length;
    const start = [1, 0, 17, 3];
    const before = words(start);
    for (let bit = 0; bit < 128; bit++) {
      const turned = start.with(bit >> 5, (start[bit >> 5]! ^ (1 << (bit & 31))) >>> 0);
      const after = words(turned);
      const changed = ones((before[0]! ^ after[0]!) >>> 0) + ones((before[1]! ^ after[1]!) >>> 0);
      // 32 on average, with a deviation of 4
      expect(changed).toBeGreaterThan(14);
      expect(changed).toBeLessThan(50);
    }
  });
});

describe("CounterRandom", () => {
  test("takes its numbers from the upper 24 bits of the two words of a block", () => {
    const random = new CounterRandom(0);
    expect(random.uniform(0, 0)).toBe(0x6b2001 / 2 ** 24);
    expect(random.uniform(0, 1)).toBe(0x99ba4e / 2 ** 24);
    expect(random.seed).toBe(0);
  });

  test("keys the block with both halves of the seed and counts with index and step", () => {
    const seed = 0x1a2b3 * 2 ** 32 + 0xdeadbeef;
    const [first, second] = threefry(0xdeadbeef, 0x1a2b3, 21, 5);
    const random = new CounterRandom(seed);
    expect(random.uniform(5, 42)).toBe(Number.parseInt(first!.slice(0, 6), 16) / 2 ** 24);
    expect(random.uniform(5, 43)).toBe(Number.parseInt(second!.slice(0, 6), 16) / 2 ** 24);
  });

  test("fills an array with what uniform gives, one by one, in any order", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(2 ** 32 - 1), fc.nat(65), (seed, step, length) => {
        const random = new CounterRandom(seed);
        const filled = new Float32Array(length);
        random.fillUniform(filled, step);
        for (let i = length - 1; i >= 0; i--) expect(random.uniform(step, i)).toBe(filled[i]);
      }),
    );
  });

  test("writes no further than the array that is given", () => {
    const buffer = new Float32Array(5).fill(-1);
    new CounterRandom(1).fillUniform(buffer.subarray(1, 4), 0);
    expect(buffer[0]).toBe(-1);
    expect(buffer[4]).toBe(-1);
    expect(buffer.subarray(1, 4).every((u) => u >= 0)).toBe(true);
  });

  test("differs from step to step and from seed to seed", () => {
    const fill = (seed: number, step: number): Float32Array => {
      const out = new Float32Array(1000);
      new CounterRandom(seed).fillUniform(out, step);
      return out;
    };
    const base = fill(1, 1);
    for (const other of [fill(1, 2), fill(2, 1), fill(1 + 2 ** 32, 1)]) {
      const equal = base.filter((u, i) => u === other[i]).length;
      expect(equal).toBeLessThan(3);
    }
  });

  test("fills [0, 1) evenly", () => {
    const out = new Float32Array(100_000);
    new CounterRandom(3).fillUniform(out, 7);
    const counts = new Array<number>(100).fill(0);
    for (const u of out) counts[Math.floor(u * 100)]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 99 degrees of freedom: 99.9 % of the samples lie between 60 and 149
    expect(chiSquare).toBeGreaterThan(60);
    expect(chiSquare).toBeLessThan(149);
    // neighbours, which share a block, are not correlated
    let product = 0;
    for (let i = 0; i < out.length; i += 2) product += (out[i]! - 0.5) * (out[i + 1]! - 0.5);
    expect(Math.abs(product / 50_000)).toBeLessThan(0.0012);
  });

  test("refuses a seed, a step or an index that is out of range", () => {
    expect(() => new CounterRandom(-1)).toThrow(
      new RangeError("CounterRandom: expected seed to be a whole number >= 0, got -1 (number)."),
    );
    const random = new CounterRandom(1);
    expect(() => random.uniform(2 ** 32, 0)).toThrow(
      new RangeError(
        "CounterRandom.uniform: expected step to be a whole number >= 0 and < 4294967296, got 4294967296 (number).",
      ),
    );
    expect(() => random.uniform(0, 0.5)).toThrow(
      new RangeError(
        "CounterRandom.uniform: expected index to be a whole number >= 0 and < 8589934592, got 0.5 (number).",
      ),
    );
    expect(() => random.fillUniform(new Float32Array(1), -1)).toThrow(
      new RangeError(
        "CounterRandom.fillUniform: expected step to be a whole number >= 0 and < 4294967296, got -1 (number).",
      ),
    );
    expect(random.uniform(2 ** 32 - 1, 2 ** 33 - 1)).toBeLessThan(1);
  });
});
