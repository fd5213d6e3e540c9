import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, test } from "vitest";
import type { Version } from "../exercises/exercise.js";
import { exercises } from "../exercises/exercises.js";
import { randomTensor } from "../exercises/random-tensor.js";
import { report } from "../exercises/report.js";
import { runExercises } from "../exercises/run.js";
import * as mended1 from "../exercises/solutions/01-dense.js";
import * as mended2 from "../exercises/solutions/02-relu.js";
import * as mended3 from "../exercises/solutions/03-conv2d.js";
import * as mended4 from "../exercises/solutions/04-softmax-cross-entropy.js";
import * as mended5 from "../exercises/solutions/05-max-pool2d.js";
import * as mended6 from "../exercises/solutions/06-dropout.js";
import * as mended7 from "../exercises/solutions/07-col2im.js";
import * as mended8 from "../exercises/solutions/08-adam.js";
import * as mended9 from "../exercises/solutions/09-batch-normalization.js";
import {
  Adam,
  BatchNormalization,
  buildLayer,
  Conv2D,
  Dense,
  Dropout,
  type Layer,
  MaxPool2D,
  ReLU,
  SoftmaxCrossEntropy,
  Tensor,
} from "../src/index.js";

const run = promisify(execFile);
const read = (...path: readonly string[]) =>
  readFileSync(join("exercises", ...path), "utf8").replaceAll("\r\n", "\n");
const readme = read("README.md");

/** What a check says of each thing it looks at: what is right there and what is wrong. */
async function findingsOf(folder: string, version: Version) {
  const findings = await exercises.find((exercise) => exercise.folder === folder)!.check(version);
  return findings.map(({ what, right, wrong }) => ({ what, right, wrong }));
}

/** The exit code of the command, and what it printed. */
async function runHere(...args: readonly string[]) {
  let [stdout, stderr] = ["", ""];
  const exitCode = await runExercises(args, {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
  });
  return { exitCode, stdout, stderr };
}

describe("each exercise fails for its reason, and for nothing else:", () => {
  test("01-dense has a wrong dx", async () => {
    expect(await findingsOf("01-dense", "exercise")).toEqual([
      { what: "gradients of 3 units for 3 inputs", right: ["kernel", "bias"], wrong: ["input"] },
    ]);
  });

  test("02-relu has a wrong dx", async () => {
    expect(await findingsOf("02-relu", "exercise")).toEqual([
      { what: "gradient of positive and negative inputs", right: [], wrong: ["input"] },
    ]);
  });

  test("03-conv2d passes the gradient check, and loses the first of two kernel gradients", async () => {
    expect(await findingsOf("03-conv2d", "exercise")).toEqual([
      { what: "gradients", right: ["input", "kernel", "bias"], wrong: [] },
      { what: "two backward passes in a row", right: ["bias"], wrong: ["kernel"] },
    ]);
  });

  test("04-softmax-cross-entropy is right for one sample only", async () => {
    expect(await findingsOf("04-softmax-cross-entropy", "exercise")).toEqual([
      { what: "gradient of the logits of 1 sample", right: ["input"], wrong: [] },
      { what: "gradient of the logits of 4 samples", right: [], wrong: ["input"] },
    ]);
  });

  test("05-max-pool2d is right where no pixels are equal", async () => {
    expect(await findingsOf("05-max-pool2d", "exercise")).toEqual([
      {
        what: "gradient of an image without equal pixels, windows that overlap",
        right: ["input"],
        wrong: [],
      },
      { what: "gradient of a window with equal pixels", right: ["1 3 2 0"], wrong: ["1 3 3 0", "0 0 0 0"] },
    ]);
  });

  test("06-dropout passes the gradient check, and has another mean in training", async () => {
    expect(await findingsOf("06-dropout", "exercise")).toEqual([
      { what: "gradient", right: ["input"], wrong: [] },
      { what: "mean of 10000 outputs at a rate of 0.4", right: ["inference"], wrong: ["training"] },
    ]);
  });

  test("07-col2im has a wrong dx with strides, padded or not", async () => {
    const all = ["input", "kernel", "bias"];
    expect(await findingsOf("07-col2im", "exercise")).toEqual([
      { what: 'gradients with strides of 1 and padding "valid"', right: all, wrong: [] },
      { what: 'gradients with strides of 1 and padding "same"', right: all, wrong: [] },
      {
        what: 'gradients with strides of 2 and padding "valid"',
        right: ["kernel", "bias"],
        wrong: ["input"],
      },
      { what: 'gradients with strides of 2 and padding "same"', right: ["kernel", "bias"], wrong: ["input"] },
    ]);
  });

  test("08-adam takes steps that are too long after the first", async () => {
    expect(await findingsOf("08-adam", "exercise")).toEqual([
      {
        what: "steps with a learning rate of 0.01",
        right: ["step 1"],
        wrong: ["step 2", "step 3", "step 4"],
      },
    ]);
  });

  test("09-batch-normalization has a wrong dx in training", async () => {
    expect(await findingsOf("09-batch-normalization", "exercise")).toEqual([
      { what: "gradients in inference", right: ["input", "gamma", "beta"], wrong: [] },
      { what: "gradients in training", right: ["gamma", "beta"], wrong: ["input"] },
    ]);
  });
});

describe.each(exercises)("exercise $folder", (exercise) => {
  const { folder, file, title } = exercise;
  const number = exercises.indexOf(exercise) + 1;
  const broken = read(folder, file).split("\n");
  const solution = read("solutions", `${folder}.ts`).split("\n");

  it("has a solution that passes", async () => {
    const findings = await exercise.check("solution");
    expect(findings.flatMap(({ wrong }) => wrong)).toEqual([]);
    expect(findings.flatMap(({ right }) => right).length).toBeGreaterThan(0);
  });

  it("says what it is in its first line, and differs from its solution in three lines after it at most", () => {
    expect(broken[0]).toBe(
      `// Exercise ${number}: there is one mistake in this file. \`npm run exercises -- ${number}\` shows what comes of it.`,
    );
    expect(solution[0]).toBe(`// Exercise ${number}, mended.`);
    const changed = solution.slice(1).filter((line) => !broken.includes(line));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThanOrEqual(3);
    // and nothing else was taken out
    const removed = broken.slice(1).filter((line) => !solution.includes(line));
    expect(removed.length).toBeLessThanOrEqual(changed.length);
    expect(solution.length - broken.length).toBe(changed.length - removed.length);
  });

  it("imports from tinyconv and from nowhere else", () => {
    const imported = broken.join("\n").matchAll(/\b(?:from|import\() ?"([^"]+)"/g);
    expect([...imported].map((match) => match[1])).toEqual(["tinyconv"]);
  });

  it("has a number, a section in the README, a hint there, and a link to its file", () => {
    expect(folder).toMatch(new RegExp(`^0${number}-`));
    const section = readme.split(/^## /m)[number] ?? "";
    expect(section.split("\n")[0]).toBe(`${number}. ${title}`);
    expect(section).toContain(`[${folder}/${file}](${folder}/${file})`);
    expect(section).toMatch(/<details><summary>Hint<\/summary>\n\n[^<]{50,}\n\n<\/details>/);
    expect(section).toMatch(/\]\(\.\.\/src\/(layers|optim|tensor)\/[a-z0-9-]+\.ts\)/);
  });
});

describe("the solutions compute what the library computes:", () => {
  const close = (actual: Float32Array, expected: Float32Array) => {
    expect(actual.length).toBe(expected.length);
    for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
  };

  /** y, dx and the gradients of the parameters after two passes. */
  function passes(layer: Layer, x: Tensor, training: boolean): Float32Array[] {
    buildLayer(layer, x.shape.slice(1));
    const results = [0, 1].flatMap((step) => {
      const y = layer.forward(x, { training, step });
      const dx = layer.backward(randomTensor(y.shape, 2));
      return [y.data.slice(), dx!.data.slice()];
    });
    return [...results, ...layer.parameters.map(({ grad }) => grad.data)];
  }

  const image = randomTensor([2, 5, 5, 2], 1);
  const rows = randomTensor([4, 3], 1);
  const tied = Tensor.from(
    rows.data.map((value) => Math.round(value)),
    [1, 4, 3, 1],
  );
  const convolution = { filters: 3, kernelSize: 3, strides: 2, padding: "same" } as const;
  const layers: readonly [string, Layer, Layer, Tensor][] = [
    ["01-dense", new mended1.Dense({ units: 2 }), new Dense({ units: 2 }), rows],
    ["02-relu", new mended2.ReLU(), new ReLU(), rows],
    ["03-conv2d", new mended3.Conv2D(convolution), new Conv2D(convolution), image],
    [
      "05-max-pool2d",
      new mended5.MaxPool2D({ strides: 1 }),
      new MaxPool2D({ poolSize: 2, strides: 1 }),
      tied,
    ],
    ["06-dropout", new mended6.Dropout({ rate: 0.3 }), new Dropout({ rate: 0.3 }), rows],
    ["07-col2im", new mended7.Conv2D(convolution), new Conv2D(convolution), image],
    ["09-batch-normalization", new mended9.BatchNormalization(), new BatchNormalization(), image],
  ];

  test.each(layers)("%s", (_, mended, library, x) => {
    const [actual, expected] = [passes(mended, x, true), passes(library, x, true)];
    expect(actual.length).toBe(expected.length);
    for (const [i, values] of actual.entries()) close(values, expected[i]!);
    close(mended.forward(x).data, library.forward(x).data); // in inference, by the moving statistics
  });

  test("04-softmax-cross-entropy", () => {
    const [mended, library] = [new mended4.SoftmaxCrossEntropy(), new SoftmaxCrossEntropy()];
    const labels = [2, 0, 1, 1];
    expect(mended.forward(rows, labels)).toBeCloseTo(library.forward(rows, labels), 6);
    close(mended.backward().data, library.backward().data);
  });

  test("08-adam", () => {
    const parameter = () => ({ name: "theta", value: rows.clone(), grad: new Tensor([4, 3]) });
    const [mine, theirs] = [parameter(), parameter()];
    const [mended, library] = [new mended8.Adam({ learningRate: 0.1 }), new Adam({ learningRate: 0.1 })];
    for (let step = 1; step <= 5; step++) {
      for (const { grad } of [mine, theirs]) grad.data.set(randomTensor([4, 3], step).data);
      mended.step([mine]);
      library.step([theirs]);
      close(mine.value.data, theirs.value.data);
    }
    expect(mended.iterations).toBe(5);
  });
});

describe("npm run exercises", () => {
  it("checks them all, says what is wrong, and ends with exit code 1", async () => {
    const command = run(process.execPath, ["--import", "tsx", "exercises/main.ts"]);
    await expect(command).rejects.toMatchObject({ code: 1, stderr: "" });
    const { stdout } = await command.catch((error: { stdout: string }) => error);
    for (const [i, { title }] of exercises.entries())
      expect(stdout).toContain(`${i + 1}. ${title}: failed\n`);
    expect(stdout).toContain("gradient of  after one  after two  expected  at");
    expect(stdout).toMatch(
      /\n\n0 passed, 9 failed\.\nHints: exercises\/README\.md\. Solutions: exercises\/solutions\.\n$/,
    );
  }, 60_000);

  it("passes the solutions, with exit code 0", async () => {
    const { exitCode, stdout, stderr } = await runHere("--solutions");
    expect(stdout).toMatch(/\n\n9 passed, 0 failed\.\n$/);
    expect(stdout).not.toContain("failed:");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  it("prints a table, what is wrong and right in it, and a sentence", async () => {
    const { exitCode, stdout } = await runHere("3");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^3\. Conv2D: failed\n {3}exercises\/03-conv2d\/conv2d\.ts\n {3}passed: gradients\n {3}failed: two backward passes in a row\n/,
    );
    expect(stdout).toMatch(/\n {6}kernel +(\S+) +\1 +\S+ +\d+\n/); // the second pass has left what the first had
    expect(stdout).toContain(
      "\n      wrong: kernel\n      right: bias\n   The gradient check clears the gradients and goes back once, so",
    );
    expect(stdout).toContain("\n\n0 passed, 1 failed.\n");
  });

  it("gives the same advice once, for all that fails", async () => {
    const { stdout } = await runHere("7");
    expect(stdout.match(/^ {3}failed: /gm)).toHaveLength(2);
    expect(stdout.match(/Compare the cases that pass/g)).toHaveLength(1);
  });

  it("checks those that are named, in their order", async () => {
    const { exitCode, stdout } = await runHere("4", "--solutions", "2");
    expect(stdout).toBe(
      "4. SoftmaxCrossEntropy: passed\n" +
        "   exercises/solutions/04-softmax-cross-entropy.ts\n" +
        "   passed: gradient of the logits of 1 sample\n" +
        "   passed: gradient of the logits of 4 samples\n\n" +
        "2. ReLU: passed\n" +
        "   exercises/solutions/02-relu.ts\n" +
        "   passed: gradient of positive and negative inputs\n\n" +
        "2 passed, 0 failed.\n",
    );
    expect(exitCode).toBe(0);
  });

  it.each(["0", "10", "1.5", "dense"])("refuses the number %s", async (number) => {
    expect(await runHere("--", number)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `error: command-argument value '${number}' is invalid for argument 'numbers'. Expected a number from 1 to 9.\n`,
    });
  });

  it("refuses an option that it does not have, and prints help", async () => {
    expect(await runHere("--hint")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "error: unknown option '--hint'\n",
    });
    const { exitCode, stdout } = await runHere("--help");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Usage: npm run exercises -- [options] [numbers...]");
  });

  it("tells of a file that throws, and of where", async () => {
    const check = async () => {
      throw new TypeError("no such thing");
    };
    const { text, passed } = await report(
      1,
      { folder: "01-dense", file: "dense.ts", title: "Dense", check },
      "exercise",
    );
    expect(passed).toBe(false);
    expect(text).toMatch(
      /^1\. Dense: failed\n {3}exercises\/01-dense\/dense\.ts\n {3}failed: running it\n {6}TypeError: no such thing\n {10}at .*exercises\.test\.ts/,
    );
    expect(text).toMatch(/\n {6}wrong: the file\n {3}The check has stopped at this error\.$/);
  });
});

describe("exercises/README.md", () => {
  it("has links to files and headings that exist", () => {
    const slug = (heading: string) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-");
    const dead = [...readme.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].filter(
      ([, path, anchor]) => {
        const file = join("exercises", path || "README.md");
        if (!existsSync(file)) return true;
        if (anchor === undefined) return false;
        const headings = readFileSync(file, "utf8").matchAll(/^#+ (.*?)\r?$/gm);
        return ![...headings].some(([, heading]) => slug(heading!) === anchor);
      },
    );
    expect(dead.map(([link]) => link)).toEqual([]);
  });

  it("knows all there is: no folder and no solution without an exercise", () => {
    const folders = readdirSync("exercises", { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const known = exercises.map(({ folder }) => folder);
    expect(folders.map(({ name }) => name).sort()).toEqual([...known, "solutions"]);
    expect(readdirSync("exercises/solutions").sort()).toEqual(known.map((folder) => `${folder}.ts`));
    for (const { folder, file } of exercises) {
      expect(readdirSync(join("exercises", folder)).sort()).toEqual(["check.ts", file].sort());
    }
    expect(readme.match(/^## /gm)).toHaveLength(exercises.length);
  });
});
