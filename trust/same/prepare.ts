import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findMnistData, readMnistFolder } from "tinyconv/node";
import { build } from "tsup";
import { packDigits } from "./digits.js";
import { FULL } from "./training.js";

const ROOT = resolve(import.meta.dirname, "..", "..");

/** What imports of the library become: every engine loads the same files. */
const LIBRARY: Readonly<Record<string, string>> = {
  tinyconv: "./dist/index.js",
  "tinyconv/mnist": "./dist/mnist/index.js",
};

/** What engines are given to run. */
export interface Prepared {
  /** The folder for browsers: a page, the worker, the digits, and a copy of `dist`. */
  readonly site: string;
  /** The program for Node and the like, which lies there too. */
  readonly program: string;
  /** The digits that it reads. */
  readonly digits: string;
}

/** Writes all that into a folder, emptied before. The library is a copy of `dist`, so a later build does not disturb. */
export async function prepare(folder: string): Promise<Prepared> {
  const site = resolve(ROOT, folder);
  rmSync(site, { recursive: true, force: true });
  mkdirSync(site, { recursive: true });
  cpSync(join(ROOT, "dist"), join(site, "dist"), { recursive: true });
  await compile(["node-entry.ts", "worker-entry.ts"], site);
  writeFileSync(join(site, "index.html"), '<!doctype html><html lang="en"><title>tinyconv</title></html>\n');

  const { train } = await readMnistFolder(findMnistData(), { official: true });
  const digits = join(site, "digits.bin");
  writeFileSync(digits, packDigits(train, FULL.images));
  return { site, program: join(site, "node-entry.js"), digits };
}

/** Compiles files of this folder, each with what it imports, but for the library, which they go on importing. */
async function compile(entries: readonly string[], outDir: string): Promise<void> {
  await build({
    config: false,
    entry: entries.map((entry) => join(import.meta.dirname, entry)),
    outDir,
    format: "esm",
    target: "es2022",
    splitting: false,
    silent: true,
    removeNodeProtocol: false,
    esbuildPlugins: [
      {
        name: "library",
        setup: ({ onResolve }) => {
          onResolve({ filter: /^tinyconv(\/|$)/ }, ({ path }) => ({ path: LIBRARY[path]!, external: true }));
        },
      },
    ],
  });
}
