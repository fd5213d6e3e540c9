import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const { dependencies } = require("./package.json") as { dependencies: Record<string, string> };

/** The packages of this folder that are not installed. */
export const MISSING: readonly string[] = Object.keys(dependencies).filter(
  (name) => !existsSync(join(import.meta.dirname, "node_modules", name)),
);

/** Whether the tests that need the packages are skipped. */
export const IS_SKIPPED = MISSING.length > 0;

/**
 * What is said before the tests run: nothing if no package is missing, otherwise that tests are skipped.
 *
 * @throws Error if a package is missing and `mode`, that is TINYCONV_INTEROP, is "required".
 */
export function interopNotice(missing: readonly string[], mode: string | undefined): string | undefined {
  if (missing.length === 0) return undefined;
  const names = missing.join(" and ");
  const remedy = '"npm ci --ignore-scripts --prefix test/interop"';
  if (mode === "required") {
    throw new Error(
      `test/interop: expected its packages, since TINYCONV_INTEROP is "required", got none of ${names}. Install them with ${remedy}.`,
    );
  }
  return `SKIPPED: the tests of test/interop, which run exported files in other runtimes, need ${names}. Install with ${remedy}.`;
}

/** A package of this folder. It is not imported by name, so that types are checked where it is not installed. */
export async function load(name: string): Promise<unknown> {
  return import(name);
}
