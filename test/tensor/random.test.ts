import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random, type RandomState } from "../../src/tensor/random.js";
import { withoutMemoryFor } from "../helpers/refuse-arrays.js";

const WORD = 1n << 32n;

/** xoshiro128** in whole numbers of any length, as the paper draws it: no part of it is shared with ours. */
function* xoshiro(state: RandomState): Generator<number, never> {
  let [a, b, c, d] = state.map(BigInt) as [bigint, bigint, bigint, bigint];
  const rotate = (x: bigint, n: bigint): bigint => (x * 2n ** n + x / 2n ** (32n - n)) % WORD;
  while (true) {
    yield Number((rotate((b * 5n) % WORD, 7n) * 9n) % WORD);
    const shifted = (b * 512n) % WORD;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11n);
  }
}

/** The state that a seed gives: MurmurHash3's last step after each addition, in whole numbers. */
function seededState(seed: bigint): RandomState {
  const halves = [seed % WORD, seed / WORD];
  let word = 0n;
  const words = [0, 1, 2, 3].map((i) => {
    word = (word + 0x9e3779b9n + halves[i % 2]!) % WORD;
    word = ((word ^ (word >> 16n)) * 0x85ebca6bn) % WORD;
    word = ((word ^ (word >> 13n)) * 0xc2b2ae35n) % WORD;
    word ^= word >> 16n;
    return Number(word);
  });
  return words as [number, number, number, number];
}

/** The second word of a state whose next number is `word`. */
function secondWordFor(word: number): number {
  const turned = Math.imul(word, 0x38e38e39); // 9·0x38e38e39 = 1 modulo 2^32
  return Math.imul((turned >>> 7) | (turned << 25), 0xcccccccd) >>> 0; // and 5·0xcccccccd = 1
}

const take = <T>(n: number, draw: () => T): T[] => Array.from({ length: n }, draw);
const meanOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Σ (count - expected)² / expected: near the number of bins less 1 if all are equally likely. */
function chiSquare(counts: readonly number[]): number {
  const expected = meanOf(counts);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("Random", () => {
  test("starts with a number that can be worked out by hand", () => {
    // from the second word: 2·5 = 10, turned left by 7 bits 1280, and 1280·9 = 11520
    expect(Random.fromState([1, 2, 3, 4]).uint32()).toBe(11520);
  });

  test("gives the sequence of xoshiro128**", () => {
    for (const state of [[1, 2, 3, 4], [0xffffffff, 0, 0x80000000, 7], seededState(5n)] as RandomState[]) {
      const random = Random.fromState(state);
      const reference = xoshiro(state);
      for (let i = 0; i < 1000; i++) expect(random.uint32()).toBe(reference.next().value);
    }
  });

  test("spreads both halves of the seed over the state", () => {
    const seeds = [0, 1, 2, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52 + 12345, Number.MAX_SAFE_INTEGER];
    for (const seed of seeds) expect(new Random(seed).state()).toEqual(seededState(BigInt(seed)));
    expect(new Set(seeds.map((seed) => new Random(seed).uint32())).size).toBe(seeds.length);
  });

  test("is never all zero, even where the first word is", () => {
    // the seed whose low half and the golden step add up to 2^32
    const state = new Random(2 ** 32 - 0x9e3779b9).state();
    expect(state[0]).toBe(0);
    expect(state[1]).not.toBe(0);
  });

  test("refuses a seed that is no whole number in [0, 2^53)", () => {
    expect(() => new Random(-1)).toThrow(
      new RangeError("Random: expected seed to be a whole number >= 0, got -1 (number)."),
    );
    for (const seed of [
      0.5,
      Number.NaN,
      2 ** 53,
      Number.POSITIVE_INFINITY,
      "1" as never,
      undefined as never,
    ]) {
      expect(() => new Random(seed)).toThrow(/^Random: expected seed to be a whole number >= 0, got /);
    }
  });

  test("goes on from a saved state, whatever was drawn", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(20), (seed, draws) => {
        const random = new Random(seed);
        for (let i = 0; i < draws; i++) random.normal();
        const restored = Random.fromState(JSON.parse(JSON.stringify(random.state())));
        const copy = random.clone();
        const next = take(5, () => random.normal());
        expect(take(5, () => restored.normal())).toEqual(next);
        expect(take(5, () => copy.normal())).toEqual(next);
      }),
    );
  });

  test("takes over the state of another", () => {
    const [random, other] = [new Random(1), new Random(2)];
    random.setState(other.state());
    expect(take(5, () => random.uint32())).toEqual(take(5, () => other.uint32()));
    expect(() => random.setState([0, 0, 0, 0])).toThrow(
      new RangeError(
        "Random.setState: expected a state that is not all zero, which would give nothing but zeros.",
      ),
    );
  });

  test("refuses a state that it cannot have been in", () => {
    const from = (state: unknown) => () => Random.fromState(state as RandomState);
    expect(from([0, 0, 0, 0])).toThrow(
      new RangeError(
        "Random.fromState: expected a state that is not all zero, which would give nothing but zeros.",
      ),
    );
    expect(from([1, 2, 3])).toThrow(
      new RangeError("Random.fromState: expected a state of four whole numbers, got [1, 2, 3]."),
    );
    expect(from(null)).toThrow(
      new RangeError("Random.fromState: expected a state of four whole numbers, got null."),
    );
    expect(from([1, 2, 3, 2 ** 32])).toThrow(
      new RangeError(
        "Random.fromState: expected each word of the state to be a whole number >= 0 and < 4294967296, got 4294967296 (number).",
      ),
    );
    for (const word of [-1, 0.5, "1", null]) expect(from([1, 2, 3, word])).toThrow(RangeError);
  });
});

describe("Random.uniform", () => {
  test("gives multiples of 2^-24 in [0, 1), which float32 holds exactly", () => {
    const random = new Random(1);
    for (const u of take(10_000, () => random.uniform())) {
      expect(u >= 0 && u < 1 && Number.isInteger(u * 2 ** 24) && Math.fround(u) === u).toBe(true);
    }
    // the uppermost 24 bits of the word: the state that gives the word 2^32 - 1 gives 1 - 2^-24
    const word = Random.fromState([1, 2, 3, 4]).uint32();
    expect(Random.fromState([1, 2, 3, 4]).uniform()).toBe(Math.floor(word / 256) / 2 ** 24);
  });

  test("fills its range evenly", () => {
    const random = new Random(2);
    const values = take(100_000, () => random.uniform(-2, 4));
    // the mean of the range, and its width squared / 12; the standard errors are 0.0055 and 0.0085
    expect(Math.abs(meanOf(values) - 1)).toBeLessThan(0.02);
    expect(Math.abs(meanOf(values.map((v) => (v - 1) ** 2)) - 3)).toBeLessThan(0.03);
    const counts = new Array<number>(100).fill(0);
    for (const v of values) counts[Math.floor(((v + 2) / 6) * 100)]!++;
    // 99 degrees of freedom: 99.9 % of the samples lie between 60 and 149
    expect(chiSquare(counts)).toBeGreaterThan(60);
    expect(chiSquare(counts)).toBeLessThan(149);
  });

  test("stays below high, even where the bounds nearly touch", () => {
    const random = new Random(3);
    const high = 1 + Number.EPSILON;
    expect(take(100, () => random.uniform(1, high)).every((v) => v === 1)).toBe(true);
  });

  test("refuses bounds that are no range", () => {
    const random = new Random(1);
    expect(() => random.uniform(3, 1)).toThrow(
      new RangeError(
        "Random.uniform: expected finite bounds with low < high, got 3 (number) and 1 (number).",
      ),
    );
    for (const [low, high] of [
      [1, 1],
      [Number.NaN, 1],
      [0, Number.NaN],
      [0, Number.POSITIVE_INFINITY],
      [-1e308, 1e308],
    ] as const) {
      expect(() => random.uniform(low, high)).toThrow(RangeError);
    }
  });
});

describe("Random.integer", () => {
  test("gives each whole number below n equally often", () => {
    const random = new Random(4);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[random.integer(6)]!++;
    // 5 degrees of freedom: 99.9 % lie below 20.5
    expect(chiSquare(counts)).toBeLessThan(20.5);
  });

  test("has no bias towards small numbers where n is no power of two and large", () => {
    // of 2^32 words, a plain remainder by 3·2^30 would give the first third twice as often
    const random = new Random(5);
    const n = 3 * 2 ** 30;
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[Math.floor(random.integer(n) / 2 ** 30)]!++;
    expect(chiSquare(counts)).toBeLessThan(13.8);
  });

  test("draws again from the first word on that would favour the small numbers", () => {
    const n = 3 * 2 ** 30;
    const at = (word: number): RandomState => [1, secondWordFor(word), 3, 4];
    expect(Random.fromState(at(n - 1)).integer(n)).toBe(n - 1);
    const second = Random.fromState(at(n));
    expect(second.uint32()).toBe(n);
    expect(Random.fromState(at(n)).integer(n)).toBe(second.integer(n));
  });

  test("takes n from 1 to 2^32 and refuses all else", () => {
    const random = new Random(6);
    expect(take(10, () => random.integer(1))).toEqual(new Array(10).fill(0));
    expect(Random.fromState([1, 2, 3, 4]).integer(2 ** 32)).toBe(11520);
    expect(() => random.integer(0)).toThrow(
      new RangeError(
        "Random.integer: expected n to be a whole number >= 1 and <= 4294967296, got 0 (number).",
      ),
    );
    for (const n of [2 ** 32 + 1, 1.5, Number.NaN]) expect(() => random.integer(n)).toThrow(RangeError);
  });
});

describe("Random.normal", () => {
  test("has the mean, the deviation and the tails of the normal distribution", () => {
    const random = new Random(7);
    const values = take(100_000, () => random.normal());
    expect(Math.abs(meanOf(values))).toBeLessThan(0.012);
    expect(Math.abs(meanOf(values.map((v) => v ** 2)) - 1)).toBeLessThan(0.018);
    expect(Math.abs(meanOf(values.map((v) => v ** 3)))).toBeLessThan(0.05);
    expect(Math.abs(meanOf(values.map((v) => v ** 4)) - 3)).toBeLessThan(0.12);
    // 31.731 % lie beyond one deviation, 4.550 % beyond two, 0.270 % beyond three
    const beyond = (z: number): number => values.filter((v) => Math.abs(v) > z).length / values.length;
    expect(Math.abs(beyond(1) - 0.31731)).toBeLessThan(0.006);
    expect(Math.abs(beyond(2) - 0.0455)).toBeLessThan(0.0026);
    expect(Math.abs(beyond(3) - 0.0027)).toBeLessThan(0.0007);
  });

  test("draws another point for one in the middle of the disc, and for one on its edge", () => {
    const half = secondWordFor(2 ** 31); // u = 0
    const middle: RandomState = [5, half, 5, 4]; // and v = 0, since its second word stays
    const edge: RandomState = [half, half, 0, 4]; // and v = -1, since its second word becomes 0
    for (const state of [middle, edge]) {
      const next = Random.fromState(state);
      expect([next.uint32(), next.uint32()]).toEqual([2 ** 31, state === middle ? 2 ** 31 : 0]);
      expect(Random.fromState(state).normal()).toBe(next.normal());
    }
  });

  test("is shifted by the mean and scaled by the deviation", () => {
    const z = new Random(8).normal();
    expect(new Random(8).normal(10, 2)).toBeCloseTo(10 + 2 * z, 12);
    expect(new Random(8).normal(10, 0)).toBe(10);
  });

  test("has the same bits in every engine", () => {
    const random = new Random(9);
    expect(take(3, () => random.normal())).toEqual([
      -1.0985853066316686, -1.052243785188898, -0.8362058989191721,
    ]);
  });

  test("refuses a negative deviation, and what is not finite", () => {
    const random = new Random(1);
    expect(() => random.normal(0, -1)).toThrow(
      new RangeError("Random.normal: expected deviation to be a finite number >= 0, got -1 (number)."),
    );
    expect(() => random.normal(Number.NaN)).toThrow(
      new RangeError("Random.normal: expected mean to be a finite number, got NaN (number)."),
    );
  });
});

describe("Random.permutation", () => {
  test("holds each number once", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(200), (seed, n) => {
        const order = [...new Random(seed).permutation(n)];
        expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  test("gives each of the 24 orders of four equally often", () => {
    const random = new Random(10);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = random.permutation(4).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // 23 degrees of freedom: 99.9 % lie below 49.7
    expect(chiSquare([...counts.values()])).toBeLessThan(49.7);
  });

  test("draws a number less than there are places, since the last is left", () => {
    const [random, numbers] = [new Random(11), new Random(11)];
    random.permutation(1);
    expect(random.state()).toEqual(numbers.state());
    random.permutation(3);
    numbers.integer(3);
    numbers.integer(2);
    expect(random.state()).toEqual(numbers.state());
  });

  test("refuses a length that is no whole number", () => {
    expect(() => new Random(1).permutation(-1)).toThrow(
      new RangeError(
        "Random.permutation: expected n to be a whole number >= 0 and < 4294967296, got -1 (number).",
      ),
    );
  });
});

test("a permutation that there is no memory for is refused, and nothing is drawn", () => {
  const random = new Random(1);
  const before = random.state();
  expect(() => withoutMemoryFor("Uint32Array", () => random.permutation(100))).toThrow(
    new RangeError("Random.permutation: expected a shape that fits into memory, got [100] (4e-7 GB)."),
  );
  expect(random.state()).toEqual(before);
});
