import { describe } from "../tensor/expect.js";

/**
 * Checks the path of a file. Node would also take bytes and URLs, and say in words of its own what else it cannot take.
 *
 * @throws TypeError `readImage: expected path to be the path of a file, got 3 (number).`
 */
export function expectFilePath(where: string, path: string): void {
  expectPath(where, "path", "a file", path);
}

/**
 * Checks the path of a folder. One of no characters would be taken for the current folder here, and for none there.
 *
 * @throws TypeError `readRunModel: expected folder to be the path of a folder, got "" (string).`
 */
export function expectFolder(where: string, folder: string): void {
  expectPath(where, "folder", "a folder", folder);
}

function expectPath(where: string, name: string, what: string, path: unknown): void {
  if (typeof path === "string" && path !== "" && !path.includes("\0")) return;
  const remedy = path instanceof URL ? " fileURLToPath of node:url makes one of a URL." : "";
  throw new TypeError(
    `${where}: expected ${name} to be the path of ${what}, got ${describe(path)}.${remedy}`,
  );
}
