import { Command } from "commander";
import { predictLogits } from "../model/predict-logits.js";
import { readTestCsv } from "../node/digit-csv.js";
import { countOf } from "../node/numbers.js";
import { readAnswers, writeSubmission } from "../node/submission.js";
import { argmax } from "../tensor/argmax.js";
import type { Backend } from "../tensor/simd/backend.js";
import { type Answers, formatAccuracy, formatShortfall } from "./answers.js";
import { useBackend } from "./backend.js";
import {
  backendOption,
  EXIT_CODES,
  examples,
  jsonOption,
  noMoreArguments,
  threadsOption,
} from "./common-options.js";
import { readDigitModel } from "./digit-model.js";
import { ExitCode, Failure, readInput, UsageError } from "./failure.js";
import { file, folder, path, share } from "./option-values.js";
import { prepareOutputFile, runFiles } from "./output-file.js";
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
  return new Command("submit")
    .summary("predict the digits of a test.csv, as Kaggle takes them")
    .description(
      "Writes the most probable digit of each image of a test.csv: ImageId,Label, with ids from 1.",
    )
    .argument("<run>", "the folder that train has written", folder("<run>"))
    .argument("<test.csv>", "images without labels: pixel0 to pixel783", file("<test.csv>"))
    .option("--out <file>", "where to write the submission", path("--out"), "submission.csv")
    .option(
      "--answers <file>",
      "the right digits, as export-csv writes them, to count with",
      path("--answers"),
    )
    .addOption(threadsOption())
    .addOption(backendOption())
    .option(
      "--min-accuracy <x>",
      "with --answers: exit with 1 if fewer are right: 0.975 or 97.5%",
      share("--min-accuracy"),
    )
    .addOption(jsonOption())
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
    await prepareOutputFile(out, [table, options.answers, ...runFiles(run)]);
    return { model, images, answers };
  }, signal);
  const { threads } = options;
  const digits = argmax(await predictLogits(model, images, { threads, signal }));
  await writeSubmission(out, digits);

  const say = (line: string): void => void (json ? stderr : stdout).write(`${line}\n`);
  say(`Wrote ${out}: the digits of ${countOf(digits.length, "image")} of ${table}.`);
  const counted = answers && countRight(digits, answers);
  if (counted) say(`Accuracy ${formatAccuracy(counted)}.`);
  if (json) {
    const accuracy = counted && counted.right / counted.images;
    stdout.write(`${JSON.stringify({ file: out, images: digits.length, accuracy }, null, 2)}\n`);
  }
  const shortfall = counted && formatShortfall(counted, minAccuracy, "an accuracy");
  if (shortfall) throw new Failure(shortfall, ExitCode.failed);
}

function countRight(digits: ArrayLike<number>, answers: Uint8Array): Answers {
  const right = answers.reduce((sum, answer, i) => sum + (digits[i] === answer ? 1 : 0), 0);
  return { right, images: answers.length };
}
