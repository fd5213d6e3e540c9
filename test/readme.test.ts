import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";

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
    const { stdout, stderr } = await run(process.execPath, [file]);
    expect(stderr).toBe("");
    expect(stdout).toContain("conv2d_1 (Conv2D)");
    const report = /^```\n(gradient of .*?)\n```$/ms.exec(readme)?.[1];
    expect(stdout).toContain(report);
  }, 120_000);

  it("names only files that exist", () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]!);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });
});
