import { join } from "node:path";
import { saveModel } from "../formats/model-file.js";
import type { IdxDataset } from "../mnist/idx-dataset.js";
import { createNetwork } from "../mnist/networks.js";
import { type MnistData, readMnistFolder } from "../node/mnist-folder.js";
import { findMnistData } from "../node/mnist-package.js";
import { countOf } from "../node/numbers.js";
import { prepareOutputFolder } from "../node/output-folder.js";
import { writeFileAtomically } from "../node/write-file.js";
import { ShapeError } from "../tensor/errors.js";
import { currentBackend, setBackend } from "../tensor/simd/backend.js";
import { chooseThreads } from "../tensor/simd/threads.js";
import { ExitCode, Failure } from "./failure.js";
import { createMetrics } from "./metrics.js";
import { BarDisplay, LineDisplay, type ProgressDisplay } from "./progress-display.js";
import * as report from "./report.js";
import { type Run, trainAndTest } from "./run.js";
import type { TrainSettings } from "./settings.js";

/** The world around the program: where it prints, and what may end it. */
export interface Surroundings {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

const MODEL_FILE = "model.safetensors";
const METRICS_FILE = "metrics.json";

/**
 * The command `tinyconv train`: reads the images, trains a network, tests it, writes the model and the metrics, and
 * prints a report. With `repeat`, it does so for several seeds, and writes the model of the first.
 *
 * @throws Failure with exit code 2 for data or a folder that will not do, before any training; with 1 if the accuracy
 * is below `minAccuracy`, after all is written and printed. The signal's reason if it aborts.
 */
export async function train(
  settings: TrainSettings,
  { stdout, stderr, signal }: Surroundings,
): Promise<void> {
  const { model, seed, repeat, quiet, json, out, minAccuracy = 0 } = settings;
  const output = json ? stderr : stdout;
  const say = (text: string): void => {
    if (!quiet) output.write(`${text}\n`);
  };

  const data = await prepare(settings);
  signal.throwIfAborted();
  const training = firstImages(data.train, settings.limit);
  const trainImages = training.labels.length;
  const testImages = data.test.labels.length;
  say(`${report.formatHeading(settings, { trainImages, testImages })}\n`);
  say(`${createNetwork(model, { seed }).summary()}\n`);

  const run = async (offset: number): Promise<Run> => {
    const display = quiet ? undefined : createDisplay(settings.epochs, trainImages, output);
    const finished = await trainAndTest(
      { ...settings, seed: seed + offset },
      {
        ...{ train: training, test: data.test, signal },
        callbacks: display ? [display] : [],
        onTrained: () => say(`Testing on ${countOf(testImages, "image")}`),
      },
    ).finally(() => display?.stop());
    if (repeat > 1) say(`${report.formatRun(finished)}\n`);
    return finished;
  };
  const describe = (runs: readonly [Run, ...Run[]]): string =>
    `${JSON.stringify(createMetrics(settings, trainImages, runs), null, 2)}\n`;
  const first = await run(0);
  const runs: [Run, ...Run[]] = [first];
  // after each run, so that a later one that fails loses none
  await writeFileAtomically(join(out, MODEL_FILE), saveModel(first.model));
  await writeFileAtomically(join(out, METRICS_FILE), describe(runs));
  for (let offset = 1; offset < repeat; offset++) {
    runs.push(await run(offset));
    await writeFileAtomically(join(out, METRICS_FILE), describe(runs));
  }
  const document = describe(runs);

  say(`${repeat > 1 ? "" : "\n"}${report.formatReport(first.test, data.test.images)}\n`);
  if (repeat === 1) say(report.formatTimes(first));
  if (!json || !quiet) output.write(`${report.formatResult(runs)}\n`);
  const whose = repeat > 1 ? `, the model of seed ${seed},` : "";
  say(`Wrote ${join(out, MODEL_FILE)}${whose} and ${join(out, METRICS_FILE)}.`);
  if (json) stdout.write(document);

  const shortfall = report.formatShortfall(runs, minAccuracy);
  if (shortfall) throw new Failure(shortfall, ExitCode.failed);
}

/** Everything that can be wrong from the start is found here, before any time is spent on training. */
async function prepare({ data, out, backend, threads }: TrainSettings): Promise<MnistData> {
  try {
    if (backend) setBackend(backend);
    // the environment may say something that cannot be
    currentBackend();
    chooseThreads("--threads", threads);
    const folder = data ?? findMnistData();
    const mnist = await readMnistFolder(folder, { official: data === undefined });
    const [, height, width] = mnist.train.images.shape;
    if (height !== 28 || width !== 28) {
      throw new ShapeError(
        `${folder}: expected images of 28 x 28 pixels, as the networks take them, got ${height} x ${width}.`,
      );
    }
    // last, so that no folder is left behind where the data will not do
    await prepareOutputFolder(out, [MODEL_FILE, METRICS_FILE], "Choose another folder with --out.");
    return mnist;
  } catch (cause) {
    throw new Failure(cause instanceof Error ? cause.message : String(cause), ExitCode.badInput, { cause });
  }
}

/** The first images of a dataset, all if there is no limit. */
function firstImages({ images, labels }: IdxDataset, limit = Infinity): IdxDataset {
  const [n, height, width, channels] = images.shape;
  const kept = Math.min(n, limit);
  const data = images.data.subarray(0, kept * height * width * channels);
  return { images: { data, shape: [kept, height, width, channels] }, labels: labels.subarray(0, kept) };
}

function createDisplay(epochs: number, images: number, output: NodeJS.WriteStream): ProgressDisplay {
  return output.isTTY
    ? new BarDisplay({ epochs, images }, output)
    : new LineDisplay({ epochs, images }, (text) => output.write(text));
}
