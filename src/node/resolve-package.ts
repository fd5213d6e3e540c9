import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** Finds the file of a module, as `require.resolve` does, or throws. */
export type Resolve = (id: string) => string;

/**
 * Looks for a package beside this library, and then from the current folder, so that it is found where the library is
 * installed globally too.
 *
 * @throws Error with the code MODULE_NOT_FOUND if it is not installed.
 */
export const resolveHereOrInCurrentFolder: Resolve = (id) => {
  const here = dirname(fileURLToPath(import.meta.url));
  return createRequire(import.meta.url).resolve(id, { paths: [here, process.cwd()] });
};
