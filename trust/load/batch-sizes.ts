import {
  Adam,
  type Backend,
  currentBackend,
  Random,
  type Sequential,
  setBackend,
  type Tensor,
} from "tinyconv";
import { expectSameBits, expectSameWeights } from "./bits.js";
import { markedImages, part } from "./images.js";
import { LOADED, type LoadedName } from "./networks.js";

export interface BatchSizesOptions {
  readonly network: LoadedName;
  /** In any order; a permutation has larger ones before smaller ones and behind them. */
  readonly sizes: readonly number[];
  /** For the SIMD kernels; plain TypeScript computes on one. */
  readonly threads: number;
}

/** How many batches and images there were. */
export interface BatchCount {
  readonly batches: number;
  readonly images: number;
}

/** One size in so many is evaluated, which is slow. */
const SAMPLE = 16;

/** The numbers from `first` to `last` in random order. */
export function sizesInRandomOrder(first: number, last: number, seed: number): number[] {
  return Array.from(new Random(seed).permutation(last - first + 1), (i) => first + i);
}

/**
 * Lets a model predict and evaluate the same images in batches of each size, the last batch smaller than the others. The
 * outputs have to be those of plain TypeScript, image by image, in every bit; the accuracy the same, and the mean loss, a sum
 * over batches in float64, the same but for its rounding.
 *
 * @throws Error that names the size.
 */
export async function compareOutputs(options: BatchSizesOptions): Promise<BatchCount> {
  const { sizes, threads } = options;
  const network = LOADED[options.network];
  const most = Math.max(...sizes);
  const model = network(1);
  const data = markedImages(most + 3, model.inputShape, 1);
  const wanted = withBackend("plain", () => oneByOne(network(1), data.images));
  const whole = await model.evaluate(data, { batchSize: data.labels.length, threads });
  const rows = wanted.size / data.labels.length;
  const count = { batches: 0, images: 0 };
  for (const [i, size] of sizes.entries()) {
    // as many whole batches as make 64 images at least, and a part of one
    const n = Math.min(Math.ceil(64 / size) * size + Math.min(Math.ceil(size / 3), 17), data.labels.length);
    const some = part(data, 0, n);
    const got = model.predict(some.images, { batchSize: size, activation: "none", threads });
    const first = wanted.data.subarray(0, n * rows);
    expectSameBits(`predict in batches of ${size}`, [got], [{ data: first }]);
    count.batches += Math.ceil(n / size);
    count.images += n;
    if (i % SAMPLE !== 0) continue;
    const { loss, accuracy } = await model.evaluate(data, { batchSize: size, threads });
    if (accuracy !== whole.accuracy || Math.abs(loss / whole.loss - 1) > 1e-12) {
      throw new Error(`evaluate in batches of ${size}: expected ${whole.loss}, got ${loss}.`);
    }
  }
  return count;
}

/** What plain TypeScript gives for each image by itself. */
function oneByOne(model: Sequential, images: { data: Uint8Array; shape: readonly number[] }): Tensor {
  return model.predict(images, { batchSize: 1, activation: "none" });
}

/**
 * Trains a model on the SIMD kernels, and a twin in plain TypeScript, a step with a batch of each size: after each step their
 * weights have to be the same bits.
 *
 * @throws Error that names the size.
 */
export async function compareSteps(options: BatchSizesOptions): Promise<BatchCount> {
  const { sizes, threads } = options;
  const network = LOADED[options.network];
  const model = withBackend("simd", () => network(1));
  const twin = withBackend("plain", () => network(1));
  const data = markedImages(Math.max(...sizes), model.inputShape, 1);
  const [optimizer, twinOptimizer] = [new Adam(), new Adam()];
  let images = 0;
  for (const size of sizes) {
    const batch = part(data, 0, size);
    model.trainOnBatch(batch, { optimizer, threads });
    twin.trainOnBatch(batch, { optimizer: twinOptimizer });
    expectSameWeights(`a step with a batch of ${size}`, model, twin);
    images += size;
  }
  return { batches: sizes.length, images };
}

/** Builds something that computes with a backend. */
export function withBackend<T>(backend: Backend, make: () => T): T {
  const before = currentBackend();
  setBackend(backend);
  try {
    return make();
  } finally {
    setBackend(before);
  }
}
