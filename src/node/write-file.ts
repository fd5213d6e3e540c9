import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, refuse } from "../tensor/expect.js";
import { expectFilePath } from "./expect-path.js";
import { fileError } from "./file-errors.js";
import { removeAbandoned, unfinishedPath } from "./unfinished-file.js";

/** A piece of a file: bytes, or text that is written as UTF-8. */
export type FilePiece = Uint8Array | string;

/**
 * Writes a file so that its path never names half of it, even if the machine stops in the middle: the bytes go to a
 * new file beside it and onto the disk, and only then does that file take the path, in one step. Of several writers
 * at once the last one wins, whole. A file that is replaced keeps its permissions, and where the path is a link, the file
 * that it leads to is the one replaced.
 *
 * @param content All of it, or pieces that are made as they are written; so a large file need not fit in memory.
 * @throws Error if it cannot be written, or something else than a file is at the path, such as a device; TypeError if the content or a
 * piece of it is nothing to write; or whatever the making of a piece throws; what was at the path before is still there, and nothing is
 * left beside it. Error too if the disk fails at the very last, when the file has taken its
 * place but may lose it again if the machine stops.
 */
export async function writeFileAtomically(
  path: string,
  content: FilePiece | Iterable<FilePiece> | AsyncIterable<FilePiece>,
): Promise<void> {
  expectFilePath("writeFileAtomically", path);
  expectContent(content);
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  const fail = (cause: unknown): never => {
    throw fileError("write", path, cause);
  };
  const { place, mode } = await findPlace(path).catch(fail);
  await removeAbandoned(place); // first, for there may be no room beside them
  const unfinished = unfinishedPath(place);
  try {
    const file = await open(unfinished, "wx").catch(fail);
    try {
      if (mode !== undefined) await file.chmod(mode).catch(fail);
      for await (const piece of pieces) {
        expectPiece(piece);
        await file.writeFile(piece).catch(fail);
      }
      await file.sync().catch(fail);
    } finally {
      await file.close().catch(fail);
    }
    await rename(unfinished, place).catch(fail);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {}); // the first error is the one to tell
    throw error;
  }
  await syncFolder(dirname(place)).catch((cause: unknown) => {
    throw fileError("write", path, cause, "It is in its place, but may not be on the disk yet.");
  });
}

function expectContent(content: unknown): void {
  if (typeof content === "string" || content instanceof Uint8Array) return;
  // other arrays are lists of numbers, which are no pieces
  if (typeof content === "object" && content !== null && !ArrayBuffer.isView(content)) {
    if (Symbol.iterator in content || Symbol.asyncIterator in content) return;
  }
  refuse("writeFileAtomically", "content", "a text, a Uint8Array or an iterable of these", content);
}

function expectPiece(piece: unknown): void {
  if (typeof piece === "string" || (piece instanceof Uint8Array && !isDetached(piece))) return;
  const got = piece instanceof Uint8Array ? "a Uint8Array that was transferred" : describe(piece);
  throw new TypeError(
    `writeFileAtomically: expected each piece of content to be a text or a Uint8Array, got ${got}.`,
  );
}

/** True for an array whose memory was given to another thread; it looks empty. */
function isDetached({ length, buffer }: Uint8Array): boolean {
  if (length > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/**
 * Where a file of that path lies, links followed, and its permissions if it is there already.
 *
 * @throws if something else than a file or a folder is there: a rename would put a file in the place of a device. A folder
 * refuses the rename itself. Also if the disk does not tell what is there.
 */
async function findPlace(path: string): Promise<{ place: string; mode?: number }> {
  const place = await realpath(path).catch(unlessMissing(path));
  const entry = await stat(place).catch(unlessMissing(undefined));
  if (!entry || entry.isDirectory()) return { place };
  if (!entry.isFile()) throw "it is not a file";
  return { place, mode: entry.mode & 0o777 };
}

/** What to take where there is no such file yet; any other error is thrown on. */
function unlessMissing<Value>(value: Value): (error: NodeJS.ErrnoException) => Value {
  return (error) => {
    if (error.code === "ENOENT") return value;
    throw error;
  };
}

/** What a system says that does not let this folder, or any, be opened or synchronised; Windows the first two. */
const NO_FOLDERS: readonly unknown[] = ["EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP"];

/**
 * Puts a folder's list of names onto the disk, so that a rename outlasts a loss of power. Where folders cannot be
 * opened or synchronised, as on Windows, the system sees to that itself.
 */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    // nothing was written by this handle, so its end can lose nothing
    await handle.sync().finally(() => handle.close().catch(() => {}));
  } catch (error) {
    if (error instanceof Error && "code" in error && NO_FOLDERS.includes(error.code)) return;
    throw error;
  }
}
