import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCheckpoint } from "../../src/formats/checkpoint.js";
import { loadModel, saveModel } from "../../src/formats/model-file.js";
import { exportOnnx } from "../../src/formats/onnx/export-onnx.js";
import { createNetwork } from "../../src/mnist/networks.js";
import { checkpointFiles } from "../helpers/files.js";
import { smallNetwork } from "../helpers/models.js";
import { runProgram } from "../helpers/program.js";

let cwd: string;

const run = (...args: string[]) => runProgram(args, { cwd });
const read = (...path: string[]) => readFileSync(join(cwd, ...path));
const model = createNetwork("lenet");

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tinyconv-export-"));
  mkdirSync(join(cwd, "run"));
  writeFileSync(join(cwd, "run", "model.safetensors"), saveModel(model));
  writeFileSync(join(cwd, "run", "metrics.json"), "{}");
});

afterAll(() => rmSync(cwd, { recursive: true }));

describe("tinyconv export", () => {
  test("writes ONNX beside the model, and says how to feed it", async () => {
    const bytes = exportOnnx(model);
    expect(await run("export", "run")).toEqual({
      exitCode: 0,
      stderr: "",
      stdout:
        `Wrote ${join("run", "model.onnx")} (${bytes.length.toLocaleString("en-US")} bytes).\n` +
        'Input "input", float32 [N, 28, 28, 1]: raw pixels from 0 to 255, which the file scales itself. N is any number of samples.\n' +
        'Output "probabilities", float32 [N, 10], which sum to 1.\n',
    });
    expect(read("run", "model.onnx")).toEqual(Buffer.from(bytes));
  });

  test("takes a model file, and makes the folder around --out", async () => {
    cpSync(join(cwd, "run", "model.safetensors"), join(cwd, "digits.safetensors"));
    expect((await run("export", "digits.safetensors")).stdout).toMatch(/^Wrote digits\.onnx /);
    expect(read("digits.onnx")).toEqual(Buffer.from(exportOnnx(model)));
    const out = join("a", "b", "net.onnx");
    expect((await run("export", "digits.safetensors", "--out", out)).exitCode).toBe(0);
    expect(read(out)).toEqual(read("digits.onnx"));
  });

  test("--layout and --activation change what goes in and comes out", async () => {
    const ran = await run("export", "run", "--layout", "nchw", "--activation", "none", "--out", "raw.onnx");
    expect(ran.stdout).toContain('Input "input", float32 [N, 1, 28, 28]: raw pixels');
    expect(ran.stdout).toMatch(/\nOutput "output", float32 \[N, 10\]\.\n$/);
    expect(read("raw.onnx")).toEqual(
      Buffer.from(exportOnnx(model, { inputLayout: "NCHW", activation: "none" })),
    );
  });

  test("--json tells the same to programs", async () => {
    const { stdout } = await run("export", "run", "--out", "json.onnx", "--json");
    expect(JSON.parse(stdout)).toEqual({
      file: "json.onnx",
      format: "onnx",
      bytes: read("json.onnx").length,
      input: { name: "input", type: "FLOAT", shape: ["N", 28, 28, 1] },
      output: { name: "probabilities", type: "FLOAT", shape: ["N", 10] },
    });
  });

  test("writes safetensors too, by the ending of --out or by --format", async () => {
    const { stdout } = await run("export", "run", "--out", "copy.safetensors");
    expect(stdout).toBe(
      `Wrote copy.safetensors (${read("copy.safetensors").length.toLocaleString("en-US")} bytes).\n` +
        "Its tensors are float32, its kernels [KH, KW, C, F] and [I, O]. Read it with loadModel, or with any reader of safetensors.\n",
    );
    expect(loadModel(read("copy.safetensors")).getWeights()).toEqual(model.getWeights());
    const json = await run("export", "run", "--format", "safetensors", "--out", "copy.bin", "--json");
    expect(JSON.parse(json.stdout)).toEqual({
      file: "copy.bin",
      format: "safetensors",
      bytes: read("copy.bin").length,
    });
  });

  test("exports the model of a checkpoint", async () => {
    const [checkpoint] = await checkpointFiles();
    writeFileSync(join(cwd, "checkpoint.safetensors"), checkpoint!);
    await run("export", "checkpoint.safetensors", "--out", "checkpoint.onnx");
    expect(read("checkpoint.onnx")).toEqual(Buffer.from(exportOnnx(loadCheckpoint(checkpoint!).model)));
  });

  test("does not write over the model of another run", async () => {
    mkdirSync(join(cwd, "other"));
    const place = join("other", "model.safetensors");
    expect((await run("export", "run", "--out", place)).exitCode).toBe(0);
    writeFileSync(join(cwd, place), "of another run");
    const { exitCode, stderr } = await run("export", "run", "--out", place);
    expect([exitCode, stderr]).toEqual([
      2,
      `tinyconv: --out: expected another file than ${place}, which would be lost.\n`,
    ]);
    expect(read("other", "model.safetensors").toString()).toBe("of another run");
  });

  test("says so of a model that does not scale its input", async () => {
    writeFileSync(join(cwd, "small.safetensors"), saveModel(smallNetwork(1)));
    expect((await run("export", "small.safetensors")).stdout).toContain(
      'Input "input", float32 [N, 6, 6, 1]: numbers such as the model was trained on, which the file does not scale. N is any',
    );
  });

  test.each([
    ["model.safetensors", ["run", "--format", "safetensors"]],
    ["model.safetensors", ["run", "--out", join("run", "model.safetensors")]],
    ["metrics.json", ["run", "--out", join("run", "..", "run", "metrics.json")]],
    ["metrics.json", [join("run", "model.safetensors"), "--out", join("run", "metrics.json")]],
  ])("does not write over %s: %j", async (name, args) => {
    const before = read("run", name);
    expect(await run("export", ...args)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `tinyconv: --out: expected another file than ${join("run", name)}, which would be lost.\n`,
    });
    expect(read("run", name)).toEqual(before);
  });

  const hint = 'Run "tinyconv export --help" for the options.';

  test.each([
    [["--format", "torch"], `--format: expected onnx or safetensors, got "torch". ${hint}`],
    [
      ["--format", "onnx", "--out", "a.safetensors"],
      `--out: expected a file ending in .onnx, as --format says, got "a.safetensors". ${hint}`,
    ],
    [
      ["--format", "safetensors", "--out", "a.ONNX"],
      `--out: expected a file ending in .safetensors, as --format says, got "a.ONNX". ${hint}`,
    ],
    [["--layout", "hwc"], `--layout: expected nhwc or nchw, got "hwc". ${hint}`],
    [["--activation", "relu"], `--activation: expected softmax or none, got "relu". ${hint}`],
    [
      ["--format", "safetensors", "--layout", "nhwc"],
      `--layout: expected --format onnx, got safetensors. ${hint}`,
    ],
    [
      ["--out", "x.safetensors", "--activation", "none"],
      `--activation: expected --format onnx, got safetensors. ${hint}`,
    ],
    [["--out", "run"], "Cannot write run: it is a folder, not a file. Choose another file with --out."],
  ])("refuses %j", async (options, message) => {
    expect(await run("export", "run", ...options)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `tinyconv: ${message}\n`,
    });
  });

  test("says which file cannot be read, or is no model", async () => {
    const message = async (path: string) => {
      const { exitCode, stderr } = await run("export", path);
      expect(exitCode).toBe(2);
      return stderr;
    };
    expect(await message("gone.safetensors")).toBe(
      "tinyconv: Cannot read gone.safetensors: no such file or folder.\n",
    );
    writeFileSync(join(cwd, "text.safetensors"), "text");
    expect(await message("text.safetensors")).toBe(
      "tinyconv: text.safetensors: expected the folder of a run, a model or a checkpoint, got another file. An ONNX file becomes a run by import.\n",
    );
  });
});
