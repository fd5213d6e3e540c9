import type { Labels } from "../layers/loss.js";
import { sizeOf } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import type { Dataset } from "./dataset.js";

/**
 * Gathers batches of a dataset in any order, into memory that it uses again for the next batch.
 *
 * Pixels stay bytes, and class numbers, which are known to be whole, become an Int32Array.
 */
export class BatchGatherer {
  readonly #data: Dataset;
  readonly #images: Float32Array | Uint8Array;
  readonly #labels: Float32Array | Int32Array;

  /** @param batchSize the most images that a batch will have */
  constructor(data: Dataset, batchSize: number) {
    const { images, labels } = data;
    const size = batchSize * sizeOf(images.shape.slice(1));
    this.#data = data;
    this.#images = images instanceof Tensor ? new Float32Array(size) : new Uint8Array(size);
    this.#labels =
      labels instanceof Tensor
        ? new Float32Array(batchSize * sizeOf(labels.shape.slice(1)))
        : new Int32Array(batchSize);
  }

  /** The samples `order[start]`, …, `order[end − 1]`; valid until the next call. */
  gather(order: Uint32Array, start: number, end: number): Dataset {
    const { images, labels } = this.#data;
    const samples = order.subarray(start, end); // fewer than batchSize at the end of an epoch
    const shape = [samples.length, ...images.shape.slice(1)];
    const pixels = this.#images.subarray(0, sizeOf(shape));
    copyRows(images.data, samples, pixels);

    const targetShape = [samples.length, ...(labels instanceof Tensor ? labels.shape.slice(1) : [])];
    const targets = this.#labels.subarray(0, sizeOf(targetShape));
    copyRows(labels instanceof Tensor ? labels.data : labels, samples, targets);
    return {
      images: pixels instanceof Uint8Array ? { data: pixels, shape } : new Tensor(shape, pixels),
      labels: targets instanceof Int32Array ? targets : new Tensor(targetShape, targets),
    };
  }
}

/** Fills `to` with the given rows of `from`, in their order. */
function copyRows(
  from: Labels | Float32Array,
  rows: Uint32Array,
  to: Float32Array | Uint8Array | Int32Array,
): void {
  const size = to.length / rows.length;
  let o = 0;
  for (let r = 0; r < rows.length; r++) {
    const begin = rows[r]! * size;
    for (let i = begin; i < begin + size; i++, o++) to[o] = from[i]!;
  }
}
