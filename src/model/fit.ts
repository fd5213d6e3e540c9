import { SoftmaxCrossEntropy } from "../layers/softmax-cross-entropy.js";
import { Adam } from "../optim/adam.js";
import type { Optimizer } from "../optim/optimizer.js";
import {
  describe,
  expectBoolean,
  expectInteger,
  expectNumber,
  expectOptions,
  refuse,
} from "../tensor/expect.js";
import { chooseThreads, withThreads } from "../tensor/simd/threads.js";
import type { BatchEvent, Callback, CallbackResult, EpochEvent } from "./callback.js";
import { type BatchSource, batchesOf, countImages, type Dataset } from "./dataset.js";
import { evaluateModel } from "./evaluate.js";
import { breathe } from "./event-loop.js";
import { firstNonFinite } from "./finite.js";
import { inBatches, splitData } from "./fit-data.js";
import { appendEpoch, type EpochLogs, emptyHistory, type History } from "./history.js";
import { type Evaluation, RunningMeans } from "./measure.js";
import type { Sequential } from "./sequential.js";
import { expectSignal } from "./signal.js";
import { expectTrainOptions, type TrainOptions, trainOnBatch } from "./train-on-batch.js";
import { TrainingCourse } from "./training-course.js";
import { type Position, startOfEpoch, type TrainingState } from "./training-state.js";

/** Options of `Sequential.fit`. */
export interface FitOptions extends Partial<TrainOptions> {
  /** What changes the weights. @default a new Adam (in Keras, RMSprop) */
  readonly optimizer?: Optimizer;
  /** How often training goes through the data. @default 1 */
  readonly epochs?: number;
  /** Images a step; the last step of an epoch takes what is left. @default 32 */
  readonly batchSize?: number;
  /** Take the images in a new random order in each epoch, drawn from the model's `random`. @default true */
  readonly shuffle?: boolean;
  /** The share of the data, taken from its end, that is not trained on but evaluated after each epoch. @default 0 */
  readonly validationSplit?: number;
  /** Data to evaluate after each epoch. @default none */
  readonly validationData?: Dataset | BatchSource;
  /** What watches training, told in this order. @default [] */
  readonly callbacks?: readonly Callback[];
  /** Ends training with the signal's reason, between two steps. @default none */
  readonly signal?: AbortSignal | undefined;
  /**
   * Where an earlier training was, to go on from there: the model has the weights of that moment, the data and the
   * options are the same, the optimizer, the weight average and the callbacks are new ones. The end is the same in every
   * bit, as long as batches and callbacks draw from nothing random but the model's `random` at the start of an epoch. A
   * batch source is asked for the batches of the running epoch from its first on. `loadCheckpoint` has it.
   * @default training starts anew
   */
  readonly resume?: TrainingState | undefined;
}

/** Trains a model; see `Sequential.fit`. */
export async function fitModel(
  model: Sequential,
  data: Dataset | BatchSource,
  options: FitOptions,
): Promise<History> {
  const {
    epochs = 1,
    batchSize = 32,
    shuffle = true,
    validationSplit = 0,
    callbacks = [],
    signal,
  } = expectOptions("Sequential.fit", options);
  const { optimizer = new Adam(), loss = new SoftmaxCrossEntropy(), clipNorm, weightAverage } = options;
  // all that can be checked is checked here, before the first step changes a weight
  expectInteger("Sequential.fit", "epochs", epochs, { min: 1 });
  expectInteger("Sequential.fit", "batchSize", batchSize, { min: 1 });
  expectBoolean("Sequential.fit", "shuffle", shuffle);
  expectNumber("Sequential.fit", "validationSplit", validationSplit, { min: 0, below: 1 });
  if (!Array.isArray(callbacks)) {
    throw new TypeError(`Sequential.fit: expected callbacks to be an array, got ${describe(callbacks)}.`);
  }
  for (const callback of callbacks) expectCallback(callback); // forEach would pass over holes
  expectSignal("Sequential.fit", signal);
  const threads = chooseThreads("Sequential.fit", options.threads);
  const stepOptions: TrainOptions = { optimizer, loss, clipNorm, weightAverage };
  expectTrainOptions("Sequential.fit", stepOptions);
  const { train, validation } = splitData(model, data, validationSplit, options.validationData);
  const source = typeof train === "function" ? train : inBatches(model, train, batchSize, shuffle);
  const batches = typeof train === "function" ? undefined : Math.ceil(countImages(train.images) / batchSize);
  const training: Training = { model, source, batches, options: stepOptions, threads, callbacks, signal };

  // from here on, whoever waits for something else (a timer, the signal) has a turn between two steps
  signal?.throwIfAborted();
  const validates = validation !== undefined;
  for (const callback of callbacks) await callback.onTrainBegin?.({ model, epochs, validates });
  const start = { learningRate: optimizer.learningRate, stopped: false, history: emptyHistory() };
  const course = new TrainingCourse({ model, optimizer, weightAverage, callbacks }, start, options.resume);
  await course.offer();
  const { history } = course.position;
  while (course.position.epoch <= epochs && !course.position.stopped) {
    const { epoch } = course.position;
    const { means, images, learningRate, seconds, stopped } = await trainEpoch(training, course);
    expectFiniteWeights(model, epoch);
    signal?.throwIfAborted();
    const validated =
      validation && (await evaluateModel(model, validation, { loss, batchSize, signal, threads }));
    const logs: EpochLogs = {
      ...means,
      ...(validated && { val_loss: validated.loss, val_accuracy: validated.accuracy }),
      learningRate,
      seconds,
      imagesPerSecond: images / seconds,
    };
    course.goOn(); // until all callbacks know of the epoch, there is nothing whole to save
    appendEpoch(history, logs);
    const event: EpochEvent = { model, epoch, epochs, logs };
    const ends = await tell(callbacks, (callback) => callback.onEpochEnd?.(event));
    await course.reachEpoch(
      startOfEpoch(epoch + 1, { learningRate, stopped: ends || stopped, history }),
      logs,
    );
  }
  for (const callback of callbacks) await callback.onTrainEnd?.(model);
  return history;
}

const HANDLERS = [
  "onTrainBegin",
  "onBatchEnd",
  "onEpochEnd",
  "onCheckpoint",
  "onTrainEnd",
  "saveState",
  "restoreState",
] as const satisfies readonly (keyof Callback)[];

/** @throws TypeError if something is no callback, or a method of it is none. */
function expectCallback(callback: Callback): void {
  if (typeof callback !== "object" || callback === null) {
    throw new TypeError(
      `Sequential.fit: expected callbacks to be objects, as in { onEpochEnd() {} }, got ${describe(callback)}.`,
    );
  }
  for (const name of HANDLERS) {
    const handler = callback[name] ?? undefined;
    if (handler === undefined || typeof handler === "function") continue;
    refuse("Sequential.fit", `${name} of the callbacks`, "a function", handler);
  }
}

/** What stays the same in all epochs. */
interface Training {
  readonly model: Sequential;
  readonly source: BatchSource;
  /** Batches in an epoch; undefined where a batch source does not tell. */
  readonly batches: number | undefined;
  readonly options: TrainOptions;
  readonly threads: number;
  readonly callbacks: readonly Callback[];
  readonly signal: AbortSignal | undefined;
}

/**
 * The steps of an epoch, from the position on that training is at. After one for which a callback has stopped training,
 * the epoch is closed as usual, with the figures of the batches there were.
 */
async function trainEpoch(
  { model, source, batches, options, threads, callbacks, signal }: Training,
  course: TrainingCourse,
): Promise<{ means: Evaluation; images: number; learningRate: number; seconds: number; stopped: boolean }> {
  const { position: from } = course;
  const { epoch, batch: done } = from;
  const means = new RunningMeans(from.sums);
  let { learningRate } = from;
  let stopped = false;
  let batch = 0;
  let skipped = 0; // images of the batches that are done already
  let begin = performance.now() - 1000 * from.seconds;
  for await (const samples of batchesOf("Sequential.fit", source, epoch)) {
    signal?.throwIfAborted();
    batch++;
    if (batch <= done) {
      skipped += countImages(samples.images);
      begin = performance.now() - 1000 * from.seconds;
      await breathe();
      continue;
    }
    if (batch === done + 1) expectSameBatches(from, batch - 1, skipped);
    course.goOn();
    learningRate = options.optimizer.learningRate; // before the step, which moves a schedule on
    means.add(withThreads(threads, () => trainOnBatch("Sequential.fit", model, samples, options)));
    const { images, sums } = means;
    const seconds = secondsSince(begin);
    const event: BatchEvent = {
      model,
      epoch,
      batch,
      batches,
      images,
      ...means.means,
      learningRate,
      seconds,
    };
    stopped = await tell(callbacks, (callback) => callback.onBatchEnd?.(event));
    await breathe();
    if (stopped) break;
    const paused = performance.now();
    await course.reachStep({ ...from, batch, sums, seconds: secondsSince(begin), learningRate });
    begin += performance.now() - paused; // to save training is no part of it
  }
  if (batch <= done) expectSameBatches(from, batch, skipped);
  if (means.images === 0) {
    throw new RangeError(
      `Sequential.fit: expected the batch source to give batches, got none in epoch ${epoch}.`,
    );
  }
  return { means: means.means, images: means.images, learningRate, seconds: secondsSince(begin), stopped };
}

/** Checks that the batches that were left out are as many as were done, of as many images. */
function expectSameBatches(
  { epoch, batch, sums: { images } }: Position,
  gotBatches: number,
  gotImages: number,
): void {
  if (gotBatches === batch && gotImages === images) return;
  throw new RangeError(
    `Sequential.fit: expected the data and the batch size of the training to resume, with ${images} images in the first ` +
      `${batch} batches of epoch ${epoch}, got ${gotImages} in ${gotBatches}.`,
  );
}

/** Asks all callbacks, one after the other; true if one of them wants training to stop. */
async function tell(
  callbacks: readonly Callback[],
  ask: (callback: Callback) => CallbackResult | Promise<CallbackResult>,
): Promise<boolean> {
  let stop = false;
  for (const callback of callbacks) if ((await ask(callback)) === "stop") stop = true;
  return stop;
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}

/**
 * A weight that an update has broken shows in the loss of the next step; after the last one of an epoch it is looked
 * for.
 *
 * @throws Error if a weight is not finite, naming the first.
 */
function expectFiniteWeights(model: Sequential, epoch: number): void {
  const broken = firstNonFinite(model.weights);
  if (broken) {
    throw new Error(
      `Sequential.fit: expected finite weights after epoch ${epoch}, got NaN or an infinity in ${broken.name}. ` +
        "Lower the learning rate, or limit the gradients with clipNorm.",
    );
  }
}
