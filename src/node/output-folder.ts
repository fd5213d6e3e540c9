import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { refuse } from "../tensor/expect.js";
import { expectFolder } from "./expect-path.js";
import { fileError } from "./file-errors.js";
import { removeAbandoned, unfinishedPath } from "./unfinished-file.js";

/** The name of the file that is written to see whether one can be, while it is unfinished, which it stays. */
export const TRIAL = "trial";

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
  const where = "prepareOutputFolder";
  expectFolder(where, folder);
  expectNames(where, names);
  if (typeof remedy !== "string") refuse(where, "remedy", "a text", remedy);
  const trial = join(folder, TRIAL);
  try {
    await makeFolder(folder);
    await removeAbandoned(trial);
    const unfinished = unfinishedPath(trial);
    await writeFile(unfinished, "");
    await rm(unfinished);
  } catch (cause) {
    // mkdir and writeFile do not say so of a file in its place
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

/** Checks a list of names of files. */
function expectNames(where: string, names: readonly string[]): void {
  if (!Array.isArray(names)) refuse(where, "names", "a list of the names of files", names);
  for (const [i, name] of names.entries()) {
    if (typeof name === "string" && name !== "" && !name.includes("\0")) continue;
    refuse(where, `names[${i}]`, "the name of a file", name);
  }
}

/**
 * Creates a folder, and those around it. The `recursive` of mkdir would do, but it takes a read-only disk for a folder
 * that is missing, and never comes back from a place such as /proc, where no folder can be made.
 */
export async function makeFolder(folder: string): Promise<void> {
  const isThere = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (isThere) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error; // somebody else was faster, or a file is in its place
  });
}
