import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saveModel } from "../../src/formats/model-file.js";
import { readRunMetrics, readRunModel } from "../../src/node/run-folder.js";
import { bitsOf, smallNetwork } from "../helpers/models.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tinyconv-run-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

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
      new Error(`${metrics()}: expected the metrics to be an object, got [].`),
    );
  });
});
