import type { Digits } from "../digits.js";

/*
 * What the page and the worker that trains say to each other.
 */

/** The networks that can be trained anew: those of the library, and a smaller one. */
export const NETWORKS = ["lenet", "small", "compact", "reference"] as const;
/** One of `NETWORKS`. */
export type Network = (typeof NETWORKS)[number];

/** The optimizers to choose from. */
export const OPTIMIZERS = ["adam", "adamw", "sgd"] as const;
/** One of `OPTIMIZERS`. */
export type OptimizerName = (typeof OPTIMIZERS)[number];

/** All that a training depends on, besides the digits. */
export interface Settings {
  /** A network to begin anew with, or the file of a model to go on from. */
  readonly model: Network | Uint8Array;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** Of the initial weights and of the order of the digits. */
  readonly seed: number;
}

/** From the page: a worker takes one training, and is terminated to end it before its time. */
export type Command =
  | { readonly type: "start"; readonly settings: Settings; readonly digits: Digits }
  | { readonly type: "pause" }
  | { readonly type: "resume" };

/** How training goes, some times a second. */
export interface Progress {
  /** Steps done. */
  readonly step: number;
  /** Counts from 1. */
  readonly epoch: number;
  /** Epochs done: 1.5 is in the middle of the second. */
  readonly epochsDone: number;
  /** Mean over the digits since the last report, while the weights were changing. */
  readonly loss: number;
  /** Share of those digits that were classified right. */
  readonly accuracy: number;
  /** Over the epoch so far. */
  readonly imagesPerSecond: number;
}

/** A test digit that the network took for another. */
export interface Misread {
  /** Its place among the test digits. */
  readonly index: number;
  readonly wanted: number;
  readonly got: number;
  /** The probability that the network gave to its answer. */
  readonly probability: number;
}

/** How an epoch has ended. */
export interface EpochReport {
  /** Counts from 1. */
  readonly epoch: number;
  /** Mean over the epoch, while the weights were changing; so is `accuracy`. */
  readonly loss: number;
  readonly accuracy: number;
  /** Of the test digits, with the weights at the end of the epoch; so are those that follow. */
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** `confusion[k][j]`: how many digits k were taken for j. */
  readonly confusion: readonly (readonly number[])[];
  /** The most certain ones first. */
  readonly mistakes: readonly Misread[];
}

/** The model as it is now. */
export interface Weights {
  readonly when: "pause" | "epoch" | "end";
  /** A safetensors file. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the weights alone. */
  readonly checksum: string;
}

/** From the worker. */
export type Answer =
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "epoch"; readonly report: EpochReport }
  | { readonly type: "weights"; readonly weights: Weights }
  | { readonly type: "error"; readonly message: string };
