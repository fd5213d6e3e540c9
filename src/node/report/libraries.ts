import { pathToFileURL } from "node:url";
import { messageOf } from "../file-errors.js";
import { resolveHereOrInCurrentFolder } from "../resolve-package.js";
import { listOf } from "../words.js";

interface Packages {
  readonly vega: typeof import("vega");
  readonly "vega-lite": typeof import("vega-lite");
  readonly sharp: typeof import("sharp");
}

/** What draws the pictures: the charts, and images out of pixels and of charts. */
export interface Libraries {
  readonly vega: Packages["vega"];
  readonly vegaLite: Packages["vega-lite"];
  readonly sharp: Packages["sharp"]["default"];
}

/** Imports a package by its name, as `import` does, or throws. */
export type ImportPackage = <Name extends keyof Packages>(name: Name) => Promise<Packages[Name]>;

/**
 * The packages that draw a report. They are large, and nothing else needs them, so they are loaded here and not
 * before, and this library does not install them.
 *
 * @param importPackage How to load one; tests hand in their own.
 * @throws Error with the command that installs them, if one is missing or does not load.
 */
export async function loadLibraries(
  importPackage: ImportPackage = importFromHereOrCurrentFolder,
): Promise<Libraries> {
  const missing: string[] = [];
  const load = async <Name extends keyof Packages>(name: Name): Promise<Packages[Name] | undefined> => {
    try {
      return await importPackage(name);
    } catch (cause) {
      if (!isNotFound(cause)) throw loadError(name, cause);
      missing.push(name);
      return undefined;
    }
  };
  const vega = await load("vega");
  const vegaLite = await load("vega-lite");
  const sharp = await load("sharp");
  if (vega && vegaLite && sharp) return { vega, vegaLite, sharp: sharp.default };
  const which = missing.length === 1 ? "package" : "packages";
  const verb = missing.length === 1 ? "is" : "are";
  throw new Error(
    `Cannot draw the report: the ${which} ${listOf(missing, "and")} ${verb} not installed. ${REMEDY}`,
  );
}

const REMEDY = 'Install what draws it with "npm install vega vega-lite sharp".';

const importFromHereOrCurrentFolder: ImportPackage = async (name) =>
  import(pathToFileURL(resolveHereOrInCurrentFolder(name)).href);

function isNotFound(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND";
}

/** A package that is there and does not work, as sharp where it was installed for another system. */
function loadError(name: string, cause: unknown): Error {
  const [reason] = messageOf(cause).split("\n");
  return new Error(`Cannot draw the report: the package ${name} does not load (${reason}). ${REMEDY}`, {
    cause,
  });
}
