/** Every difference is relative to at least this share of the largest number of the tensor. */
const FLOOR = 0.05;

/** Counts numbers that are compared with a reference, and keeps the largest difference. */
export class Tally {
  #numbers = 0;
  #largest = 0;
  #where = "nothing";

  /** How many numbers were compared. */
  get numbers(): number {
    return this.#numbers;
  }

  /** The largest relative difference of all. */
  get largest(): number {
    return this.#largest;
  }

  /** What has that difference. */
  get where(): string {
    return this.#where;
  }

  /**
   * Compares the numbers of a tensor with their references.
   *
   * @throws Error if there are not as many.
   */
  compare(where: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
    if (actual.length !== expected.length) {
      throw new Error(`${where}: expected ${expected.length} numbers, got ${actual.length}.`);
    }
    this.#numbers += actual.length;
    const difference = relativeDifference(actual, expected);
    if (difference <= this.#largest) return;
    this.#largest = difference;
    this.#where = where;
  }
}

/**
 * The largest relative difference of the elements of a tensor from those of a reference:
 *
 *     max over i of  |a[i] − e[i]| / max(|e[i]|, s/20)        with s = max over j of |e[j]|
 *
 * So an element is held to its own size, unless it is less than a twentieth of the largest: such an element is mostly what large
 * terms have left of each other, and has their rounding. Infinity where a number is not finite, or other than zero and
 * s is 0.
 */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let scale = 0;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]!));
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (!Number.isFinite(difference)) return Number.POSITIVE_INFINITY;
    if (difference > 0) {
      largest = Math.max(largest, difference / Math.max(Math.abs(expected[i]!), FLOOR * scale));
    }
  }
  return largest;
}
