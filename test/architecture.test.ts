import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "vitest";
import { importsOf } from "./helpers/imports.js";

// each folder of src, and the folders it may import from; the entry files src/*.ts may import from all
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  tensor: [],
  layers: ["tensor"],
  optim: ["tensor"],
  model: ["tensor", "layers", "optim"],
  formats: ["tensor", "layers", "optim", "model"],
  mnist: ["tensor", "layers", "optim", "model", "formats"],
  node: ["tensor", "layers", "optim", "model", "formats", "mnist"],
  cli: ["tensor", "layers", "optim", "model", "formats", "mnist", "node"],
};

// these run in browsers too, and give the same bits in every engine
const CORE = ["tensor", "layers", "optim", "model", "formats", "mnist"];

const src = join(import.meta.dirname, "..", "src");

const sources = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({
    file: file.replaceAll("\\", "/"),
    code: readFileSync(join(src, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ""),
  }));

function folderOf(file: string): string {
  return file.includes("/") ? file.split("/")[0]! : "";
}

describe("src", () => {
  test("has the folders of which the order is stated here, and no other", () => {
    const folders = new Set(sources.map(({ file }) => folderOf(file)).filter((folder) => folder !== ""));
    expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  test("imports one way: cli, node, mnist, formats, model, layers and optim, tensor", () => {
    const wrong = sources.flatMap(({ file, code }) =>
      importsOf(code)
        .filter((name) => name.startsWith("."))
        .map((name) => folderOf(posix.join(posix.dirname(file), name)))
        .filter(
          (to) =>
            to !== folderOf(file) && !(MAY_IMPORT[folderOf(file)] ?? Object.keys(MAY_IMPORT)).includes(to),
        )
        .map((to) => `${file} imports from ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  test("imports neither packages nor Node in the core, but for the wire format of ONNX", () => {
    const found = sources
      .filter(({ file }) => CORE.includes(folderOf(file)) || file === "index.ts")
      .flatMap(({ file, code }) =>
        importsOf(code)
          .filter((name) => !name.startsWith("."))
          .map((name) => `${file} imports ${name}`),
      );
    expect(found).toEqual(["formats/onnx/protobuf.ts imports @bufbuild/protobuf/wire"]);
  });

  test("keeps ONNX behind its entry: only the program and what reads files for it import it", () => {
    const outside = sources
      .filter(({ file }) => !file.startsWith("formats/onnx/"))
      .filter(({ code }) => importsOf(code).some((name) => /\/onnx\//.test(name)))
      .map(({ file }) => folderOf(file));
    expect(new Set(outside)).toEqual(new Set(["cli", "node"]));
  });

  test("computes with no function that engines round differently, and draws from no unseeded generator", () => {
    const allowed =
      /^(abs|ceil|floor|fround|imul|max|min|round|sign|sqrt|trunc|PI|E|LN2|LN10|LOG2E|LOG10E|SQRT2|SQRT1_2)$/;
    const wrong = sources.flatMap(({ file, code }) =>
      [...code.matchAll(/\bMath\.(\w+)/g)]
        .map((match) => match[1]!)
        .filter((name) => (CORE.includes(folderOf(file)) ? !allowed.test(name) : name === "random"))
        .map((name) => `${file} uses Math.${name}`),
    );
    expect(wrong).toEqual([]);
  });
});
