import { join } from "node:path";
import { saveModel } from "../formats/model-file.js";
import { createNetwork } from "../mnist/networks.js";
import { sliceDataset } from "../model/dataset.js";
import { type MnistData, readMnistFolder } from "../node/mnist-folder.js";
import { findMnistData } from "../node/mnist-package.js";
import { prepareOutputFolder } from "../node/output-folder.js";
import { writeFileAtomically } from "../node/write-file.js";
import { ShapeError } from "../tensor/errors.js";
import { ExitCode, Failure } from "./failure.js";
import { createMetrics } from "./metrics.js";
import { countOf } from "./numbers.js";
import { BarDisplay, LineDisplay, type ProgressDisplay } from "./progress-display.js";
import { formatAccuracy, formatHeading, formatReport, formatShortfall } from "./report.js";
import { createOptimizer, type TrainSettings } from "./settings.js";
import { testModel } from "./test-model.js";

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
 * prints a report.
 *
 * @throws Failure with exit code 2 for data or a folder that will not do, before any training; with 1 if the accuracy
 * is below `minAccuracy`, after all is written and printed. The signal's reason if it aborts.
 */
export async function train(
  settings: TrainSettings,
  { stdout, stderr, signal }: Surroundings,
): Promise<void> {
  const { epochs, batchSize, seed, quiet, json, out } = settings;
  const output = json ? stderr : stdout;
  const say = (text: string): void => {
    if (!quiet) output.write(`${text}\n`);
  };

  const data = await prepare(settings);
  signal.throwIfAborted();
  const trainImages = Math.min(settings.limit ?? Infinity, data.train.labels.length);
  const testImages = data.test.labels.length;
  const model = createNetwork(settings.model, { seed });
  const optimizer = createOptimizer(settings);
  const { learningRate } = optimizer; // the same in every step

  say(`${formatHeading(settings, { trainImages, testImages, optimizer })}\n`);
  say(`${model.summary()}\n`);

  const display = quiet ? undefined : createDisplay(epochs, output);
  const callbacks = display ? [display] : [];
  const options = { epochs, batchSize: Math.min(batchSize, trainImages), optimizer, callbacks, signal };
  const training = sliceDataset(data.train, 0, trainImages);
  const history = await model.fit(training, options).finally(() => display?.stop());
  say(`Testing on ${countOf(testImages, "image")}`);
  const test = await testModel(model, data.test, signal);

  const parameters = model.parameters.reduce((sum, { value }) => sum + value.size, 0);
  const metrics = createMetrics(settings, { trainImages, parameters, learningRate, history, test });
  const document = `${JSON.stringify(metrics, null, 2)}\n`;
  await writeFileAtomically(join(out, MODEL_FILE), saveModel(model));
  await writeFileAtomically(join(out, METRICS_FILE), document);

  say(`\n${formatReport(test, data.test.images)}\n`);
  if (!json || !quiet) output.write(`${formatAccuracy(test)}\n`);
  say(`Wrote ${join(out, MODEL_FILE)} and ${join(out, METRICS_FILE)}.`);
  if (json) stdout.write(document);

  const { minAccuracy = 0 } = settings;
  if (test.accuracy < minAccuracy) throw new Failure(formatShortfall(test, minAccuracy), ExitCode.failed);
}

/** Everything that can be wrong from the start is found here, before any time is spent on training. */
async function prepare({ data, out }: TrainSettings): Promise<MnistData> {
  try {
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

function createDisplay(epochs: number, output: NodeJS.WriteStream): ProgressDisplay {
  return output.isTTY
    ? new BarDisplay(epochs, output)
    : new LineDisplay(epochs, (text) => output.write(text));
}
