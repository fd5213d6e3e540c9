import { Command } from "commander";
import { predictInTurns } from "../mnist/predict-in-turns.js";
import { readTestCsv } from "../node/digit-csv.js";
import { countOf, formatCount, formatPercent } from "../node/numbers.js";
import { readAnswers, writeSubmission } from "../node/submission.js";
import { argmax } from "../tensor/argmax.js";
import type { Backend } from "../tensor/simd/backend.js";
import { useBackend } from "./backend.js";
import { addComputeOptions, addJsonOption, EXIT_CODES, examples, noMoreArguments } from "./common-options.js";
import { readDigitModel } from "./digit-model.js";
import { ExitCode, Failure, readInput, UsageError } from "./failure.js";
import { path, share } from "./option-values.js";
import type { Surroundings } from "./surroundings.js";

interface SubmitOptions {
  readonly out: string;
  readonly answers?: string;
  readonly minAccuracy?: number;
  readonly threads?: number;
  readonly backend?: Backend;
  readonly json?: boolean;
}

/** The command `tinyconv submit RUN test.csv`: the digit of highest probability for each image, as Kaggle takes it. */
export function submitCommand(surroundings: Surroundings): Command {
  const command = new Command("submit")
    .summary("predict the digits of a test.csv, as Kaggle takes them")
    .description(
      "Writes the most probable digit of each image of a test.csv: ImageId,Label, with ids from 1.",
    )
    .argument("<run>", "the folder that train has written")
    .argument("<test.csv>", "images without labels: pixel0 to pixel783")
    .option("--out <file>", "where to write the submission", path("--out"), "submission.csv")
    .option(
      "--answers <file>",
      "the right digits, as export-csv writes them, to count with",
      path("--answers"),
    );
  return addJsonOption(
    addComputeOptions(command).option(
      "--min-accuracy <x>",
      "with --answers: exit with 1 if fewer are right: 0.975 or 97.5%",
      share("--min-accuracy"),
    ),
  )
    .allowExcessArguments()
    .addHelpText(
      "after",
      `\n${examples([
        ["tinyconv submit runs/latest test.csv"],
        ["tinyconv submit runs/latest test.csv --answers answers.csv"],
      ])}\n${EXIT_CODES}`,
    )
    .action(async (run: string, table: string, options: SubmitOptions, { args: [, , extra] }: Command) => {
      noMoreArguments(extra, "one run and one test.csv");
      if (options.minAccuracy !== undefined && options.answers === undefined) {
        throw new UsageError("--min-accuracy: expected --answers to count with, got none.");
      }
      await submit(run, table, options, surroundings);
    });
}

async function submit(
  run: string,
  table: string,
  { out, minAccuracy = 0, json, ...options }: SubmitOptions,
  { stdout, stderr, signal }: Surroundings,
): Promise<void> {
  const { model, images, answers } = await readInput(async () => {
    useBackend(options);
    const model = await readDigitModel(run);
    const images = await readTestCsv(table, { signal });
    const answers =
      options.answers === undefined ? undefined : await readAnswers(options.answers, { signal });
    if (answers && answers.length !== images.shape[0]) {
      throw new Error(
        `${options.answers}: expected ${images.shape[0]} answers, as many as ${table} has images, got ${answers.length}.`,
      );
    }
    return { model, images, answers };
  }, signal);
  const { threads } = options;
  const digits = argmax(await predictInTurns(model, images, { threads, signal }));
  await writeSubmission(out, digits);

  const say = (line: string): void => void (json ? stderr : stdout).write(`${line}\n`);
  say(`Wrote ${out}: the digits of ${countOf(digits.length, "image")} of ${table}.`);
  const right = answers?.reduce((sum, answer, i) => sum + (digits[i] === answer ? 1 : 0), 0);
  const accuracy = right === undefined ? undefined : right / digits.length;
  if (right !== undefined && accuracy !== undefined) {
    const wrong = formatCount(digits.length - right);
    say(`Accuracy ${formatPercent(accuracy)}: ${wrong} of ${countOf(digits.length, "image")} wrong.`);
  }
  if (json) stdout.write(`${JSON.stringify({ file: out, images: digits.length, accuracy }, null, 2)}\n`);
  if (accuracy !== undefined && accuracy < minAccuracy) {
    throw new Failure(
      `expected an accuracy of at least ${formatPercent(minAccuracy)}, got ${formatPercent(accuracy)}.`,
      ExitCode.failed,
    );
  }
}
