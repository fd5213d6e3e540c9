import type { BatchEvent, Sequential } from "tinyconv";
import { sha256, testModel } from "tinyconv/mnist";
import { weightBytes } from "../../../src/formats/weight-bytes.js";
import type { Digits } from "../digits.js";
import { createModel, createOptimizer } from "./create.js";
import type { EpochReport, Settings } from "./protocol.js";

/** How many mistakes a report has, at most. */
const MISTAKES = 12;

/** Who watches a training. */
export interface TrainingEvents {
  /** After each step. */
  onBatch?(event: BatchEvent): void;
  /** Before the first step, after each one, and after each epoch: training goes on when it resolves. */
  wait?(model: Sequential): Promise<void>;
  /** After each epoch. */
  onEpoch?(report: EpochReport, model: Sequential): Promise<void>;
}

/**
 * Trains as the page does: a plain `fit`, and a test after each epoch, which changes nothing. So the same settings and
 * digits give the same weights as `fit` does anywhere, whatever was watched and whenever it paused.
 *
 * @throws what `fit` throws, for settings that do not fit too.
 */
export async function train(
  settings: Settings,
  { train, test }: Pick<Digits, "train" | "test">,
  events: TrainingEvents = {},
): Promise<Sequential> {
  const model = createModel(settings);
  const { batchSize, epochs } = settings;
  await model.fit(train, {
    batchSize,
    epochs,
    optimizer: createOptimizer(settings),
    callbacks: [
      {
        onBatchEnd: (event) => events.onBatch?.(event),
        // the time that passes in here does not count as training
        onCheckpoint: () => events.wait?.(model),
        onEpochEnd: async ({ epoch, logs: { loss, accuracy } }) => {
          const tested = await testModel(model, test);
          const report: EpochReport = {
            epoch,
            loss,
            accuracy,
            testLoss: tested.loss,
            testAccuracy: tested.accuracy,
            confusion: tested.confusion.counts,
            mistakes: tested.mistakes.slice(0, MISTAKES).map(({ index, label, predicted, probability }) => ({
              index,
              wanted: label,
              got: predicted,
              probability,
            })),
          };
          await events.onEpoch?.(report, model);
        },
      },
    ],
  });
  return model;
}

/** SHA-256 of all weights: two models with the same one have the same weights, bit for bit. */
export async function checksumOf(model: Sequential): Promise<string> {
  return sha256(weightBytes(model));
}
