import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fileError } from "./file-errors.js";

/** A piece of a file: bytes, or text that is written as UTF-8. */
export type FilePiece = Uint8Array | string;

/**
 * Writes a file so that its path never names half of it, even if the machine stops in the middle: the bytes go to a
 * new file beside it and onto the disk, and only then does that file take the path, in one step. Of several writers
 * at once the last one wins, whole.
 *
 * @param content All of it, or pieces that are made as they are written; so a large file need not fit in memory.
 * @throws Error if it cannot be written, or whatever the making of a piece throws; what was at the path before is
 * still there, and nothing is left beside it.
 */
export async function writeFileAtomically(
  path: string,
  content: FilePiece | Iterable<FilePiece> | AsyncIterable<FilePiece>,
): Promise<void> {
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  const fail = (cause: unknown): never => {
    throw fileError("write", path, cause);
  };
  // beside it, since a rename cannot cross from one disk to another
  const unfinished = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(unfinished, "wx").catch(fail);
    try {
      for await (const piece of pieces) await file.writeFile(piece).catch(fail);
      await file.sync().catch(fail);
    } finally {
      await file.close().catch(fail);
    }
    await rename(unfinished, path).catch(fail);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {}); // the first error is the one to tell
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Puts a folder's list of names onto the disk, so that a rename outlasts a loss of power. Where folders cannot be
 * opened or synchronised, as on Windows, the system sees to that itself, and the file is in its place anyhow.
 */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close().catch(() => {});
}
