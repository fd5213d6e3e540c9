import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "./helpers/program.js";

const run = promisify(execFile);

const readme = readFileSync("README.md", "utf8");
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1]!);

// inside the package, so that the code imports "tinyconv" as its users do: the built files, by their exports
const folder = "build/readme";

// what a reader would wait minutes for is done with the first 300 images here
const READ_ALL = "await readMnistFolder(findMnistData())";
const READ_SOME = `await readMnistFolder(findMnistData()).then(({ train, test }) => {
  const first = ({ images, labels }: typeof train, n = 300) => ({
    images: { data: images.data.subarray(0, n * 784), shape: [n, 28, 28, 1] as const },
    labels: labels.subarray(0, n),
  });
  return { train: first(train), test: first(test) };
})`;

/** The n-th block as a module; a block goes on where the one before it stopped. */
function moduleOf(n: number): string {
  const lines = blocks
    .slice(0, n + 1)
    .join("\n")
    .replace(READ_ALL, READ_SOME)
    .split("\n");
  // imports come first, each once, however the blocks repeat them
  const imports = new Map<string, Set<string>>();
  const body = lines
    .join("\n")
    .replace(/^import \{([^}]*)\} from "([^"]+)";$/gm, (_, names: string, from: string) => {
      const known = imports.get(from) ?? new Set<string>();
      for (const name of names.split(",")) if (name.trim()) known.add(name.trim());
      imports.set(from, known);
      return "";
    });
  const head = [...imports].map(([from, names]) => `import { ${[...names].join(", ")} } from "${from}";`);
  return [...head, body, "export {};"].join("\n");
}

describe("the README's code", () => {
  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  });

  it("is there, and reads MNIST as the test expects", () => {
    expect(blocks.length).toBeGreaterThan(2);
    expect(blocks[0]).toContain(READ_ALL);
  });

  it("compiles under the package's own strict settings", () => {
    const files = blocks.map((_, n) => {
      const file = `${folder}/block-${n + 1}.ts`;
      writeFileSync(file, moduleOf(n));
      return file;
    });
    const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files }, ts.sys, ".");
    const program = ts.createProgram(files, { ...options, noUnusedLocals: false });
    const problems = ts.getPreEmitDiagnostics(program).map(({ messageText, file }) => {
      return `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
    expect(problems).toEqual([]);
  }, 60_000);

  it("runs, all blocks one after the other", async () => {
    const file = `${folder}/all.mjs`;
    const { outputText } = ts.transpileModule(moduleOf(blocks.length - 1), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(file, outputText);
    const { stdout, stderr } = await run(process.execPath, [resolve(file)], { cwd: folder });
    expect(stderr).toBe("");
    expect(stdout).toContain("conv2d_1 (Conv2D)");
    const report = /^```\n(gradient of .*?)\n```$/ms.exec(readme)?.[1];
    expect(stdout).toContain(report);
    // 300 images in batches of 100, twice
    expect(readdirSync(join(folder, "checkpoints")).sort()).toEqual([
      "best.safetensors",
      expect.stringMatching(/^step-\d{8}\.safetensors$/),
      expect.stringMatching(/^step-\d{8}\.safetensors$/),
    ]);
  }, 120_000);
});

describe("the docs", () => {
  const docs = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/notebook.md",
    "docs/other-machines.md",
    "docs/performance.md",
    "docs/tour.md",
    "exercises/README.md",
  ];
  const links = (file: string) =>
    [...readFileSync(file, "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]!);

  it.each(docs)("%s names only files that exist", (file) => {
    expect(links(file).filter((link) => !existsSync(join(dirname(file), link)))).toEqual([]);
  });

  it("are where the README says", () => {
    expect(links("README.md")).toEqual(expect.arrayContaining(docs.slice(1)));
  });

  it("name only commands and options that the program has", async () => {
    // what follows `npm run mnist --`, and the examples in the README's table of commands
    const lines = docs.flatMap((file) => {
      const text = readFileSync(file, "utf8");
      const table = file === "README.md" ? text.matchAll(/^\|.*\| `([a-z-]+ [^`|]*)` \|$/gm) : [];
      return [...text.matchAll(/npm run (?:--silent )?mnist -- ([^`\n&#]*)/g), ...table].map(
        (match) => match[1]!,
      );
    });
    expect(lines.length).toBeGreaterThan(12);
    const help = new Map<string, string>();
    for (const line of lines) {
      const [, command = "train"] = /^([a-z][a-z-]*)/.exec(line) ?? [];
      if (!help.has(command)) {
        const { stdout } = await runProgram([command, "--help"], { cwd: "." });
        expect(stdout, line).toContain(`Usage: tinyconv ${command} `);
        help.set(command, stdout);
      }
      for (const [option] of line.matchAll(/--[a-z-]+/g)) {
        expect(help.get(command), line).toMatch(new RegExp(`^ +(-h, )?${option}\\b`, "m"));
      }
    }
    expect([...help.keys()].sort()).toEqual([
      "evaluate",
      "export",
      "export-csv",
      "import",
      "inspect",
      "predict",
      "report",
      "submit",
      "train",
    ]);
  });
});
