import { readdirSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { importsOf } from "../../test/helpers/imports.js";
import { installedWith } from "./closure.js";
import { nameOf, type PackageFolder } from "./package-folder.js";

/** The entries of the package, as users import them, by their files. */
export const ENTRIES: Readonly<Record<string, string>> = {
  '"tinyconv"': "dist/index.js",
  '"tinyconv/mnist"': "dist/mnist/index.js",
  '"tinyconv/onnx"': "dist/onnx/index.js",
  '"tinyconv/node"': "dist/node/index.js",
  "the program": "dist/cli/main.js",
};

/** Packages that are installed: their names, and the bytes of their files. */
export interface Installed {
  readonly names: readonly string[];
  readonly bytes: number;
}

/** The packages behind an entry: those that its built file and the files below import, and all that come with these. */
export function packagesBehind(file: string, root: PackageFolder): Installed {
  return installed(importedPackages(file), root);
}

/** Packages with all that come with them. */
export function installed(names: readonly string[], { path, lock }: PackageFolder): Installed {
  const folders = [...new Set(names.flatMap((name) => installedWith(name, lock)))];
  const bytes = folders.reduce((sum, folder) => sum + bytesIn(join(path, folder)), 0);
  return { names: folders.map(nameOf).sort(), bytes };
}

function importedPackages(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const names = importsOf(readFileSync(file, "utf8")).flatMap((name) =>
    name.startsWith(".") ? importedPackages(join(dirname(file), name), seen) : [packageOf(name)],
  );
  return [...new Set(names)].filter((name) => !isBuiltin(name));
}

/** The package of an import: `@bufbuild/protobuf/wire` is in `@bufbuild/protobuf`. */
function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The bytes of a package's own files, without packages inside it. */
function bytesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules")
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? bytesIn(path) : statSync(path).size;
    })
    .reduce((sum, bytes) => sum + bytes, 0);
}
