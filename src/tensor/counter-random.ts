import { expectInteger, refuse } from "./expect.js";
import { rotateLeft, seedWords, unitInterval } from "./random.js";

const TWO_32 = 4294967296;

/**
 * Threefry-2x32 with 20 rounds: two random words for each key and counter, written to `out`.
 *
 * It enciphers the counter under the key, so that counters may come in any order and still give words without
 * a pattern. All numbers are 32-bit words. J. Salmon and others, "Parallel random numbers: as easy as 1, 2, 3",
 * 2011.
 */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
): void {
  // the key has a third word, a parity of the others; a, b and c take the three in turn
  let a = key0 | 0;
  let b = key1 | 0;
  let c = 0x1bd11bda ^ a ^ b;
  let x = (counter0 + a) | 0;
  let y = (counter1 + b) | 0;
  for (let group = 1; group <= 5; group++) {
    // four rounds, each adds, rotates and combines
    const odd = (group & 1) === 1;
    x = (x + y) | 0;
    y = rotateLeft(y, odd ? 13 : 17) ^ x;
    x = (x + y) | 0;
    y = rotateLeft(y, odd ? 15 : 29) ^ x;
    x = (x + y) | 0;
    y = rotateLeft(y, odd ? 26 : 16) ^ x;
    x = (x + y) | 0;
    y = rotateLeft(y, odd ? 6 : 24) ^ x;
    // then the key again, its words moved on by one, and the number of the group
    const first = a;
    a = b;
    b = c;
    c = first;
    x = (x + a) | 0;
    y = (y + b + group) | 0;
  }
  out[0] = x;
  out[1] = y;
}

/**
 * Random numbers that can be had in any order: each depends on the seed, a step and an index, and on nothing else,
 * so that the work of a step can be split and reordered and still give the same bits. Dropout masks and the
 * augmentation of images use it, with the training step and the number of the element.
 *
 * Two elements share a block of Threefry: element i is word i mod 2 of the block with key (seed) and counter
 * (floor(i / 2), step).
 *
 * @throws RangeError if the seed is not a whole number in [0, 2^53).
 */
export class CounterRandom {
  /** What it was made with. */
  readonly seed: number;
  readonly #low: number;
  readonly #high: number;
  readonly #block = new Uint32Array(2);

  constructor(seed: number) {
    [this.#low, this.#high] = seedWords("CounterRandom", seed);
    this.seed = seed;
  }

  /**
   * A number in [0, 1): one of the 2^24 multiples of 2^-24, each equally likely, as those of `Random.uniform`.
   *
   * @throws RangeError if step is not a whole number in [0, 2^32), or index none in [0, 2^33).
   */
  uniform(step: number, index: number): number {
    const where = "CounterRandom.uniform";
    expectInteger(where, "step", step, { min: 0, below: TWO_32 });
    expectInteger(where, "index", index, { min: 0, below: 2 * TWO_32 });
    threefry2x32(this.#low, this.#high, Math.floor(index / 2), step, this.#block);
    return unitInterval(this.#block[index % 2]!);
  }

  /**
   * Writes `uniform(step, i)` to `out[i]` for every i.
   *
   * @throws RangeError if step is not a whole number in [0, 2^32).
   */
  fillUniform(out: Float32Array, step: number): void {
    if (!(out instanceof Float32Array)) refuse("CounterRandom.fillUniform", "out", "a Float32Array", out);
    expectInteger("CounterRandom.fillUniform", "step", step, { min: 0, below: TWO_32 });
    const block = this.#block;
    const low = this.#low;
    const high = this.#high;
    // a write past the end, by the last block of an odd length, has no effect
    for (let i = 0; i < out.length; i += 2) {
      threefry2x32(low, high, i / 2, step, block);
      out[i] = unitInterval(block[0]!);
      out[i + 1] = unitInterval(block[1]!);
    }
  }
}
