import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { createProgram } from "../../src/cli/command-line.js";
import { explain } from "../../src/cli/failure.js";
import type { TrainSettings } from "../../src/cli/settings.js";
import { formatTrainArguments, parseTrainArguments } from "../../src/cli/train-command.js";

/** What a command line comes to, without any training. */
async function parse(...args: string[]) {
  const calls: TrainSettings[] = [];
  let printed = "";
  const write = (text: string) => {
    printed += text;
  };
  const program = createProgram(
    async (settings) => {
      calls.push(settings);
    },
    [],
    { writeOut: write, writeErr: write, getOutHelpWidth: () => 80 },
  );
  let end = { exitCode: 0, message: "" };
  await program.parseAsync(args, { from: "user" }).catch((error: unknown) => {
    end = explain(error);
  });
  return { settings: calls[0], calls: calls.length, printed, ...end };
}

const hint = 'Run "tinyconv --help" for the options.';

describe("the command line", () => {
  test("trains compact by its recipe where nothing else is said", async () => {
    const expected: TrainSettings = {
      model: "compact",
      epochs: 5,
      batchSize: 128,
      optimizer: "adamw",
      learningRate: 0.005,
      schedule: "one-cycle",
      augment: true,
      weightAverage: true,
      seed: 1,
      repeat: 1,
      out: "runs/latest",
      report: true,
    };
    expect((await parse()).settings).toEqual(expected);
    expect((await parse("train")).settings).toEqual(expected);
  });

  test.each(["lenet", "reference"])("trains %s plainly", async (model) => {
    expect((await parse("--model", model)).settings).toEqual({
      model,
      epochs: 1,
      batchSize: 50,
      optimizer: "adam",
      learningRate: 0.003,
      schedule: "one-cycle",
      augment: false,
      weightAverage: false,
      seed: 1,
      repeat: 1,
      out: "runs/latest",
      report: true,
    });
  });

  test("takes every option, with and without the name of the command", async () => {
    const options =
      "--data d --model compact --epochs 2 --batch-size 8 --optimizer sgd --learning-rate 0.1 --seed 0 " +
      "--schedule constant --no-augment --no-weight-average --threads 2 --backend plain " +
      "--limit 50 --min-accuracy 97.5% --out o --quiet --json --no-report " +
      "--holdout 30% --validation-split 0.1 --checkpoint-every 7";
    const expected: TrainSettings = {
      data: "d",
      model: "compact",
      epochs: 2,
      batchSize: 8,
      optimizer: "sgd",
      learningRate: 0.1,
      schedule: "constant",
      augment: false,
      weightAverage: false,
      seed: 0,
      repeat: 1,
      limit: 50,
      threads: 2,
      backend: "plain",
      minAccuracy: 0.975,
      out: "o",
      report: false,
      holdout: 0.3,
      validationSplit: 0.1,
      checkpointEvery: 7,
      quiet: true,
      json: true,
    };
    expect((await parse(...options.split(" "))).settings).toEqual(expected);
    expect((await parse("train", ...options.split(" "))).settings).toEqual(expected);
  });

  test("adds to a plain network what a recipe has", async () => {
    const { settings } = await parse(
      ..."--model lenet --augment --weight-average --schedule one-cycle".split(" "),
    );
    expect(settings).toMatchObject({
      augment: true,
      weightAverage: true,
      schedule: "one-cycle",
      optimizer: "adam",
    });
  });

  test("takes --option=value", async () => {
    expect((await parse("--epochs=3")).settings?.epochs).toBe(3);
  });

  test.each([
    ["--epochs 0", '--epochs: expected a whole number >= 1, got "0".'],
    ["--epochs 1.5", '--epochs: expected a whole number >= 1, got "1.5".'],
    ["--epochs -1", '--epochs: expected a whole number >= 1, got "-1".'],
    ["--epochs NaN", '--epochs: expected a whole number >= 1, got "NaN".'],
    ["--batch-size 0", '--batch-size: expected a whole number >= 1, got "0".'],
    ["--seed -1", '--seed: expected a whole number >= 0, got "-1".'],
    ["--repeat 0", '--repeat: expected a whole number >= 1, got "0".'],
    [
      "--repeat 3 --seed 9007199254740990",
      "--repeat: expected 3 seeds from 9007199254740990 on, got one of 2^53 or more.",
    ],
    ["--backend gpu", '--backend: expected simd or plain, got "gpu".'],
    ["--threads 65", '--threads: expected a whole number from 1 to 64, got "65".'],
    ["--schedule cosine", '--schedule: expected constant or one-cycle, got "cosine".'],
    ["--limit 0", '--limit: expected a whole number >= 1, got "0".'],
    ["--learning-rate 0", '--learning-rate: expected a number > 0, got "0".'],
    [
      "--min-accuracy 97.5",
      '--min-accuracy: expected a share from 0 to 1, or a percentage such as 97.5%, got "97.5".',
    ],
    ["--model resnet", '--model: expected reference, lenet or compact, got "resnet".'],
    ["--optimizer lion", '--optimizer: expected sgd, adam or adamw, got "lion".'],
    ["--holdout 1", '--holdout: expected a share above 0 and below 1, or a percentage such as 20%, got "1".'],
    [
      "--validation-split 0%",
      '--validation-split: expected a share above 0 and below 1, or a percentage such as 20%, got "0%".',
    ],
    ["--patience 0", '--patience: expected a whole number >= 1, got "0".'],
    ["--checkpoint-every 0", '--checkpoint-every: expected a whole number >= 1, got "0".'],
    [
      "--patience 2 --weight-average",
      "--patience: expected no --weight-average beside it, which would take the place of the best weights.",
    ],
    [
      "--repeat 2 --checkpoint-every 5",
      "--checkpoint-every: expected one network, got --repeat. Train the seeds one by one.",
    ],
    [
      "--resume runs/a --batch-size 3",
      "--resume: expected the settings to stay those of runs/a, got --batch-size beside it.",
    ],
    [
      "--resume runs/a --no-augment",
      "--resume: expected the settings to stay those of runs/a, got --no-augment beside it.",
    ],
    ["--resume=", '--resume: expected a folder, got "".'],
    ["--data=", '--data: expected a file or a folder, got "".'],
    ["--out=", '--out: expected a folder, got "".'],
    ["--epochs", "option '--epochs <n>' argument missing."],
    ["--epoch 2", "unknown option '--epoch'. Did you mean --epochs?"],
    ["-x", "unknown option '-x'."],
    ["resnet", 'expected a command, or options, got "resnet".'],
    ["train twice", 'expected a command, or options, got "twice".'],
  ])("%s is a usage error", async (line, message) => {
    expect(await parse(...line.split(" "))).toEqual({
      settings: undefined,
      calls: 0,
      printed: "",
      exitCode: 2,
      message: `tinyconv: ${message} ${hint}`,
    });
  });

  test("--version prints the version of the package, and nothing else", async () => {
    for (const line of [["--version"], ["train", "--version"], ["--quiet", "--version"]]) {
      expect(await parse(...line)).toMatchObject({ calls: 0, exitCode: 0, printed: `${manifest.version}\n` });
    }
  });

  test.each(["--help", "-h", "train --help"])(
    "%s shows the options with their defaults, examples and exit codes",
    async (line) => {
      const { printed, exitCode, calls } = await parse(...line.split(" "));
      expect({ exitCode, calls }).toEqual({ exitCode: 0, calls: 0 });
      for (const option of [
        "--data <path>",
        "--holdout <x>",
        "--validation-split <x>",
        "--patience <n>",
        "--checkpoint-every <n>",
        "--resume <run>",
        "--no-report",
        "--model <name>",
        "--epochs <n>",
        "--batch-size <n>",
        "--optimizer <name>",
        "--learning-rate <x>",
        "--schedule <name>",
        "--augment",
        "--no-augment",
        "--weight-average",
        "--no-weight-average",
        "--seed <n>",
        "--repeat <n>",
        "--threads <n>",
        "--backend <name>",
        "--limit <n>",
        "--min-accuracy <x>",
        "--out <dir>",
        "--quiet",
        "--json",
        "--help",
        '"compact")',
        "  option            compact    lenet, reference\n",
        "  --epochs          5          1\n",
        "  --batch-size      128        50\n",
        "  --optimizer       adamw      adam\n",
        "  --learning-rate   0.005      0.003\n",
        "  --schedule        one-cycle  one-cycle\n",
        "  --augment         yes        no\n",
        "  --weight-average  yes        no\n",
        "Another optimizer, or a constant rate, means another learning rate:\nsgd 0.01, adam 0.001, adamw 0.001.",
        "Examples:",
        "Exit codes:",
      ]) {
        expect(printed).toContain(option);
      }
      expect(printed.split("\n").filter((text) => text.length > 80)).toEqual([]);
    },
  );

  test("--help of the program names its commands too", async () => {
    expect((await parse("--help")).printed).toContain("Commands:\n  train [options]  train a network");
  });

  test("the arguments written for a run stand for the same settings", async () => {
    for (const line of [
      "",
      "--model lenet --augment --seed 9 --repeat 2",
      "--model reference --patience 2 --learning-rate 1e-7 --optimizer sgd",
      "--data train.csv --holdout 0.3 --validation-split 0.1 --limit 7 --no-augment --no-weight-average --schedule constant",
    ]) {
      const { settings } = await parse(...line.split(" ").filter(Boolean));
      expect(await parseTrainArguments(formatTrainArguments(settings!))).toEqual(settings);
    }
  });

  test("arguments that are none of train are refused", async () => {
    await expect(parseTrainArguments(["--model", "resnet"])).rejects.toThrow('got "resnet"');
    await expect(parseTrainArguments(["--nonsense"])).rejects.toThrow("unknown option '--nonsense'");
  });
});
