import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The first digits of the SHA-256 of all files in a folder, with their names: what a result is of. */
export function sourceHash(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ path, name: path.slice(folder.length).replaceAll("\\", "/") }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const hash = createHash("sha256");
  for (const { path, name } of files) {
    const text = readFileSync(path, "utf8").replaceAll("\r\n", "\n"); // as git keeps it
    hash.update(`${name}\0${text}\0`);
  }
  return hash.digest("hex").slice(0, 12);
}
