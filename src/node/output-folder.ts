import { randomUUID } from "node:crypto";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileError } from "./file-errors.js";

/**
 * Makes a folder ready for files to be written into: creates it and the folders around it, and writes a file there
 * to see that it can be done. To be called before hours of work whose result is to be kept there.
 *
 * @param names The files that will be written; those that are there already will be replaced.
 * @param remedy What to do about it, for the end of the error message.
 * @throws Error if the folder cannot be created or written to, or one of the names is taken by a folder.
 */
export async function prepareOutputFolder(
  folder: string,
  names: readonly string[],
  remedy = "",
): Promise<void> {
  const trial = join(folder, `${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(trial, "");
    await rm(trial);
  } catch (cause) {
    // mkdir only says that "it exists" of a file in its place
    const isFile = await stat(folder).then(
      (entry) => !entry.isDirectory(),
      () => false,
    );
    throw fileError("write", folder, isFile ? "it is a file, not a folder" : cause, remedy);
  }
  for (const name of names) {
    const path = join(folder, name);
    const entry = await stat(path).catch(() => undefined);
    if (entry?.isDirectory()) throw fileError("write", path, "it is a folder, not a file", remedy);
  }
}
