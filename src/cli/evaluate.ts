import { Command } from "commander";
import { type TestResult, testModel } from "../model/test-model.js";
import { countOf, formatPercent } from "../node/numbers.js";
import type { Backend } from "../tensor/simd/backend.js";
import { countAnswers, formatAccuracy, formatShortfall } from "./answers.js";
import { useBackend } from "./backend.js";
import {
  backendOption,
  EXIT_CODES,
  examples,
  jsonOption,
  noMoreArguments,
  threadsOption,
} from "./common-options.js";
import { readTestImages } from "./data.js";
import { readDigitModel } from "./digit-model.js";
import { ExitCode, Failure, readInput } from "./failure.js";
import { folder, path, share } from "./option-values.js";
import type { Surroundings } from "./surroundings.js";
import { formatAnswers } from "./training-text.js";

interface EvaluateOptions {
  readonly data?: string;
  readonly threads?: number;
  readonly backend?: Backend;
  readonly minAccuracy?: number;
  readonly json?: boolean;
}

/** The command `tinyconv evaluate RUN`: how well a trained model does, on the images of its run or on others. */
export function evaluateCommand(surroundings: Surroundings): Command {
  return new Command("evaluate")
    .summary("test a trained network again, on any images")
    .description("Tests the network of a run on the test images of that run, or on others.")
    .argument("<run>", "the folder that train has written", folder("<run>"))
    .option(
      "--data <path>",
      "folder of IDX files, of which the test images are taken, or a train.csv, all of it (default: as in the run)",
      path("--data"),
    )
    .addOption(threadsOption())
    .addOption(backendOption())
    .option(
      "--min-accuracy <x>",
      "exit with 1 if fewer images are right: 0.975 or 97.5%",
      share("--min-accuracy"),
    )
    .addOption(jsonOption())
    .allowExcessArguments()
    .addHelpText(
      "after",
      `\n${examples([
        ["tinyconv evaluate runs/latest"],
        ["tinyconv evaluate runs/latest --data train.csv"],
        ["tinyconv evaluate runs/latest --data fashion/ --json"],
      ])}\n${EXIT_CODES}`,
    )
    .action(async (run: string, options: EvaluateOptions, { args: [, extra] }: Command) => {
      noMoreArguments(extra, "one run");
      await evaluate(run, options, surroundings);
    });
}

async function evaluate(
  run: string,
  options: EvaluateOptions,
  { stdout, stderr, signal }: Surroundings,
): Promise<void> {
  const { threads, minAccuracy = 0, json } = options;
  const { model, data, where } = await readInput(async () => {
    useBackend(options);
    const model = await readDigitModel(run);
    return { model, ...(await readTestImages(run, options.data, signal)) };
  }, signal);
  (json ? stderr : stdout).write(`Testing ${run} on ${countOf(data.labels.length, "image")} from ${where}\n`);
  const result = await testModel(model, data, { threads, signal });
  const words = `\n${formatAnswers(result, data.images)}\n\n${formatClasses(result)}\n\n${formatOutcome(result)}\n`;
  (json ? stderr : stdout).write(words);
  if (json) stdout.write(`${JSON.stringify(plainResult(result), null, 2)}\n`);
  const shortfall = formatShortfall(countAnswers([result]), minAccuracy, "a test accuracy");
  if (shortfall) throw new Failure(shortfall, ExitCode.failed);
}

/**
 * How each class does:
 *
 * ```
 * class  images  precision   recall      F1
 *     0     980     99.90%   99.59%  99.74%
 * ```
 */
export function formatClasses(result: TestResult): string {
  const rows = classesOf(result).map(({ label, images, precision, recall, f1 }) =>
    [
      String(label).padStart(5),
      String(images).padStart(6),
      formatShare(precision).padStart(9),
      formatShare(recall).padStart(7),
      formatShare(f1).padStart(7),
    ].join("  "),
  );
  return ["class  images  precision   recall       F1", ...rows].join("\n");
}

/** For each class: its images, and how many of the predictions and of the images are right. */
function classesOf({ confusion: { support, precision, recall, f1 } }: TestResult) {
  return support.map((images, label) => ({
    label,
    images,
    precision: precision[label]!,
    recall: recall[label]!,
    f1: f1[label]!,
  }));
}

function formatShare(value: number): string {
  return Number.isNaN(value) ? "-" : formatPercent(value);
}

/** `Accuracy 98.12%: 188 of 10,000 images wrong. Loss 0.0587. Calibration error 0.0041.` */
function formatOutcome(result: TestResult): string {
  const { loss, calibrationError } = result;
  const accuracy = formatAccuracy(countAnswers([result]));
  return `Accuracy ${accuracy}. Loss ${loss.toFixed(4)}. Calibration error ${calibrationError.toFixed(4)}.`;
}

/** The result as JSON: a share of nothing is null there. */
function plainResult(result: TestResult) {
  const { images, accuracy, loss, calibrationError, confusion, mistakes } = result;
  return {
    images,
    accuracy,
    loss,
    calibrationError,
    confusion: confusion.counts,
    classes: classesOf(result),
    mistakes,
  };
}
