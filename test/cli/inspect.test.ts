import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadModel, saveModel } from "../../src/formats/model-file.js";
import { exportOnnx } from "../../src/formats/onnx/export-onnx.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.js";
import { weightBytes } from "../../src/formats/weight-bytes.js";
import { Dense } from "../../src/layers/dense.js";
import { Sequential } from "../../src/model/sequential.js";
import { sha256 } from "../../src/node/inspect-tensors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { runProgram, writeBands } from "../helpers/program.js";

let cwd: string;

const run = (...args: string[]) => runProgram(args, { cwd });
const read = (...path: string[]) => readFileSync(join(cwd, ...path));
const write = (name: string, bytes: Uint8Array) => writeFileSync(join(cwd, name), bytes);
const hashOf = (bytes: Uint8Array) => sha256([bytes]);

/** What inspect prints of a file, having succeeded. */
async function inspect(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run("inspect", ...args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout;
}

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "tinyconv-inspect-"));
  writeBands(join(cwd, "bands"));
  const short = ["--model", "lenet", "--epochs", "2", "--no-report", "--quiet"];
  await run("train", "--data", "bands", ...short, "--out", "run");
});

afterAll(() => rmSync(cwd, { recursive: true }));

describe("tinyconv inspect", () => {
  test("tells of the model of a run, and what the run came to", async () => {
    const path = join("run", "model.safetensors");
    const bytes = read(path);
    const model = loadModel(bytes);
    const bias = model.weights[1]!.value;
    const stdout = await inspect("run");
    const { testAccuracy } = JSON.parse(read("run", "metrics.json").toString());
    expect(stdout.split("\n").slice(0, 6)).toEqual([
      `${path}: a model saved by tinyconv, format version 1`,
      `Size: ${bytes.length.toLocaleString("en-US")} bytes`,
      `SHA-256: ${hashOf(bytes)}`,
      `SHA-256 of the weights: ${hashOf(weightBytes(model))}`,
      `Run: lenet of seed 1, 2 epochs, test accuracy ${(100 * testAccuracy).toFixed(2)}%`,
      "",
    ]);
    expect(stdout).toContain(`\n\n${model.summary()}\n\ntensor `);
    const hash = hashOf(weightBytes({ weights: [{ name: "", value: bias }] })).slice(0, 12);
    expect(stdout).toMatch(new RegExp(`^conv2d_1/bias +F32 +\\[8\\] +8  ${hash}$`, "m"));
  });

  test("says so of a run that was not trained here", async () => {
    write("run.onnx", exportOnnx(loadModel(read("run", "model.safetensors"))));
    await run("import", "run.onnx", "--out", "imported");
    expect(await inspect("imported")).toContain("\nRun: not trained here: it has no metrics.json\n");
  });

  test("tells where the training of a checkpoint is", async () => {
    const path = join("run", "checkpoints", "best.safetensors");
    const stdout = await inspect(path);
    expect(stdout).toContain(`${path}: a checkpoint saved by tinyconv, format version 1\n`);
    expect(stdout).toMatch(
      /\nTraining: 2 epochs done, 2 steps by Adam, learning rate [\d.e-]+\.\nNotes: \{"arguments":/,
    );
    const { history } = JSON.parse(read("run", "metrics.json").toString());
    const accuracy = `${(100 * history.accuracy[1]).toFixed(2)}%`;
    expect(stdout).toMatch(new RegExp(`^2 +${history.loss[1].toFixed(4)} +${accuracy} +- +-$`, "m"));
    expect(stdout).toMatch(/^optimizer\/dense_1\/kernel\/v +F32 +\[784, 10\] +7,840 {2}[0-9a-f]{12}$/m);
    const { training } = JSON.parse(await inspect(path, "--json"));
    expect(training).toMatchObject({ epoch: 3, batch: 0, steps: 2, optimizer: "Adam", stopped: false });
    expect(training.history).toEqual(history);
    expect(JSON.parse(training.notes).arguments).toContain("lenet");
  });

  test("tells of an ONNX file: versions, inputs and outputs, nodes, and the model that it comes to", async () => {
    const model = loadModel(read("run", "model.safetensors"));
    write("net.onnx", exportOnnx(model));
    const stdout = await inspect("net.onnx");
    expect(stdout).toMatch(/^net\.onnx: an ONNX file\n/);
    expect(stdout).toContain(`\nSHA-256 of the weights: ${hashOf(weightBytes(model))}\n`);
    expect(stdout).toContain(
      "\nIR version 8, operator sets: ai.onnx 17, written by tinyconv\n" +
        "Input: input, FLOAT [N, 28, 28, 1]\nOutput: probabilities, FLOAT [N, 10]\n",
    );
    expect(stdout).toMatch(/^dense_1 \(Dense\) +\[10\] +7,850 +7,840$/m);
    expect(stdout).toContain("\n11 nodes:\n  Transpose  input/transpose  perm=[0, 3, 1, 2]\n");
    expect(stdout).toMatch(/^ {2}Conv +conv2d_1 {2}kernel_shape=\[5, 5\], .*group=1$/m);
    expect(stdout).toMatch(/^conv2d_1\/kernel +FLOAT +\[8, 1, 5, 5\] +200 {2}[0-9a-f]{12}$/m);
  });

  test("says in one line why an ONNX file cannot be imported, and exits with 0", async () => {
    const bytes = Buffer.from(exportOnnx(loadModel(read("run", "model.safetensors"))));
    const strange = Buffer.from(bytes.toString("latin1").replace("Relu", "Xelu"), "latin1");
    write("strange.onnx", strange);
    const stdout = await inspect("strange.onnx");
    expect(stdout).toMatch(
      /\n\nNo model of tinyconv can be made of it: importOnnx \(node "relu_1", Xelu\): expected .*\n\n11 nodes:/,
    );
    expect(stdout).not.toContain("SHA-256 of the weights");
  });

  test("tells of tensors of any type in a safetensors file of others", async () => {
    const header = '{"w":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]}}';
    const file = Buffer.concat([Buffer.alloc(8), Buffer.from(header), Buffer.from([1, 2, 3, 4])]);
    file.writeBigUInt64LE(BigInt(header.length));
    write("half.safetensors", file);
    const hash = hashOf(Uint8Array.of(1, 2, 3, 4));
    expect(await inspect("half.safetensors")).toBe(
      [
        "half.safetensors: a safetensors file",
        `Size: ${file.length} bytes`,
        `SHA-256: ${hashOf(file)}`,
        `SHA-256 of the weights: ${hash}`,
        "",
        "tensor  type   shape  elements       SHA-256",
        "------  ----  ------  --------  ------------",
        `w        F16  [2, 1]         2  ${hash.slice(0, 12)}`,
        "",
      ].join("\n"),
    );
  });

  test("points out weights that are NaN or infinite", async () => {
    const model = new Sequential({ inputShape: [2] }, [new Dense({ units: 2 })]);
    model.setWeights([
      Tensor.from([
        [1, Number.NaN],
        [Infinity, 2],
      ]),
      Tensor.from([0, 0]),
    ]);
    write("nan.safetensors", saveModel(model));
    const stdout = await inspect("nan.safetensors");
    expect(stdout).toContain("\nNaN or infinite: 2 of the 4 numbers of dense_1/kernel.\n");
    expect(stdout).toMatch(
      /^No model of tinyconv can be made of it: loadModel: expected finite weights, got NaN in "dense_1\/kernel"\. /m,
    );
    const { tensors, problem } = JSON.parse(await inspect("nan.safetensors", "--json"));
    expect(tensors).toMatchObject([{ notFinite: 2 }, { notFinite: 0 }]);
    expect(problem).toMatch(/^loadModel: /);
  });

  test("--json tells all to programs", async () => {
    const bytes = read("run", "model.safetensors");
    const model = loadModel(bytes);
    const told = JSON.parse(await inspect("run", "--json"));
    expect(told).toMatchObject({
      file: join("run", "model.safetensors"),
      kind: "model",
      version: "1",
      bytes: bytes.length,
      sha256: hashOf(bytes),
      weightsSha256: hashOf(weightBytes(model)),
      model: { inputShape: [28, 28, 1], outputShape: [10], parameters: 11274 },
      run: { model: "lenet", seed: 1 },
    });
    expect(told.model.layers[1]).toMatchObject({ type: "Conv2D", name: "conv2d_1", filters: 8 });
    expect(told.tensors[1]).toMatchObject({ name: "conv2d_1/bias", type: "F32", shape: [8], elements: 8 });
    expect(told.tensors[1].sha256).toMatch(/^[0-9a-f]{64}$/);
    write("json.onnx", exportOnnx(model));
    const { kind, onnx } = JSON.parse(await inspect("json.onnx", "--json"));
    expect(kind).toBe("onnx");
    expect(onnx).toMatchObject({ irVersion: 8, producer: "tinyconv", inputs: [{ name: "input" }] });
    expect(onnx.nodes).toHaveLength(11);
  });

  test("knows a file by its content, not by its name", async () => {
    cpSync(join(cwd, "run", "model.safetensors"), join(cwd, "renamed.onnx"));
    expect(await inspect("renamed.onnx")).toMatch(/^renamed\.onnx: a model saved by tinyconv, /);
  });

  test("lets no name in a file write to the terminal as it likes", async () => {
    const evil = "\u001b]0;title\u0007\u009b2J\u202e\nRun: mine";
    const shown = "\\u001b]0;title\\u0007\\u009b2J\\u202e\\u000aRun: mine";
    write("evil.safetensors", encodeSafetensors(new Map([[evil, new Tensor([1])]]), { format: "pt" }));
    const stdout = await inspect("evil.safetensors");
    expect(stdout).toMatch(/^\\u001b\]0;title/m);
    expect(stdout).toContain(shown);
    // in the reasons and in layers' names too
    const model = new Sequential({ inputShape: [2] }, [new Dense({ units: 2, name: "\u202e2J" })]);
    write("layer.safetensors", saveModel(model));
    const { tensors, metadata } = decodeSafetensors(saveModel(model));
    tensors.set(evil, new Tensor([1]));
    write("more.safetensors", encodeSafetensors(tensors, metadata));
    const others = [await inspect("layer.safetensors"), await inspect("more.safetensors")];
    expect(others[0]).toMatch(/^\\u202e2J \(Dense\)/m);
    const json = await inspect("evil.safetensors", "--json");
    expect(JSON.parse(json).tensors[0].name).toBe(evil);
    for (const text of [stdout, ...others, json]) {
      expect(text.replaceAll("\n", "")).toMatch(/^[^\p{Cc}\p{Bidi_Control}]*$/u);
      expect(text).not.toMatch(/^Run: mine/m);
    }
  });

  test("exits with 2 for what is none of these, or is not there", async () => {
    const failure = (message: string) => ({ exitCode: 2, stdout: "", stderr: `tinyconv: ${message}\n` });
    write("text.onnx", new TextEncoder().encode("hello"));
    expect(await run("inspect", "text.onnx")).toEqual(
      failure(
        "text.onnx: expected a safetensors or an ONNX file, got the bytes 68 65 6c 6c. It is cut short, or of another kind.",
      ),
    );
    expect(await run("inspect", "gone")).toEqual(failure("Cannot read gone: no such file or folder."));
    expect(await run("inspect", "bands")).toEqual(
      failure(
        `Cannot read ${join("bands", "model.safetensors")}: no such file or folder. Give the folder of a run that was finished, or one of the files in it.`,
      ),
    );
  });
});
