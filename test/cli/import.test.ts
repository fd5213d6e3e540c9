import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadModel, saveModel } from "../../src/formats/model-file.js";
import { exportOnnx } from "../../src/formats/onnx/export-onnx.js";
import { Dense } from "../../src/layers/dense.js";
import { Flatten } from "../../src/layers/flatten.js";
import { ReLU } from "../../src/layers/relu.js";
import { createNetwork } from "../../src/mnist/networks.js";
import { Sequential } from "../../src/model/sequential.js";
import { bitsOf, smallNetwork } from "../helpers/models.js";
import { runProgram, writeBands } from "../helpers/program.js";

let cwd: string;

const run = (...args: string[]) => runProgram(args, { cwd });
const read = (...path: string[]) => readFileSync(join(cwd, ...path));
const model = createNetwork("lenet", { seed: 3 });

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "tinyconv-import-"));
  writeBands(join(cwd, "bands"));
  writeFileSync(join(cwd, "digits.onnx"), exportOnnx(model));
  writeFileSync(join(cwd, "small.onnx"), exportOnnx(smallNetwork(1)));
  await run("export-csv", "data", "--data", "bands");
  await run("import", "digits.onnx", "--out", "imported");
});

afterAll(() => rmSync(cwd, { recursive: true }));

describe("tinyconv import", () => {
  test("makes a run of an ONNX file, and says what it can be used for", async () => {
    const { exitCode, stdout, stderr } = await run("import", "digits.onnx", "--out", join("a", "b"));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const imported = loadModel(read("a", "b", "model.safetensors"));
    expect(bitsOf(imported)).toEqual(bitsOf(model));
    const run_ = join("a", "b");
    expect(stdout).toBe(
      `${imported.summary()}\n\nWrote ${join(run_, "model.safetensors")}.\nUse it with:\n` +
        `  tinyconv predict ${run_} photo.png\n` +
        `  tinyconv evaluate ${run_} --data <folder or train.csv>\n` +
        `  tinyconv submit ${run_} test.csv\n`,
    );
    expect(readdirSync(join(cwd, "a", "b"))).toEqual(["model.safetensors"]);
  });

  test("--json tells the same to programs", async () => {
    const { stdout } = await run("import", "small.onnx", "--out", "json", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      file: join("json", "model.safetensors"),
      inputShape: [6, 6, 1],
      outputShape: [3],
      layers: [{ type: "Conv2D", name: "conv2d_1" }, {}, {}, {}, {}, {}],
    });
  });

  test("takes any model, and says of which use it is", async () => {
    const { exitCode, stdout } = await run("import", "small.onnx", "--out", "small");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /\nThe model goes from \[6, 6, 1\] to \[3\]: evaluate, predict, submit and report need \[28, 28, 1\] to \[10\]\. In code, take it by readRunModel of tinyconv\/node\.\n$/,
    );
    expect(await run("evaluate", "small", "--data", "bands")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "tinyconv: small: expected a model from [28, 28, 1] to [10], got one from [6, 6, 1] to [3].\n",
    });
  });

  test("says so of a model for digits that does not scale its input", async () => {
    const plain = new Sequential({ inputShape: [28, 28, 1] }, [new Flatten(), new Dense({ units: 10 })]);
    writeFileSync(join(cwd, "plain.onnx"), exportOnnx(plain));
    expect((await run("import", "plain.onnx", "--out", "plain")).stdout).toMatch(
      /\nThese hand it raw pixels from 0 to 255, which it does not scale to small numbers itself\. If it was trained on pixels divided by 255, put that into the model and export it again\.\n$/,
    );
  });

  test("--layout says how images lie in a file that does not", async () => {
    const open = new Sequential({ inputShape: [2, 3, 4] }, [new ReLU()]);
    const options = { inputLayout: "NCHW", activation: "none" } as const;
    writeFileSync(join(cwd, "open.onnx"), exportOnnx(open, options));
    const shape = async (layout: string) => {
      const { stdout } = await run("import", "open.onnx", "--layout", layout, "--out", layout, "--json");
      return JSON.parse(stdout).inputShape;
    };
    expect(await shape("nchw")).toEqual([2, 3, 4]);
    expect(await shape("nhwc")).toEqual([4, 2, 3]);
  });

  test.each(["model.safetensors", "metrics.json", "checkpoints", "report.html"])(
    "does not touch a folder with %s",
    async (name) => {
      const folder = join(cwd, "taken", name.replace(/\W/g, ""));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, name), "mine");
      const out = join("taken", name.replace(/\W/g, ""));
      expect(await run("import", "digits.onnx", "--out", out)).toEqual({
        exitCode: 2,
        stdout: "",
        stderr: `tinyconv: ${out}: expected a folder without a run, got one with ${name}. Choose another folder with --out.\n`,
      });
      expect(readdirSync(folder)).toEqual([name]);
      expect(readFileSync(join(folder, name), "utf8")).toBe("mine");
    },
  );

  test("refuses what is no ONNX file, before any folder is made", async () => {
    writeFileSync(join(cwd, "model.safetensors"), saveModel(model));
    expect(await run("import", "model.safetensors", "--out", "never")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "tinyconv: model.safetensors: expected an ONNX file, got a safetensors file. Look at it with inspect; a model of tinyconv can be used as it is.\n",
    });
    writeFileSync(join(cwd, "cut.onnx"), exportOnnx(model).subarray(0, -1));
    expect(await run("import", "cut.onnx", "--out", "never")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "tinyconv: cut.onnx: importOnnx: expected a protocol buffer, got bytes that are none. The file is truncated, damaged or of another kind.\n",
    });
    expect(await run("import", "gone.onnx", "--out", "never")).toMatchObject({
      exitCode: 2,
      stderr: "tinyconv: Cannot read gone.onnx: no such file or folder.\n",
    });
    expect(existsSync(join(cwd, "never"))).toBe(false);
  });

  test("needs --out, and a folder that can be written", async () => {
    const hint = 'Run "tinyconv import --help" for the options.';
    const failure = (stderr: string) => ({ exitCode: 2, stdout: "", stderr: `tinyconv: ${stderr}\n` });
    expect(await run("import", "digits.onnx")).toEqual(
      failure(`required option '--out <dir>' not specified. ${hint}`),
    );
    expect(await run("import", "digits.onnx", "--out", "digits.onnx")).toEqual(
      failure("Cannot write digits.onnx: it is a file, not a folder. Choose another folder with --out."),
    );
  });

  test("lets no name in the file write to the terminal as it likes", async () => {
    const bytes = exportOnnx(new Sequential({ inputShape: [2] }, [new ReLU({ name: "\u202ea" })]));
    writeFileSync(join(cwd, "escape.onnx"), bytes);
    const { stdout } = await run("import", "escape.onnx", "--out", "escape");
    expect(stdout).toMatch(/^\\u202ea \(ReLU\)/m);
    expect(stdout.replaceAll("\n", "")).toMatch(/^[^\p{Cc}\p{Bidi_Control}]*$/u);
    // the name is in the message, by which one file is refused
    const broken = Buffer.from(Buffer.from(bytes).toString("latin1").replace("Relu", "Xelu"), "latin1");
    writeFileSync(join(cwd, "broken.onnx"), broken);
    const { exitCode, stderr } = await run("import", "broken.onnx", "--out", "never");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Xelu");
    expect(stderr.trimEnd()).toMatch(/^[^\p{Cc}\p{Bidi_Control}]*$/u);
  });
});

describe("a run that was imported", () => {
  test("is evaluated on images that are given, and asks for them", async () => {
    const { exitCode, stdout } = await run("evaluate", "imported", "--data", "bands", "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).images).toBe(20);
    expect(await run("evaluate", "imported")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "tinyconv: imported: expected metrics.json, as train writes it, got a folder without. Give the images to test with, by --data.\n",
    });
  });

  test("has no report", async () => {
    expect(await run("report", "imported", "--data", "bands")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "tinyconv: imported: expected metrics.json, as train writes it, got a folder without. A report is of a training; evaluate tests any model, with --data.\n",
    });
    expect(readdirSync(join(cwd, "imported"))).toEqual(["model.safetensors"]);
  });

  test("predicts and submits what the model did before it travelled", async () => {
    mkdirSync(join(cwd, "before"));
    writeFileSync(join(cwd, "before", "model.safetensors"), saveModel(model));
    const picture = { create: { width: 40, height: 40, channels: 3 as const, background: "#fff" } };
    const ink = { create: { width: 6, height: 24, channels: 3 as const, background: "#000" } };
    const stroke = await sharp(ink).png().toBuffer();
    await sharp(picture)
      .composite([{ input: stroke }])
      .png()
      .toFile(join(cwd, "one.png"));
    const [before, after] = [
      await run("predict", "before", "one.png"),
      await run("predict", "imported", "one.png"),
    ];
    expect(after).toEqual(before);
    expect(after.exitCode).toBe(0);
    const submit = async (name: string) => {
      const ran = await run("submit", name, join("data", "test.csv"), "--out", `${name}.csv`);
      expect(ran.exitCode).toBe(0);
      return read(`${name}.csv`);
    };
    expect(await submit("imported")).toEqual(await submit("before"));
  });
});
