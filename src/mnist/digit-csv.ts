import { count } from "./bytes.js";
import type { IdxImages } from "./idx.js";

/*
 * The tables of digits of Kaggle's Digit Recognizer (https://www.kaggle.com/c/digit-recognizer/data): a header, then
 * an image of 28 x 28 a line, its pixels 0 to 255 row by row, in train.csv after the digit that it shows:
 *
 *     train.csv: label,pixel0,...,pixel783        test.csv: pixel0,...,pixel783
 */

/** Height and width of an image in such a table. */
export const DIGIT_SIZE = 28;

/** The pixels of an image. */
export const DIGIT_PIXELS = DIGIT_SIZE * DIGIT_SIZE;

/** Which of the two tables: "train" has labels, "test" has none. */
export type DigitTable = "train" | "test";

/** The columns of a table of digits, in order. */
export function digitColumns(table: DigitTable): readonly string[] {
  const pixels = Array.from({ length: DIGIT_PIXELS }, (_, i) => `pixel${i}`);
  return table === "train" ? ["label", ...pixels] : pixels;
}

/** No more images are read: their pixels take up 2 GiB, like the largest IDX file. */
const MOST_IMAGES = Math.floor(2 ** 31 / DIGIT_PIXELS);

const ROOM_AT_FIRST = 1024;

/**
 * Images that come one by one, nobody knows how many: the arrays are doubled when they are full, so that all the
 * copying takes as long as one more copy of the whole.
 */
export class DigitRows {
  readonly #where: string;
  readonly #most: number;
  #pixels = new Uint8Array(ROOM_AT_FIRST * DIGIT_PIXELS); // [room, 784]
  #labels = new Uint8Array(ROOM_AT_FIRST); // [room]
  #count = 0;

  /**
   * @param where The name of the file in error messages.
   * @param most How many images there may be.
   */
  constructor(where: string, most = MOST_IMAGES) {
    this.#where = where;
    this.#most = most;
  }

  /** How many images there are. */
  get count(): number {
    return this.#count;
  }

  /**
   * Where the pixels of the next image go, [784]. They do not count until `keep` is called.
   *
   * @throws Error if there are as many images as there may be.
   */
  next(): Uint8Array {
    if (this.#count === this.#most) {
      throw new Error(`${this.#where}: expected at most ${count(this.#most, "image")}, got more.`);
    }
    if (this.#count === this.#labels.length) this.#grow();
    const start = this.#count * DIGIT_PIXELS;
    return this.#pixels.subarray(start, start + DIGIT_PIXELS);
  }

  /** Keeps the image whose pixels were written into `next()`. */
  keep(label: number): void {
    this.#labels[this.#count] = label;
    this.#count++;
  }

  /** A copy of all pixels. */
  images(): IdxImages {
    const data = this.#pixels.slice(0, this.#count * DIGIT_PIXELS);
    return { data, shape: [this.#count, DIGIT_SIZE, DIGIT_SIZE, 1] };
  }

  /** A copy of all labels, [N]. */
  labels(): Uint8Array {
    return this.#labels.slice(0, this.#count);
  }

  #grow(): void {
    const labels = new Uint8Array(Math.min(2 * this.#labels.length, this.#most));
    const pixels = new Uint8Array(labels.length * DIGIT_PIXELS);
    labels.set(this.#labels);
    pixels.set(this.#pixels);
    this.#labels = labels;
    this.#pixels = pixels;
  }
}
