import type { Labels, Targets } from "../layers/loss.js";
import { ShapeError } from "../tensor/errors.js";
import { describe } from "../tensor/expect.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";

/** Images as bytes, which become float32 batch by batch: a quarter of the memory. Values stay 0 to 255. */
export interface Pixels {
  readonly data: Uint8Array;
  /** [N, H, W, C]. */
  readonly shape: Shape;
}

/** A batch of images, or of samples of any shape: [N, ...]. */
export type Images = Tensor | Pixels;

/** Images and what they show: class numbers [N], or one-hot or soft targets [N, K]. */
export interface Dataset {
  readonly images: Images;
  readonly labels: Targets;
}

/**
 * Batches that are read or made as training needs them. Called with the number of the epoch (from 1), it gives the
 * batches of that epoch, at once or as they come.
 */
export type BatchSource = (epoch: number) => Iterable<Dataset> | AsyncIterable<Dataset>;

/** The number of images. */
export function countImages({ shape }: Images): number {
  return shape[0] ?? 0;
}

/**
 * Checks that `images` are a batch of samples of `sampleShape`, and returns how many.
 *
 * @throws TypeError if they are neither a Tensor nor pixels, ShapeError if their shape is another, RangeError if
 * there are none.
 */
export function expectImages(where: string, images: Images, sampleShape: Shape): number {
  if (!(images instanceof Tensor)) {
    if (!(images?.data instanceof Uint8Array) || !Array.isArray(images.shape)) {
      throw new TypeError(
        `${where}: expected images to be a Tensor, or { data: Uint8Array, shape }, got ${describe(images)}.`,
      );
    }
    if (images.data.length !== sizeOf(images.shape)) {
      throw new ShapeError(
        `${where}: expected ${sizeOf(images.shape)} pixels for shape ${formatShape(images.shape)}, got ${images.data.length}.`,
      );
    }
  }
  const { shape } = images;
  if (!sameShape(shape.slice(1), sampleShape)) {
    const wanted = formatShape(["N", ...sampleShape]);
    throw new ShapeError(
      `${where}: expected images of shape ${wanted}, got ${formatShape(shape)}.${remedy(shape, sampleShape)}`,
    );
  }
  const count = shape[0]!;
  if (count === 0) throw new RangeError(`${where}: expected at least one image, got none.`);
  return count;
}

function remedy(shape: Shape, sampleShape: Shape): string {
  if (sameShape(shape, sampleShape)) {
    return ` Add the batch axis: images.reshape(${formatShape([1, ...shape])}).`;
  }
  if (shape.length > 0 && sizeOf(shape.slice(1)) === sizeOf(sampleShape)) {
    return ` Give them their axes: images.reshape(${formatShape([shape[0]!, ...sampleShape])}).`;
  }
  return "";
}

/**
 * Checks images and labels together, and returns how many there are.
 *
 * @throws RangeError if their numbers differ; and as `expectImages`.
 */
export function expectDataset(where: string, data: Dataset, sampleShape: Shape): number {
  if (typeof data !== "object" || data === null || !("images" in data) || !("labels" in data)) {
    throw new TypeError(`${where}: expected a dataset { images, labels }, got ${describe(data)}.`);
  }
  const count = expectImages(where, data.images, sampleShape);
  const labels = countLabels(where, data.labels);
  if (labels !== count) {
    throw new RangeError(`${where}: expected as many labels as images, ${count}, got ${labels}.`);
  }
  return count;
}

function countLabels(where: string, labels: Targets): number {
  if (labels instanceof Tensor) return labels.shape[0] ?? 0;
  if (Array.isArray(labels) || ArrayBuffer.isView(labels)) return labels.length;
  throw new TypeError(
    `${where}: expected labels to be class numbers or a Tensor of targets [N, K], got ${describe(labels)}.`,
  );
}

/** Samples `start` to `end` of a dataset, without a copy of the images. */
export function slice({ images, labels }: Dataset, start: number, end: number): Dataset {
  return {
    images: sliceImages(images, start, end),
    labels: labels instanceof Tensor ? sliceTensor(labels, start, end) : labels.slice(start, end),
  };
}

/** Images `start` to `end`, without a copy. */
export function sliceImages(images: Images, start: number, end: number): Images {
  if (images instanceof Tensor) return sliceTensor(images, start, end);
  const [, ...sampleShape] = images.shape;
  const size = sizeOf(sampleShape);
  return { data: images.data.subarray(start * size, end * size), shape: [end - start, ...sampleShape] };
}

/** Samples `start` to `end` of a tensor, without a copy. */
export function sliceTensor(tensor: Tensor, start: number, end: number): Tensor {
  const [, ...sampleShape] = tensor.shape;
  const size = sizeOf(sampleShape);
  return new Tensor([end - start, ...sampleShape], tensor.data.subarray(start * size, end * size));
}

/** Gathers batches of a dataset in any order, into memory that it uses again for the next batch. */
export class BatchGatherer {
  readonly #data: Dataset;
  readonly #images: Float32Array | Uint8Array;
  readonly #targets: Float32Array | Int32Array;

  constructor(data: Dataset, batchSize: number) {
    const { images, labels } = data;
    const size = batchSize * sizeOf(images.shape.slice(1));
    this.#data = data;
    this.#images = images instanceof Tensor ? new Float32Array(size) : new Uint8Array(size);
    this.#targets =
      labels instanceof Tensor
        ? new Float32Array(batchSize * sizeOf(labels.shape.slice(1)))
        : new Int32Array(batchSize);
  }

  /** The samples `order[start]`, …, `order[end − 1]`; valid until the next call. */
  gather(order: Uint32Array, start: number, end: number): Dataset {
    const { images, labels } = this.#data;
    const n = end - start;
    const shape = [n, ...images.shape.slice(1)];
    const size = sizeOf(images.shape.slice(1));
    copyRows(images.data, this.#images, size, order, start, end);
    const pixels = this.#images.subarray(0, n * size);

    const width = labels instanceof Tensor ? sizeOf(labels.shape.slice(1)) : 1;
    copyRows(labels instanceof Tensor ? labels.data : labels, this.#targets, width, order, start, end);
    const targets = this.#targets.subarray(0, n * width);
    return {
      images: pixels instanceof Uint8Array ? { data: pixels, shape } : new Tensor(shape, pixels),
      labels: targets instanceof Int32Array ? targets : new Tensor([n, width], targets),
    };
  }
}

function copyRows(
  from: Labels | Float32Array,
  to: Float32Array | Uint8Array | Int32Array,
  size: number,
  order: Uint32Array,
  start: number,
  end: number,
): void {
  for (let row = start, o = 0; row < end; row++) {
    for (let i = order[row]! * size, last = i + size; i < last; i++, o++) to[o] = from[i]!;
  }
}
