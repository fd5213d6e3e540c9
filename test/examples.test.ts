import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTrainingData } from "../src/cli/data.js";
import { trainAndTest } from "../src/cli/run.js";
import { parseTrainArguments } from "../src/cli/train-command.js";
import { saveModel } from "../src/formats/model-file.js";
import type { IdxDataset } from "../src/mnist/idx-dataset.js";
import { exportKaggleCsv } from "../src/node/export-csv.js";
import { readMnistFolder } from "../src/node/mnist-folder.js";
import { findMnistData } from "../src/node/mnist-package.js";

const run = promisify(execFile);

/** Runs an example as its own comment says, and returns what it printed. */
async function runExample(name: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, ["--import", "tsx", `examples/${name}.ts`, ...args]);
  expect(stderr).toBe("");
  return stdout;
}

describe("the examples", () => {
  it("are all run here", () => {
    const tested = ["kaggle.ts", "mnist-cnn.ts", "own-layer.ts", "resume.ts", "training-loop.ts"];
    expect(readdirSync("examples").filter((file) => file.endsWith(".ts"))).toEqual(tested);
  });

  it("mnist-cnn trains on MNIST and prints the summary, the accuracy and the confusion matrix", async () => {
    const printed = await runExample("mnist-cnn", "600");
    expect(printed).toContain("11,274 parameters are trained, 0 are not.");
    expect(printed).toMatch(/epoch 1: loss \d\.\d{4}, val_loss \d\.\d{4}/);
    const accuracy = Number(/test accuracy (\d+\.\d\d) %/.exec(printed)?.[1]);
    expect(accuracy).toBeGreaterThan(20); // chance is 10; six steps are not many
    expect(printed).toContain("precision  recall");
  }, 120_000);

  it("training-loop learns to tell lying from standing bars", async () => {
    const printed = await runExample("training-loop");
    expect(printed).toMatch(/^step 0: loss 0\.\d{4}$/m);
    const accuracy = Number(/accuracy on new pictures: (\d+\.\d) %/.exec(printed)?.[1]);
    expect(accuracy).toBeGreaterThan(99);
  });

  it("own-layer passes the gradient check, and survives saving and loading", async () => {
    const printed = await runExample("own-layer");
    const errors = [...printed.matchAll(/^(?:input|s) .* (\d\.\de[+-]\d+) /gm)].map((match) =>
      Number(match[1]),
    );
    expect(errors).toHaveLength(2);
    for (const error of errors) expect(error).toBeLessThan(1e-3);
    expect(printed).toContain("channel_scale_1 (ChannelScale)");
    expect(printed).toContain("the same predictions: true");
  });

  describe("with files of their own", () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "tinyconv-examples-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("kaggle reads the tables and writes a submission, and trains what the program trains", async () => {
      const { train, test } = await readMnistFolder(findMnistData());
      await exportKaggleCsv(folder, { train: first(train, 600), test: first(test, 150) });
      const printed = await runExample("kaggle", folder);

      expect(printed).toContain("[ 450, 28, 28, 1 ] [ 300, 28, 28, 1 ]");
      expect(printed).toContain("1,479,798 parameters are trained, 0 are not.");
      expect(printed).toMatch(/^epoch 4 {2}loss \d\.\d{4} {2}val_loss \d\.\d{4}$/m);
      expect(printed).toMatch(/^[1-9]\d* of 300 digits have no probability above 0\.5$/m);
      const accuracy = Number(/^test: accuracy (\d+\.\d\d) %$/m.exec(printed)?.[1]);
      expect(accuracy).toBeGreaterThan(50); // chance is 10; 24 steps are not many
      const [submitted, answers] = ["submission.csv", "answers.csv"].map((name) =>
        readFileSync(join(folder, name), "utf8").trimEnd().split("\n"),
      );
      expect(submitted![0]).toBe("ImageId,Label");
      const wrong = submitted!.filter((line, i) => line !== answers![i]).length;
      expect(accuracy).toBeCloseTo(100 * (1 - wrong / 300), 2);

      const options = "--model reference --epochs 4 --validation-split 0.2".split(" ");
      const settings = await parseTrainArguments(["--data", join(folder, "train.csv"), ...options]);
      const data = await readTrainingData(settings);
      const { signal } = new AbortController();
      const { model } = await trainAndTest(settings, { data, callbacks: [], signal });
      expect(Buffer.from(saveModel(model)).equals(readFileSync(join(folder, "model.safetensors")))).toBe(
        true,
      );
    }, 120_000);

    it("resume goes on where it was interrupted, twice, to the same weights", async () => {
      const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
      const all = await runExample("resume", whole, "Infinity", "600"); // 6 steps in each of 4 epochs
      const checksum = /^the model's SHA-256: [0-9a-f]{64}$/m.exec(all)?.[0];
      expect(checksum).toBeDefined();

      const one = await runExample("resume", parts, "8", "600");
      expect(one).toContain("epoch 1: ");
      expect(one).toContain("interrupted after step 8, which is saved; run this again to go on");
      const two = await runExample("resume", parts, "18", "600");
      expect(two).toContain(`going on from ${join(parts, "step-00000008.safetensors")}`);
      expect(two).not.toContain("epoch 1: ");
      const three = await runExample("resume", parts, "Infinity", "600");
      expect(three).toContain("epoch 4: ");
      expect(three).not.toContain("epoch 2: ");
      expect(three).toContain(checksum);
    }, 120_000);
  });
});

describe("docs/notebook.md", () => {
  const read = (path: string) => readFileSync(path, "utf8").replaceAll("\r\n", "\n");

  it("has the code of examples/kaggle.ts, piece by piece", () => {
    const blocks = [...read("docs/notebook.md").matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1]!);
    expect(blocks.length).toBeGreaterThan(7);
    const example = read("examples/kaggle.ts");
    expect(blocks.filter((block) => !example.includes(block))).toEqual([]);
  });
});

/** The first n images of a dataset. */
function first({ images, labels }: IdxDataset, n: number): IdxDataset {
  return {
    images: { data: images.data.subarray(0, n * 784), shape: [n, 28, 28, 1] },
    labels: labels.subarray(0, n),
  };
}
