import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { fileError } from "./file-errors.js";
import { formatCount } from "./numbers.js";

/** Options of `readWholeFile`. */
export interface ReadFileOptions {
  /** The most bytes that are read. @default 2 GiB, the most that Node reads at once */
  readonly limit?: number;
  /** What to do about a file that cannot be read, for the end of the error message. @default "" */
  readonly remedy?: string;
}

/**
 * The bytes of a file. A pipe or a device, which may have no end, is refused, and so is a file that is too large, before any
 * of it is read.
 *
 * @throws Error `Cannot read data/x: it is not a file.`
 */
export async function readWholeFile(
  path: string,
  { limit = 2 ** 31, remedy = "" }: ReadFileOptions = {},
): Promise<Buffer> {
  try {
    // without waiting for somebody to write, as it would at the end of a pipe
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const entry = await file.stat();
      // a folder is refused by readFile
      if (!entry.isFile() && !entry.isDirectory()) throw "it is not a file";
      if (entry.size > limit) throw `it has more than ${formatCount(limit)} bytes`;
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileError("read", path, cause, remedy);
  }
}
