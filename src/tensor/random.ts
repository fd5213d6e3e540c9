import { allocateArray } from "./allocate.js";
import { describe, expectInteger, expectNumber } from "./expect.js";
import { log } from "./log.js";

/** The four words of a {@link Random}: whole numbers in [0, 2^32), not all of them 0. */
export type RandomState = readonly [number, number, number, number];

const TWO_32 = 4294967296;

/**
 * A seeded generator of random numbers, the same in every engine: xoshiro128** 1.1 (Blackman & Vigna, "Scrambled
 * linear pseudorandom number generators", 2018), with a period of 2^128 - 1.
 *
 * Its whole state is four 32-bit words, so that it can be saved and taken up again.
 *
 * ```ts
 * const random = new Random(1);
 * random.uniform();        // somewhere in [0, 1)
 * random.permutation(3);   // 0, 1 and 2 in some order
 * const saved = random.state();
 * Random.fromState(saved); // goes on as `random` does
 * ```
 */
export class Random {
  readonly #words = new Uint32Array(4);

  /**
   * A generator whose numbers depend on the seed alone; different seeds give different states.
   *
   * @throws RangeError if the seed is not a whole number in [0, 2^53).
   */
  constructor(seed: number) {
    const [low, high] = seedWords("Random", seed);
    // splitmix32, fed with the two halves in turn. `scramble` is one to one, so the first two words determine the
    // seed; both would be 0 only for a high half of -GOLDEN modulo 2^32, which has more than its 21 bits
    let word = 0;
    for (let i = 0; i < 4; i++) {
      word = scramble(word + GOLDEN + (i % 2 === 0 ? low : high));
      this.#words[i] = word;
    }
  }

  /**
   * The generator that `state()` was asked of.
   *
   * @throws RangeError if the state is not four whole numbers in [0, 2^32), or is all zero.
   */
  static fromState(state: RandomState): Random {
    const random = new Random(0);
    random.#restore("Random.fromState", state);
    return random;
  }

  /**
   * Goes on from a state, of this generator or of another.
   *
   * @throws RangeError as `fromState`.
   */
  setState(state: RandomState): void {
    this.#restore("Random.setState", state);
  }

  #restore(where: string, state: RandomState): void {
    if (!Array.isArray(state) || state.length !== 4) {
      throw new RangeError(`${where}: expected a state of four whole numbers, got ${describe(state)}.`);
    }
    for (const word of state) expectInteger(where, "each word of the state", word, { min: 0, below: TWO_32 });
    if (state.every((word) => word === 0)) {
      throw new RangeError(
        `${where}: expected a state that is not all zero, which would give nothing but zeros.`,
      );
    }
    this.#words.set(state);
  }

  /** The four words of the state, from which `Random.fromState` goes on. */
  state(): RandomState {
    return [this.#words[0]!, this.#words[1]!, this.#words[2]!, this.#words[3]!];
  }

  /** A generator of its own that gives the same numbers from here on. */
  clone(): Random {
    return Random.fromState(this.state());
  }

  /** A whole number in [0, 2^32), each equally likely. */
  uint32(): number {
    const s = this.#words;
    const s1 = s[1]!;
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    s[2]! ^= s[0]!;
    s[3]! ^= s1;
    s[1] = s1 ^ s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= s1 << 9;
    s[3] = rotateLeft(s[3]!, 11);
    return result;
  }

  /**
   * A number in [low, high): low + (high - low)·u, where u is one of the 2^24 multiples of 2^-24 in [0, 1), each
   * equally likely. All of these are float32 numbers, so that storing u in a tensor does not round it up to 1.
   *
   * @param low - @default 0
   * @param high - @default 1
   * @throws RangeError if low is not below high, or high - low is not finite.
   */
  uniform(low = 0, high = 1): number {
    const areNumbers = typeof low === "number" && typeof high === "number";
    if (!(areNumbers && low < high && high - low < Number.POSITIVE_INFINITY)) {
      throw new RangeError(
        `Random.uniform: expected finite bounds with low < high, got ${describe(low)} and ${describe(high)}.`,
      );
    }
    const value = low + (high - low) * unitInterval(this.uint32());
    // between bounds that nearly touch, the sum can be rounded up to high
    return value < high ? value : low;
  }

  /**
   * A whole number in [0, n), each equally likely.
   *
   * @throws RangeError if n is not a whole number in [1, 2^32].
   */
  integer(n: number): number {
    expectInteger("Random.integer", "n", n, { min: 1, max: TWO_32 });
    // the largest multiple of n: words from there on would favour the small remainders, and are drawn again
    const end = TWO_32 - (TWO_32 % n);
    let word = this.uint32();
    while (word >= end) word = this.uint32();
    return word % n;
  }

  /**
   * A number from the normal distribution.
   *
   * Marsaglia's polar method: for a point (u, v), uniform in the unit disc, and s = u² + v², both
   * u·√(-2·log s / s) and v·√(-2·log s / s) are normal, and independent. The second is not used, since keeping
   * it for the next call would add it to the state.
   *
   * @param mean - @default 0
   * @param deviation - the standard deviation, @default 1
   * @throws RangeError if the mean or the deviation is not finite, or the deviation is negative.
   */
  normal(mean = 0, deviation = 1): number {
    expectNumber("Random.normal", "mean", mean);
    expectNumber("Random.normal", "deviation", deviation, { min: 0 });
    let u: number;
    let s: number;
    do {
      u = 2 * unitInterval(this.uint32()) - 1;
      const v = 2 * unitInterval(this.uint32()) - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    return mean + deviation * u * Math.sqrt((-2 * log(s)) / s);
  }

  /**
   * The numbers 0 to n - 1 in random order, each order equally likely (Fisher-Yates).
   *
   * @throws RangeError if n is not a whole number in [0, 2^32).
   */
  permutation(n: number): Uint32Array {
    expectInteger("Random.permutation", "n", n, { min: 0, below: TWO_32 });
    const order = allocateArray(Uint32Array, "Random.permutation", [n]);
    for (let i = 0; i < n; i++) order[i] = i;
    // each place, from the last, takes one of those that are left
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const taken = order[j]!;
      order[j] = order[i]!;
      order[i] = taken;
    }
    return order;
  }
}

/**
 * The low 32 and the high 21 bits of a seed.
 *
 * @throws RangeError `Random: expected seed to be a whole number >= 0, got -1 (number).`
 */
export function seedWords(where: string, seed: number): readonly [low: number, high: number] {
  expectInteger(where, "seed", seed, { min: 0 });
  return [seed >>> 0, Math.floor(seed / TWO_32)];
}

/** The upper 24 bits of a word as a number in [0, 1): a multiple of 2^-24. */
export function unitInterval(word: number): number {
  return (word >>> 8) * (1 / 16777216);
}

/** The 32 bits of a word, the `count` uppermost moved round to the other end (0 < count < 32). */
export function rotateLeft(word: number, count: number): number {
  return (word << count) | (word >>> (32 - count));
}

// 2^32 divided by the golden ratio: the step of the counter of splitmix
const GOLDEN = 0x9e3779b9;

/** The last step of MurmurHash3 (Appleby), which splitmix takes too: one to one on 32-bit words, 0 to 0. */
function scramble(value: number): number {
  let word = value >>> 0;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
