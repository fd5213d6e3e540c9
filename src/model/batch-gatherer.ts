import { allocate, allocateBytes } from "../tensor/allocate.js";
import { sizeOf } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { type Dataset, expectImages } from "./dataset.js";

const REMEDY = "Use a smaller batchSize.";

/**
 * Gathers batches of a dataset in any order, into memory that it uses again for the next batch.
 *
 * Pixels stay bytes. Class numbers stay as they are, so that whoever takes the batch can refuse what is none: the caller
 * may change the dataset from batch to batch.
 */
export class BatchGatherer {
  readonly #data: Dataset;
  readonly #images: Float32Array | Uint8Array;
  readonly #targets: Float32Array;
  readonly #classes: number[] = [];
  readonly #where: string;

  /**
   * @param batchSize the most images that a batch will have
   * @param where the name of what trains on the batches in error messages
   */
  constructor(data: Dataset, batchSize: number, where = "Sequential.fit") {
    const { images, labels } = data;
    const shape = [batchSize, ...images.shape.slice(1)];
    const make = images instanceof Tensor ? allocate : allocateBytes;
    this.#data = data;
    this.#where = where;
    this.#images = make(where, shape, REMEDY);
    this.#targets = allocate(
      where,
      labels instanceof Tensor ? [batchSize, ...labels.shape.slice(1)] : [0],
      REMEDY,
    );
  }

  /**
   * The samples `order[start]`, …, `order[end − 1]`; valid until the next call.
   *
   * @throws ShapeError if the pixels are fewer than they were, as those are whose buffer was sent to another thread.
   */
  gather(order: Uint32Array, start: number, end: number): Dataset {
    const samples = order.subarray(start, end); // fewer than batchSize at the end of an epoch
    return { images: this.#gatherImages(samples), labels: this.#gatherLabels(samples) };
  }

  #gatherImages(samples: Uint32Array): Dataset["images"] {
    const { images } = this.#data;
    const [, ...sampleShape] = images.shape;
    // a missing float is NaN, which training refuses, but a missing byte would be a zero
    expectImages(this.#where, images, sampleShape);
    const shape = [samples.length, ...sampleShape];
    const pixels = this.#images.subarray(0, sizeOf(shape));
    copyRows(images.data, samples, pixels);
    return pixels instanceof Uint8Array ? { data: pixels, shape } : new Tensor(shape, pixels);
  }

  #gatherLabels(samples: Uint32Array): Dataset["labels"] {
    const { labels } = this.#data;
    if (labels instanceof Tensor) {
      const shape = [samples.length, ...labels.shape.slice(1)];
      const targets = this.#targets.subarray(0, sizeOf(shape));
      copyRows(labels.data, samples, targets);
      return new Tensor(shape, targets);
    }
    const classes = this.#classes;
    classes.length = samples.length;
    for (let i = 0; i < samples.length; i++) classes[i] = labels[samples[i]!]!;
    return classes;
  }
}

/** Fills `to` with the given rows of `from`, in their order. */
function copyRows(from: Float32Array | Uint8Array, rows: Uint32Array, to: Float32Array | Uint8Array): void {
  const size = to.length / rows.length;
  let o = 0;
  for (let r = 0; r < rows.length; r++) {
    const begin = rows[r]! * size;
    for (let i = begin; i < begin + size; i++, o++) to[o] = from[i]!;
  }
}
