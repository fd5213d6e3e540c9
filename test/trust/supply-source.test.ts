import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importsOf } from "../helpers/imports.js";

// what SECURITY.md says that the library never does
const FORBIDDEN_MODULES =
  /^(?:node:)?(?:http|https|http2|net|tls|dgram|dns|child_process|cluster|vm|repl|inspector)(?:\/|$)/;
const GLOBAL = "(?:(?:globalThis|global|window|self|navigator)\\.)?";
const CALLED = "fetch|eval|importScripts|sendBeacon|Function";
const CONSTRUCTED =
  "Function|XMLHttpRequest|WebSocket|WebTransport|EventSource|RTCPeerConnection|SharedWorker";
// the bracket may be closed in between: `(0, eval)(text)` runs text as well
const FORBIDDEN_CODE = new RegExp(
  `(?<![.\\w#])${GLOBAL}(?:${CALLED})\\)?\\(|\\bnew ${GLOBAL}(?:${CONSTRUCTED})\\b`,
  "g",
);

/** The modules of Node that code gets without importing them. */
function builtinsOf(code: string): string[] {
  return [...code.matchAll(/\b(?:getBuiltinModule|require)(?:\?\.)?\("([^"]+)"\)/g)].map(([, name]) => name!);
}

/** Everything in code, without its comments, that opens connections, runs text as code or starts programs. */
function forbiddenIn(code: string): string[] {
  const bare = code.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, "");
  return [
    ...[...importsOf(bare), ...builtinsOf(bare)].filter((name) => FORBIDDEN_MODULES.test(name)),
    ...[...bare.matchAll(FORBIDDEN_CODE)].map(([found]) => found),
  ];
}

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file: file.replaceAll("\\", "/"), code: readFileSync(join("src", file), "utf8") }));

describe("the source", () => {
  test("opens no connection, runs no text as code and starts no program", () => {
    const found = sources.flatMap(({ file, code }) => forbiddenIn(code).map((what) => `${file}: ${what}`));
    expect(found).toEqual([]);
    expect(sources.length).toBeGreaterThan(100);
  });

  test("starts threads in one place, and compiles WebAssembly in two: the kernels, and a probe", () => {
    const where = (pattern: RegExp): string[] =>
      sources.filter(({ code }) => pattern.test(code)).map(({ file }) => file);
    expect(where(/new (?:\w+\.)?Worker\(/)).toEqual(["tensor/simd/worker-port.ts"]);
    expect(where(/WebAssembly\.(?:Module|compile|instantiate)\w*\(/)).toEqual([
      "tensor/simd/backend.ts",
      "tensor/simd/kernel.ts",
    ]);
  });
});

test.each([
  ['import { get } from "node:https";\n', "node:https"],
  ['import { readFile } from "fs/promises";\nimport { exec } from "child_process";\n', "child_process"],
  ['const { lookup } = await import("node:dns/promises");\n', "node:dns/promises"],
  ['process?.getBuiltinModule?.("node:net")', "node:net"],
  ['createRequire(import.meta.url); require("child_process")', "child_process"],
  ["await fetch(url);", "fetch("],
  ["const f = new Function(text);", "new Function"],
  ["await globalThis.fetch(url);", "globalThis.fetch("],
  ["navigator.sendBeacon(url);", "navigator.sendBeacon("],
  ["new globalThis.WebSocket(url);", "new globalThis.WebSocket"],
  ["eval(text);", "eval("],
  ["(0, eval)(text);", "eval)("],
  ["Function(text)();", "Function("],
])("%s is found", (code, what) => {
  expect(forbiddenIn(code)).toContain(what);
});

test("comments are no code", () => {
  expect(forbiddenIn("// eval(text) would be bad\n/* fetch(url) too */\nx();")).toEqual([]);
});
