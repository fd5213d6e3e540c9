import type { SequentialConfig } from "../../src/index.js";
import type { NetworkName } from "../../src/mnist/index.js";

/** Images in a step of training, and in a call of inference at full speed. */
export const BATCH_SIZE = 100;

/** What a contestant is to do; it gets this as JSON, in its only argument. */
export interface Task {
  readonly net: NetworkName;
  /** tinyconv's own description of the network, from which every contestant builds it. */
  readonly config: SequentialConfig;
  /** Trainable numbers of the network. */
  readonly parameters: number;
  readonly threads: number;
  /** How long to time each thing, at least. */
  readonly seconds: number;
  readonly batchSize: number;
}

/** What a contestant prints, as one line of JSON. What it cannot do is left out. */
export interface Result {
  /** Name and version. */
  readonly version: string;
  /** Trainable numbers of the network that it ran, which must be as many as in the task. */
  readonly parameters: number;
  readonly trainImagesPerSecond?: number;
  readonly inferImagesPerSecond?: number;
  /** The median time of inference for a single image, in milliseconds. */
  readonly inferMs?: number;
  /** Why something is left out. */
  readonly note?: string;
}

/** The task of this process. */
export function readTask(): Task {
  return JSON.parse(process.argv[2]!) as Task;
}

/** Prints the result, and ends the process: libraries may have left threads behind. */
export function report(result: Result): never {
  console.log(JSON.stringify(result));
  process.exit(0);
}

/**
 * Shows that training lowers the loss, before it is timed.
 *
 * @throws Error if it does not.
 */
export function expectFallingLoss(losses: readonly number[]): void {
  if (losses.at(-1)! < losses[0]!) return;
  throw new Error(`Expected the loss to fall, got ${losses.join(", ")}. Nothing was timed.`);
}
