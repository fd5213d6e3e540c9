import type { Backend } from "tinyconv";

/** How much is trained: on the first images of MNIST, in batches of 50. */
export interface TrainingSize {
  readonly images: number;
  readonly epochs: number;
  /** The SHA-256 of the trained weights, wherever and however they are computed. */
  readonly sha256: string;
}

/** What computes, and how many threads are asked for. */
export interface Computation {
  readonly backend: Backend;
  readonly threads: number;
}

/** A training, as it is handed to whatever engine runs it. */
export interface Training extends Computation, Pick<TrainingSize, "images" | "epochs"> {}

/** What an engine has to say of a training that is over. */
export interface Trained {
  /** Of all weights: float32, little-endian, in their order in the model. */
  readonly sha256: string;
  /** How many weights there are. */
  readonly weights: number;
  readonly backend: Backend;
  /** Units of work that other threads than the one that called have done. */
  readonly sharedUnits: number;
  /** What the library has warned of: that it has to do without threads, or without WebAssembly. */
  readonly warnings: readonly string[];
}

/*
 * These are the same on every machine: whoever changes one has changed the numbers that all users get from the same seed,
 * and says so in the changelog.
 */

/** `tinyconv train --model lenet --limit 2000 --epochs 2 --seed 1` */
export const FULL: TrainingSize = {
  images: 2000,
  epochs: 2,
  sha256: "a54d70507f97afad7182d61ed2db5eb3b89dc99b10093f5d57007a79a23bbab2",
};

/** The same, in less than a second. */
export const SHORT: TrainingSize = {
  images: 200,
  epochs: 1,
  sha256: "9322379c08ad649d579e3feafa09323bb00d885c67c85baa7d0e9db40df1f839",
};
