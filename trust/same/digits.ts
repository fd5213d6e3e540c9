import type { Dataset, Pixels } from "tinyconv";

const SIZE = 28 * 28;

/** The first digits of a data set as one piece of bytes: the labels, and behind them the pixels. */
export function packDigits({ images, labels }: Dataset<Pixels, Uint8Array>, count: number): Uint8Array {
  const file = new Uint8Array(count * (1 + SIZE));
  file.set(labels.subarray(0, count));
  file.set(images.data.subarray(0, count * SIZE), count);
  return file;
}

/** The first digits of such a piece. */
export function readDigits(file: Uint8Array, count: number): Dataset<Pixels, Uint8Array> {
  const all = file.length / (1 + SIZE);
  if (!Number.isInteger(all) || all < count) {
    throw new Error(`readDigits: expected ${count} digits of ${1 + SIZE} bytes, got ${file.length} bytes.`);
  }
  return {
    images: { data: file.subarray(all, all + count * SIZE), shape: [count, 28, 28, 1] },
    labels: file.subarray(0, count),
  };
}
