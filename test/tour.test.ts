import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import ts from "typescript";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type LineLink, lineLinks, linesNamed } from "./helpers/tour-links.js";

const read = (path: string): string => readFileSync(path, "utf8").replaceAll("\r\n", "\n");

const tour = read("docs/tour.md");

const READING_ORDER = [
  "Tensor",
  "Dense",
  "ReLU",
  "Softmax and cross-entropy",
  "A chain of layers, and the check of a gradient",
  "SGD and Adam",
  "im2col",
  "Convolution",
  "Pooling",
  "Batch normalisation",
  "A training step",
  "The SIMD tile",
];

/** The numbered sections; what comes before the first and after the last is none. */
const sections = tour
  .split(/^## /m)
  .filter((section) => /^\d/.test(section))
  .map((text) => ({ title: text.slice(0, text.indexOf("\n")), text }));

/** Each block of code is a program; what it prints stands in the block behind it. */
const programs = [...tour.matchAll(/^```ts\n(.*?)^```\n\n```\n(.*?)^```$/gms)].map(
  ([, code, printed], i) => ({
    number: i + 1,
    section: titleAt(tour.indexOf(code!)),
    code: code!,
    printed: printed!,
    // one folder below the root, where "../src" is the source, as it is for a reader who tries it
    file: `build/tour-${i + 1}.ts`,
  }),
);

function titleAt(offset: number): string {
  return /.*\n## ([^\n]*)\n/s.exec(tour.slice(0, offset))?.[1] ?? "the beginning";
}

describe("the reading tour", () => {
  it("has a section for each thing, in reading order", () => {
    expect(sections.map(({ title }) => title)).toEqual(READING_ORDER.map((title, i) => `${i + 1}. ${title}`));
  });

  it.each(sections)(
    "$title: has shapes, a gradient, an example by hand and by code, and lines to read",
    ({ title, text }) => {
      const parts = [...text.matchAll(/^\*\*(.*?)\.\*\*/gm)].map((match) => match[1]);
      expect(parts).toEqual(["Shapes", "Gradient", "By hand", "Read"]);
      expect(programs.filter(({ section }) => section === title)).not.toHaveLength(0);
      expect(lineLinks(text).length).toBeGreaterThanOrEqual(2);
    },
  );

  it("has what a program prints right behind each program", () => {
    expect(programs).toHaveLength(tour.match(/^```ts$/gm)?.length ?? 0);
  });
});

describe("the tour's code", () => {
  beforeAll(() => {
    mkdirSync("build", { recursive: true });
    for (const { file, code } of programs) {
      // a file that is written while vitest watches starts the tests anew
      if (!existsSync(file) || read(file) !== code) writeFileSync(file, code);
    }
  });

  afterEach(() => vi.restoreAllMocks());

  it("compiles under the package's own strict settings", () => {
    const files = programs.map(({ file }) => file);
    const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files }, ts.sys, ".");
    const problems = ts.getPreEmitDiagnostics(ts.createProgram(files, options)).map((problem) => {
      const { line } = problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0) ?? { line: 0 };
      return `${problem.file?.fileName}:${line + 1}: ${ts.flattenDiagnosticMessageText(problem.messageText, "\n")}`;
    });
    expect(problems).toEqual([]);
  }, 60_000);

  it.each(programs)(
    "program $number, of $section, prints what stands behind it",
    async ({ file, printed }) => {
      let output = "";
      vi.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
        output += `${format(...values)}\n`;
      });
      await import(pathToFileURL(resolve(file)).href);
      expect(output).toBe(printed);
    },
  );
});

describe("the tour's links", () => {
  const inDocs = (path: string): string => join("docs", path);

  it("name only files that exist", () => {
    const links = [...tour.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]!);
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((link) => !existsSync(inDocs(link)))).toEqual([]);
  });

  it("name a section of the tour, where they lead to one", () => {
    const anchors = [...tour.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    const links = [...tour.matchAll(/\]\(#([^)]*)\)/g)].map((match) => match[1]!);
    expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
  });

  it("lead to the lines that they name", () => {
    const links = lineLinks(tour);
    expect(links).toHaveLength(tour.match(/\.ts#/g)?.length ?? 0);
    expect(links.flatMap(mistakeOf)).toEqual([]);
  });

  it("are looked for among declarations, and not among calls", () => {
    const source = [
      "/** The sum, as in `sum(1, 2)`. */",
      "export function sum(a: number, b: number): number {",
      "  return a + b; // y = a + b",
      "}",
      "class Three {",
      "  twice = sum(1, 2);",
      "  forward(): number {",
      "    return sum(1, 2);",
      "  }",
      "  #run(",
      "    a: number,",
      "  ): number {",
      "    return a;",
      "  }",
      "}",
      "const FOUR = 4;",
    ].join("\n");
    expect(linesNamed("sum", source)).toEqual(["L2-L4"]);
    expect(linesNamed("Three", source)).toEqual(["L5-L15"]);
    expect(linesNamed("forward", source)).toEqual(["L7-L9"]);
    expect(linesNamed("#run", source)).toEqual(["L10-L14"]);
    expect(linesNamed("FOUR", source)).toEqual(["L16"]);
    expect(linesNamed("y = a + b", source)).toEqual(["L3"]);
    expect(linesNamed("backward", source)).toEqual([]);
  });

  function mistakeOf({ text, name, path, lines }: LineLink): string[] {
    const right = linesNamed(name, read(inDocs(path)));
    if (right.includes(lines)) return [];
    const remedy = right.length === 0 ? "no line has that name" : `expected #${right.join(" or #")}`;
    return [`${text}: ${remedy}`];
  }
});
