import { type Dataset, type Pixels, Random, type Shape } from "tinyconv";

/** What `markedImages` gives. */
export type Marked = Dataset<Pixels, Uint8Array>;

/**
 * n images of noise below 128, of ten classes: of class k, one pixel is bright, and which one tells k. So a network that is
 * trained as it should be soon knows them all.
 */
export function markedImages(n: number, shape: Shape, seed: number): Marked {
  const random = new Random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  const data = new Uint8Array(n * size);
  for (let i = 0; i < data.length; ) {
    const word = random.uint32();
    for (let byte = 0; byte < 4 && i < data.length; byte++, i++) data[i] = (word >>> (8 * byte)) & 127;
  }
  const labels = Uint8Array.from({ length: n }, () => random.integer(10));
  const apart = Math.floor(size / 10);
  for (const [i, label] of labels.entries()) data[i * size + label * apart] = 255;
  return { images: { data, shape: [n, ...shape] }, labels };
}

/** Samples `start` to `end`, without a copy of the images. */
export function part({ images, labels }: Marked, start: number, end: number): Marked {
  const [, ...shape] = images.shape;
  const size = shape.reduce((product, length) => product * length, 1);
  const data = images.data.subarray(start * size, end * size);
  return { images: { data, shape: [end - start, ...shape] }, labels: labels.subarray(start, end) };
}
