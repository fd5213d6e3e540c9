import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LayerConfig } from "../../src/index.js";
import type { NetworkName } from "../../src/mnist/networks.js";

/*
 * What test/fixtures/pytorch-references/main.py has written: for each case what goes in, and what PyTorch makes of it.
 * Tensors are flat lists, in the library's layout.
 */

/** Tensors by name. */
export type Tensors = Readonly<Record<string, readonly number[]>>;

/** Something by its name in the library, and the options it is made with. */
export interface Made {
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface LayerReference {
  readonly layer: LayerConfig & { readonly type: string };
  readonly training: boolean;
  readonly step: number;
  readonly xShape: readonly number[];
  readonly x: readonly number[];
  /** Parameters and state before. */
  readonly weights: Tensors;
  readonly yShape: readonly number[];
  readonly y: readonly number[];
  readonly dy: readonly number[];
  readonly dx: readonly number[];
  /** Of the parameters. */
  readonly gradients: Tensors;
  /** After the forward pass. */
  readonly state: Tensors;
}

/** What predictions are compared with: labels, or targets of the prediction's shape. */
interface Answers {
  readonly labels?: readonly number[];
  readonly targets?: readonly number[];
}

export interface LossReference extends Made, Answers {
  readonly shape: readonly number[];
  readonly prediction: readonly number[];
  readonly loss: readonly [number];
  readonly gradient: readonly number[];
}

/** A schedule; the options of `constant` are its rate. */
export interface ScheduleMade {
  readonly type: string;
  readonly options: unknown;
}

export interface ScheduleReference extends ScheduleMade {
  /** Of step 0, 1, 2, ... */
  readonly rates: readonly number[];
}

export type Shapes = Readonly<Record<string, readonly number[]>>;

export interface OptimizerReference extends Made {
  readonly schedule?: ScheduleMade;
  readonly shapes: Shapes;
  readonly before: Tensors;
  /** Of each step; a parameter without one takes no part in it. */
  readonly gradients: readonly Tensors[];
  /** After each step. */
  readonly after: readonly Tensors[];
}

export interface ClipReference {
  readonly maxNorm: number;
  readonly shapes: Shapes;
  readonly before: Tensors;
  readonly norm: readonly [number];
  readonly after: Tensors;
}

export interface AverageReference {
  readonly options: { readonly decay?: number; readonly warmUp?: boolean };
  readonly shapes: Shapes;
  /** At each update. */
  readonly weights: readonly Tensors[];
  /** After each update. */
  readonly averages: readonly Tensors[];
}

/** A small network as it is before training, and its data. */
export interface SmallNetwork extends Answers {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly layers: readonly (LayerConfig & { readonly type: string })[];
  readonly loss: Made;
  readonly batchSize: number;
  readonly samples: number;
  readonly x: readonly number[];
  readonly weights: Tensors;
}

export interface TrainingReference {
  readonly network: string;
  readonly optimizer: Made;
  readonly schedule?: ScheduleMade;
  readonly clipNorm?: number;
  readonly weightAverage?: AverageReference["options"];
  /** Of each step. */
  readonly losses: readonly number[];
  /** After the last step. */
  readonly weights: Tensors;
  readonly average?: Tensors;
}

/** A first pass of a network for MNIST; of each tensor there are `elements` elements, in equal distances. */
export interface NetworkReference {
  readonly name: NetworkName;
  readonly images: number;
  readonly elements: number;
  readonly loss: readonly [number];
  /** Of the images, called x, and of the parameters. */
  readonly gradients: Tensors;
  /** The largest relative difference of PyTorch's own float32 from these numbers. */
  readonly float32: number;
}

const folder = join(import.meta.dirname, "../../test/fixtures/pytorch-references");

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as T;
}

export const { layers } = read<{ readonly layers: readonly LayerReference[] }>("layers");
export const { losses } = read<{ readonly losses: readonly LossReference[] }>("losses");
export const { schedules } = read<{ readonly schedules: readonly ScheduleReference[] }>("schedules");
export const { optimizers, clips, averages } = read<{
  readonly optimizers: readonly OptimizerReference[];
  readonly clips: readonly ClipReference[];
  readonly averages: readonly AverageReference[];
}>("optimizers");
export const { networks: smallNetworks, trainings } = read<{
  readonly networks: readonly SmallNetwork[];
  readonly trainings: readonly TrainingReference[];
}>("training");
export const { networks } = read<{ readonly networks: readonly NetworkReference[] }>("networks");
