import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/*
 * The built library in processes of their own, of engines that lack something.
 */

const DIST = join(import.meta.dirname, "..", "..", "..", "dist");

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Trains a little, and prints the backend and a checksum of the weights. `before` runs before the library is loaded. */
function trainIn(dist: string, before: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const code = `
    ${before}
    const { currentBackend, Adam } = await import(${JSON.stringify(join(dist, "index.js"))});
    const { createNetwork } = await import(${JSON.stringify(join(dist, "mnist", "index.js"))});
    const { createHash } = await import("node:crypto");
    const pixels = Uint8Array.from({ length: 20 * 784 }, (_, i) => (i * 7919) % 251);
    const data = { images: { data: pixels, shape: [20, 28, 28, 1] }, labels: Uint8Array.from({ length: 20 }, (_, i) => i % 10) };
    const model = createNetwork("lenet", { seed: 1 });
    const fit = () => model.fit(data, { epochs: 2, batchSize: 10, optimizer: new Adam(), threads: 2 });
    await fit();
    await new Promise((resume) => setTimeout(resume, 300)); // a worker that cannot start has said so by then
    await fit();
    const hash = createHash("sha256");
    for (const { data } of model.getWeights()) hash.update(data);
    console.log(currentBackend(), hash.digest("hex"));
  `;
  return new Promise((resolve) => {
    const options = {
      env: { ...process.env, TINYCONV_BACKEND: "", TINYCONV_THREADS: "", ...env },
      timeout: 20_000,
    };
    execFile(process.execPath, ["--input-type=module", "-e", code], options, (error, stdout, stderr) => {
      const exitCode = error ? (typeof error.code === "number" ? error.code : -1) : 0;
      resolve({ exitCode, stdout, stderr });
    });
  });
}

describe("the built library", () => {
  let checksum = "";
  let folder = "";

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tinyconv-"));
    const { exitCode, stdout, stderr } = await trainIn(DIST, "", { TINYCONV_BACKEND: "plain" });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^plain [0-9a-f]{64}\n$/);
    checksum = stdout.slice("plain ".length, -1);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("computes with SIMD and threads, which do not keep the process alive", async () => {
    const ran = await trainIn(DIST, "");
    expect(ran).toEqual({ exitCode: 0, stdout: `simd ${checksum}\n`, stderr: "" });
  });

  test("computes on one thread, with one warning, where the worker file is missing", async () => {
    cpSync(DIST, folder, { recursive: true, filter: (file) => !file.endsWith("worker.js") });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const { exitCode, stdout, stderr } = await trainIn(folder, "");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `simd ${checksum}\n` });
    expect(stderr).toMatch(
      /^tinyconv: a worker thread failed \(Cannot find module .*worker\.js.*\), so one thread computes from now on\.\n$/,
    );
  });

  test("computes on one thread where memory cannot be shared, as in a page without cross-origin isolation", async () => {
    const ran = await trainIn(DIST, "delete globalThis.SharedArrayBuffer;");
    expect(ran).toEqual({ exitCode: 0, stdout: `simd ${checksum}\n`, stderr: "" });
  });

  test("computes in plain TypeScript, with one notice, where a content policy forbids to compile", async () => {
    const before = `
      WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("refused by the content policy"); } };
    `;
    const ran = await trainIn(DIST, before);
    expect(ran).toEqual({
      exitCode: 0,
      stdout: `plain ${checksum}\n`,
      stderr:
        "tinyconv: WebAssembly SIMD is not to be had here (refused by the content policy), " +
        "so plain TypeScript computes: the same numbers, slower.\n",
    });
  });

  test("computes in plain TypeScript where there is no WebAssembly", async () => {
    const ran = await trainIn(DIST, "delete globalThis.WebAssembly;");
    expect(ran).toEqual({
      exitCode: 0,
      stdout: `plain ${checksum}\n`,
      stderr:
        "tinyconv: WebAssembly SIMD is not to be had here (WebAssembly is not defined), " +
        "so plain TypeScript computes: the same numbers, slower.\n",
    });
  });

  test("computes in plain TypeScript where memory could never be given back", async () => {
    // Node itself needs it later on
    const before = `
      const held = globalThis.FinalizationRegistry;
      delete globalThis.FinalizationRegistry;
      (await import(${JSON.stringify(join(DIST, "index.js"))})).currentBackend();
      globalThis.FinalizationRegistry = held;
    `;
    const { stdout, stderr } = await trainIn(DIST, before);
    expect(stdout).toBe(`plain ${checksum}\n`);
    expect(stderr).toContain("not to be had here (FinalizationRegistry is not defined)");
  });

  test("refuses SIMD by name where there is none, and a backend that it does not know", async () => {
    const without = await trainIn(DIST, "delete globalThis.WebAssembly;", { TINYCONV_BACKEND: "simd" });
    expect(without.exitCode).toBe(1);
    expect(without.stderr).toContain(
      'TINYCONV_BACKEND: expected an engine that compiles WebAssembly SIMD, got "WebAssembly is not defined". Use "plain".',
    );
    const unknown = await trainIn(DIST, "", { TINYCONV_BACKEND: "wasm" });
    expect(unknown.exitCode).toBe(1);
    expect(unknown.stderr).toContain(
      'TINYCONV_BACKEND: expected the backend to be "simd" or "plain", got "wasm" (string).',
    );
  });
});
