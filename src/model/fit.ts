import { SoftmaxCrossEntropy } from "../layers/softmax-cross-entropy.js";
import { Adam } from "../optim/adam.js";
import { describe, expectBoolean, expectInteger, expectNumber } from "../tensor/expect.js";
import type { BatchEvent, Callback, CallbackResult, EpochEvent } from "./callback.js";
import {
  BatchGatherer,
  type BatchSource,
  countImages,
  type Dataset,
  expectDataset,
  slice,
} from "./dataset.js";
import { evaluateModel, RunningMeans } from "./evaluate.js";
import { EventLoopYielder } from "./event-loop.js";
import { firstNonFinite } from "./finite.js";
import { appendEpoch, type EpochLogs, emptyHistory, type History } from "./history.js";
import type { Sequential } from "./sequential.js";
import { type TrainOptions, trainOnBatch } from "./train-on-batch.js";

export interface FitOptions extends Partial<TrainOptions> {
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
  /** @default [] */
  readonly callbacks?: readonly Callback[];
  /** Ends training with the signal's reason, between two steps. */
  readonly signal?: AbortSignal;
}

/** Trains a model; see `Sequential.fit`. */
export async function fitModel(
  model: Sequential,
  data: Dataset | BatchSource,
  options: FitOptions,
): Promise<History> {
  const { epochs = 1, batchSize = 32, shuffle = true, validationSplit = 0, callbacks = [], signal } = options;
  const { optimizer = new Adam(), loss = new SoftmaxCrossEntropy(), clipNorm, weightAverage } = options;
  const training: TrainOptions = { optimizer, loss, clipNorm, weightAverage };
  expectInteger("Sequential.fit", "epochs", epochs, { min: 1 });
  expectInteger("Sequential.fit", "batchSize", batchSize, { min: 1 });
  expectBoolean("Sequential.fit", "shuffle", shuffle);
  expectNumber("Sequential.fit", "validationSplit", validationSplit, { min: 0, below: 1 });
  const { train, validation } = splitData(model, data, validationSplit, options.validationData);
  const batches = typeof train === "function" ? undefined : Math.ceil(countImages(train.images) / batchSize);
  const source = typeof train === "function" ? train : () => batchesOf(model, train, batchSize, shuffle);

  const history = emptyHistory();
  const eventLoop = new EventLoopYielder();
  let stopped = false;
  const tell = async (
    answer: (callback: Callback) => CallbackResult | Promise<CallbackResult>,
  ): Promise<void> => {
    for (const callback of callbacks) if ((await answer(callback)) === "stop") stopped = true;
  };

  signal?.throwIfAborted();
  for (const callback of callbacks) await callback.onTrainBegin?.(model);
  for (let epoch = 1; epoch <= epochs && !stopped; epoch++) {
    const means = new RunningMeans();
    let learningRate = optimizer.learningRate;
    let batch = 0;
    const begin = performance.now();
    for await (const samples of source(epoch)) {
      signal?.throwIfAborted();
      learningRate = optimizer.learningRate;
      const result = trainOnBatch(model, samples, training);
      means.add(countImages(samples.images), result);
      batch++;
      const { images } = means;
      const event: BatchEvent = { model, epoch, batch, batches, images, ...means.means, learningRate };
      await tell((callback) => callback.onBatchEnd?.(event));
      await eventLoop.breathe();
      if (stopped) break;
    }
    const seconds = (performance.now() - begin) / 1000;
    if (means.images === 0) {
      throw new RangeError(
        `Sequential.fit: expected the batch source to give batches, got none in epoch ${epoch}.`,
      );
    }
    expectFiniteWeights(model, epoch);
    signal?.throwIfAborted();
    const validated = validation && (await evaluateModel(model, validation, { loss, batchSize }));
    const logs: EpochLogs = {
      ...means.means,
      ...(validated && { val_loss: validated.loss, val_accuracy: validated.accuracy }),
      learningRate,
      seconds,
      imagesPerSecond: means.images / seconds,
    };
    appendEpoch(history, logs);
    const event: EpochEvent = { model, epoch, epochs, logs };
    await tell((callback) => callback.onEpochEnd?.(event));
  }
  for (const callback of callbacks) await callback.onTrainEnd?.(model);
  return history;
}

/** The data to train on and the data to validate with, both checked. */
function splitData(
  model: Sequential,
  data: Dataset | BatchSource,
  share: number,
  given: Dataset | BatchSource | undefined,
): { train: Dataset | BatchSource; validation: Dataset | BatchSource | undefined } {
  if (typeof given === "object") expectDataset("Sequential.fit (validationData)", given, model.inputShape);
  if (typeof data === "function") {
    if (share > 0) {
      throw new TypeError(
        "Sequential.fit: expected a dataset to split, got a batch source. Pass validationData.",
      );
    }
    return { train: data, validation: given };
  }
  const n = expectDataset("Sequential.fit", data, model.inputShape);
  if (share === 0) return { train: data, validation: given };
  if (given !== undefined) {
    throw new TypeError("Sequential.fit: expected validationSplit or validationData, got both.");
  }
  const kept = Math.floor(n * (1 - share));
  if (kept === 0 || kept === n) {
    throw new RangeError(
      `Sequential.fit: expected validationSplit to leave images on both sides, got ${describe(share)} of ${n} images.`,
    );
  }
  return { train: slice(data, 0, kept), validation: slice(data, kept, n) };
}

/** One epoch of batches, shuffled or in order. */
function* batchesOf(
  model: Sequential,
  data: Dataset,
  batchSize: number,
  shuffle: boolean,
): Iterable<Dataset> {
  const n = countImages(data.images);
  const order = shuffle ? model.random.permutation(n) : Uint32Array.from({ length: n }, (_, i) => i);
  const gatherer = new BatchGatherer(data, batchSize);
  for (let start = 0; start < n; start += batchSize) {
    yield gatherer.gather(order, start, Math.min(start + batchSize, n));
  }
}

/** The last update of an epoch has no loss after it that would tell. */
function expectFiniteWeights(model: Sequential, epoch: number): void {
  const broken = firstNonFinite(model.weights);
  if (broken) {
    throw new Error(
      `Sequential.fit: expected finite weights after epoch ${epoch}, got NaN or an infinity in ${broken.name}. ` +
        "Lower the learning rate, or limit the gradients with clipNorm.",
    );
  }
}
