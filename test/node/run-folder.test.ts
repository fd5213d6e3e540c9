import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saveModel } from "../../src/formats/model-file.js";
import {
  readRunMetrics,
  readRunModel,
  removeEarlierRun,
  removeUnfinished,
} from "../../src/node/run-folder.js";
import { unfinishedPath } from "../../src/node/unfinished-file.js";
import { bitsOf, smallNetwork } from "../helpers/models.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tinyconv-run-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A folder with such files in it, all of them empty. */
function runWith(...files: readonly string[]): string {
  const run = mkdtempSync(join(folder, "run-"));
  for (const name of ["report", "checkpoints"]) mkdirSync(join(run, name));
  for (const name of files) writeFileSync(join(run, ...name.split("/")), "");
  return run;
}

describe("the folder of a run", () => {
  const model = () => join(folder, "model.safetensors");
  const metrics = () => join(folder, "metrics.json");

  test("says what is missing, and what the folder should be", async () => {
    const remedy = "Give the folder that training wrote, as runs/latest.";
    await expect(readRunModel(folder)).rejects.toThrow(
      new Error(`Cannot read ${model()}: no such file or folder. ${remedy}`),
    );
    await expect(readRunMetrics(folder)).rejects.toThrow(
      new Error(`Cannot read ${metrics()}: no such file or folder. ${remedy}`),
    );
  });

  test("says of a training that was interrupted how to finish it", async () => {
    const interrupted = join(folder, "interrupted");
    mkdirSync(join(interrupted, "checkpoints"), { recursive: true });
    writeFileSync(join(interrupted, "checkpoints", "step-00000003.safetensors"), "");
    await expect(readRunModel(interrupted)).rejects.toThrow(
      new Error(
        `Cannot read ${join(interrupted, "model.safetensors")}: no such file or folder. The training was interrupted. Finish it first, with train --resume ${interrupted}.`,
      ),
    );
  });

  test("gives the model, or says which file is damaged", async () => {
    const saved = smallNetwork(1);
    writeFileSync(model(), saveModel(saved));
    expect(bitsOf(await readRunModel(folder))).toEqual(bitsOf(saved));
    writeFileSync(model(), "half");
    await expect(readRunModel(folder)).rejects.toThrow(
      new Error(`${model()}: decodeSafetensors: expected at least 8 bytes, got 4. The file is truncated.`),
    );
  });

  test("names the file whose metrics are none", async () => {
    writeFileSync(metrics(), "[]");
    await expect(readRunMetrics(folder)).rejects.toThrow(
      new Error(
        `${metrics()}: expected the metrics to be an object, got []. Train again to have it written anew.`,
      ),
    );
  });
});

describe("removeEarlierRun", () => {
  const filesOf = (run: string) =>
    readdirSync(run, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .sort();

  test("removes checkpoints, report and pictures, and their folders", async () => {
    const run = runWith(
      ...["model.safetensors", "metrics.json", "report.html", "report/loss.svg", "report/filters.png"],
      ...["checkpoints/step-00000010.safetensors", "checkpoints/best.safetensors"],
    );
    expect(await removeEarlierRun(run)).toBe(true);
    expect(readdirSync(run).sort()).toEqual(["metrics.json", "model.safetensors"]);
  });

  test("leaves what training has not written, and the folders it lies in", async () => {
    const mine = ["checkpoints/mine.safetensors", "mine.html", "report/mine.svg"];
    const run = runWith(...mine, "checkpoints/step-00000010.safetensors", "report/digits.png");
    expect(await removeEarlierRun(run)).toBe(true);
    expect(filesOf(run)).toEqual(["mine.html", "mine.safetensors", "mine.svg"]);
  });

  test("says that there were no checkpoints, where there were none", async () => {
    expect(await removeEarlierRun(runWith("report.html", "checkpoints/mine.safetensors"))).toBe(false);
    expect(await removeEarlierRun(join(folder, "nowhere"))).toBe(false);
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
  });

  test("leaves files and folders in the places of each other", async () => {
    const run = mkdtempSync(join(folder, "odd-"));
    for (const name of ["report", "checkpoints"]) writeFileSync(join(run, name), "");
    mkdirSync(join(run, "report.html"));
    expect(await removeEarlierRun(run)).toBe(false);
    expect(readdirSync(run).sort()).toEqual(["checkpoints", "report", "report.html"]);
  });
});

describe("removeUnfinished", () => {
  test("removes what a training that was killed had begun to write, and nothing else", async () => {
    const own = [
      "model.safetensors",
      "metrics.json",
      "report.html",
      "trial",
      "report/loss.svg",
      "report/trial",
    ];
    const run = runWith(...[...own, "checkpoints/trial"].map(unfinishedPath));
    const others = ["mine.json", "report/mine.svg", "metrics.json", "a.tmp"].map((name, i) =>
      i < 2 ? unfinishedPath(name) : name,
    );
    for (const name of others) writeFileSync(join(run, name), "");
    mkdirSync(join(run, unfinishedPath("model.safetensors"))); // a folder is nobody's unfinished file
    await removeUnfinished(run);
    expect(readdirSync(run).length).toBe(3 + 1 + 2); // three of the others, the folder, report and checkpoints
    expect(readdirSync(join(run, "report")).length).toBe(1);
    expect(readdirSync(join(run, "checkpoints"))).toEqual([]);
    await removeUnfinished(join(folder, "nowhere"));
  });
});
