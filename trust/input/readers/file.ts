import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.js";

/** Reads bytes by a function that takes the path of a file; in its errors the file has its name alone. */
export async function readAsFile<T>(
  bytes: Uint8Array,
  name: string,
  read: (path: string) => Promise<T>,
): Promise<T> {
  const path = join(temporaryFolder(), name);
  await writeFile(path, bytes);
  try {
    return await read(path);
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace(path, name);
    throw error;
  }
}
