import type { Backend } from "tinyconv";
import type { NetworkName } from "tinyconv/mnist";

/** What a benchmark's process is to do; it gets this as JSON, in its only argument. */
export interface Task {
  readonly net: NetworkName;
  readonly threads: number;
  readonly backend: Backend;
  /** How long to time each thing, at least. */
  readonly seconds: number;
}

/** One line of the benchmark. */
export interface Report {
  readonly net: NetworkName;
  readonly threads: number;
  readonly backend: Backend;
  /** The version of Node. */
  readonly node: string;
  /** Training at batch 100: forward, loss, backward and Adam. */
  readonly trainImagesPerSecond: number;
  /** Inference at batch 100, softmax included. */
  readonly inferImagesPerSecond: number;
  /** Inference of a single image: the median, in milliseconds. */
  readonly inferMs: number;
  /** Billions of multiplications and additions in the products of a training step, a second; see `trainingFlop`. */
  readonly gflops: number;
  /** The speed of the bare register tile on one thread, measured in the same run. */
  readonly peakTileGflops: number;
  /** The most memory that the process which timed has held, in MiB, all of MNIST and Node itself included. */
  readonly peakRssMb: number;
}

/** The task of this process. */
export function readTask(): Task {
  return JSON.parse(process.argv[2]!) as Task;
}
