import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { fileError } from "./file-errors.js";

/**
 * Writes a file so that its path never names half of it, even if the machine stops in the middle: the bytes go to a
 * new file beside it and onto the disk, and only then does that file take the path, in one step. Of several writers
 * at once the last one wins, whole.
 *
 * @throws Error if it cannot be written; what was at the path before is still there, and nothing is left beside it.
 */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  // beside it, since a rename cannot cross from one disk to another
  const unfinished = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(unfinished, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => {}); // the first error is the one to tell
    throw fileError("write", path, cause);
  }
}
