import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saveCheckpoint } from "../../src/formats/checkpoint.js";
import { Checkpoints } from "../../src/node/checkpoints.js";
import { runProgram, writeBands } from "../helpers/program.js";

let cwd: string;
let stopped: Awaited<ReturnType<typeof runProgram>>;

const settings = "--data bands --model lenet --epochs 3 --batch-size 4 --no-report".split(" ");
const run = (...args: string[]) => runProgram(args, { cwd });
const model = (out: string) => readFileSync(join(cwd, out, "model.safetensors"));

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "tinyconv-resume-"));
  writeBands(join(cwd, "bands"));
  await run(...settings, "--out", "whole");
  // Ctrl-C after the first epoch of many
  stopped = await runProgram([...settings, "--epochs", "100000", "--out", "endless"], {
    cwd,
    onOutput: (child, text) => {
      if (text.includes("Epoch")) child.kill("SIGINT");
    },
  });
});

afterAll(() => rmSync(cwd, { recursive: true }));

/** A copy of a run, in which the last checkpoint has other notes. */
async function withNotes(notes: string): Promise<string> {
  cpSync(join(cwd, "whole"), join(cwd, "changed"), { recursive: true });
  const { path, model, state } = (await Checkpoints.resume(join(cwd, "changed", "checkpoints")))!;
  writeFileSync(path, saveCheckpoint(model, state, notes));
  return path;
}

// Windows has no signals
describe.skipIf(process.platform === "win32")("Ctrl-C", () => {
  test("saves the step that is done, says how to go on, and exits with 130", () => {
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toMatch(
      /^tinyconv: interrupted after step \d+, which is saved\. Go on with: tinyconv train --resume endless\n$/,
    );
    const step = /step (\d+)/.exec(stopped.stderr)![1]!;
    const names = readdirSync(join(cwd, "endless", "checkpoints"));
    expect(names).toContain(`step-${step.padStart(8, "0")}.safetensors`);
    expect(readdirSync(join(cwd, "endless"))).toEqual(["checkpoints"]); // there is no model yet
  });

  test.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s does the same, and exits with %i", async (signal, exitCode) => {
    const ended = await runProgram([...settings, "--epochs", "100000", "--out", signal], {
      cwd,
      onOutput: (child, text) => {
        if (text.includes("Epoch")) child.kill(signal);
      },
    });
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toMatch(/^tinyconv: interrupted after step \d+, which is saved\. Go on with: /);
  });

  test("while the report is written exits with 130, when the model is saved", async () => {
    const ended = await runProgram([...settings.slice(0, -1), "--out", "no-report-yet"], {
      cwd,
      onOutput: (child, text) => {
        if (text.includes("model.safetensors")) child.kill("SIGINT");
      },
    });
    expect(ended).toMatchObject({ exitCode: 130, stderr: "tinyconv: interrupted.\n" });
    expect(readdirSync(join(cwd, "no-report-yet"))).toContain("model.safetensors");
  });

  test("names the command of a clone to who has used that", async () => {
    const { stderr } = await runProgram([...settings, "--epochs", "100000", "--out", "by npm"], {
      cwd,
      env: { npm_lifecycle_event: "mnist" },
      onOutput: (child, text) => {
        if (text.includes("Epoch")) child.kill("SIGINT");
      },
    });
    expect(stderr).toMatch(/ Go on with: npm run mnist -- train --resume 'by npm'\n$/);
  });
});

describe("--resume", () => {
  test("of a training that had ended tests it again, and changes nothing", async () => {
    const before = model("whole");
    const { exitCode, stdout } = await run("train", "--resume", "whole", "--no-report");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Testing only: training ended after step 30, from whole");
    expect(stdout).not.toContain("Epoch");
    expect(stdout).toMatch(/^Test accuracy /m);
    expect(model("whole").equals(before)).toBe(true);
  });

  test("goes on with the settings of the run, on other threads, in the middle of an epoch", async () => {
    // a run of which but the first checkpoint of the last epoch is left
    await run(...settings, "--checkpoint-every", "3", "--out", "part");
    const folder = join(cwd, "part", "checkpoints");
    rmSync(join(folder, "step-00000030.safetensors"));
    rmSync(join(cwd, "part", "model.safetensors"));
    expect(readdirSync(folder)).toContain("step-00000027.safetensors");
    const { exitCode, stdout } = await run("--resume", "part", "--threads", "2", "--no-report");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Training: lenet, 3 epochs in batches of 4, Adam with learning rate 0.003");
    expect(stdout).toContain("Going on in epoch 3, after step 27, from ");
    expect(stdout).toMatch(/^Epoch 3\/3 {2}100%/m);
    expect(stdout).not.toContain("Epoch 2/3");
    expect(model("part").equals(model("whole"))).toBe(true);
    const { history } = JSON.parse(readFileSync(join(cwd, "part", "metrics.json"), "utf8"));
    expect(history.loss).toEqual(
      JSON.parse(readFileSync(join(cwd, "whole", "metrics.json"), "utf8")).history.loss,
    );
  });

  test("leaves out a checkpoint that is damaged, and says so", async () => {
    await run(...settings, "--checkpoint-every", "3", "--out", "damaged");
    const path = join("damaged", "checkpoints", "step-00000030.safetensors");
    writeFileSync(join(cwd, path), "half");
    const { exitCode, stdout } = await run("--resume", "damaged", "--no-report");
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `Left out a damaged checkpoint. ${path}: decodeSafetensors: expected at least 8 bytes, got 4. The file is truncated.\n`,
    );
    expect(model("damaged").equals(model("whole"))).toBe(true);
  });

  test("refuses a folder without checkpoints, and images that are others", async () => {
    expect(await run("--resume", "bands")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "tinyconv: bands: expected checkpoints of a training, got none. Give the folder of one that was interrupted, as runs/latest.\n",
    });
    cpSync(join(cwd, "bands"), join(cwd, "kept"), { recursive: true });
    const labels = join(cwd, "bands", "train-labels-idx1-ubyte");
    const bytes = readFileSync(labels);
    bytes[8] = 9;
    writeFileSync(labels, bytes);
    expect(await run("--resume", "whole")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "tinyconv: whole: expected the images to be those of the run, got others from bands.\n",
    });
    cpSync(join(cwd, "kept"), join(cwd, "bands"), { recursive: true });
  });

  test("refuses test images that are others", async () => {
    cpSync(join(cwd, "bands"), join(cwd, "kept-test"), { recursive: true });
    const labels = join(cwd, "bands", "t10k-labels-idx1-ubyte");
    const bytes = readFileSync(labels);
    bytes[8] = 9;
    writeFileSync(labels, bytes);
    expect(await run("--resume", "whole")).toMatchObject({
      exitCode: 2,
      stderr: "tinyconv: whole: expected the images to be those of the run, got others from bands.\n",
    });
    cpSync(join(cwd, "kept-test"), join(cwd, "bands"), { recursive: true });
  });

  test("refuses a checkpoint that the program has not written", async () => {
    const path = await withNotes('{"mine": 1}');
    expect(await run("--resume", "changed")).toMatchObject({
      exitCode: 2,
      stderr: `tinyconv: ${path.slice(cwd.length + 1)}: expected a checkpoint of the program tinyconv, got one without its settings.\n`,
    });
  });

  test.each([
    ["an option there is not", "--bogus 1"],
    ["a network there is not", "--model resnet"],
    ["another network", "--model compact"],
    ["several networks", "--model lenet --repeat 2"],
    ["a wish for help", "--help"],
  ])("refuses a checkpoint with the settings of %s", async (_, line) => {
    const path = await withNotes(JSON.stringify({ arguments: line.split(" "), fingerprint: "" }));
    expect(await run("--resume", "changed")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `tinyconv: ${path.slice(cwd.length + 1)}: expected the settings of a training, got "${line}".\n`,
    });
  });
});

describe("a new run in the folder of an old one", () => {
  test("takes its place only once its input is known to be right", async () => {
    cpSync(join(cwd, "whole"), join(cwd, "again"), { recursive: true });
    const before = readdirSync(join(cwd, "again", "checkpoints"));
    await run(...settings, "--data", "nowhere", "--out", "again");
    expect(readdirSync(join(cwd, "again", "checkpoints"))).toEqual(before);
    const { stdout } = await run(...settings, "--epochs", "1", "--out", "again");
    expect(stdout).toContain("\nRemoved the checkpoints of an earlier training from again.\n");
    expect(readdirSync(join(cwd, "again", "checkpoints"))).toEqual([
      "best.safetensors",
      "step-00000000.safetensors",
      "step-00000010.safetensors",
    ]);
    const fresh = await run(...settings, "--epochs", "1", "--out", "fresh");
    expect(fresh.stdout).not.toContain("Removed");
  });

  test("leaves no report of the old one beside its own model, and nothing to go on with after --repeat", async () => {
    cpSync(join(cwd, "whole"), join(cwd, "over"), { recursive: true });
    writeFileSync(join(cwd, "over", "report.html"), "the old report");
    writeFileSync(join(cwd, "over", "notes.txt"), "mine");
    const { stdout } = await run(...settings, "--epochs", "1", "--repeat", "2", "--out", "over");
    expect(stdout).toContain("Removed the checkpoints of an earlier training from over.\n");
    expect(readdirSync(join(cwd, "over")).sort()).toEqual(["metrics.json", "model.safetensors", "notes.txt"]);
    expect(await run("--resume", "over")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "tinyconv: over: expected checkpoints of a training, got none. Give the folder of one that was interrupted, as runs/latest.\n",
    });
  });
});
