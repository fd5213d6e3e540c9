import { type FileHandle, open, stat } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { isGzip } from "../mnist/gunzip.js";
import { fileError } from "./file-errors.js";

const CHUNK_BYTES = 1 << 18;

/**
 * The bytes of a file, chunk by chunk, unpacked if they are gzip data, which is known by its first bytes and not by
 * the file's name. The file is closed when it has been read, or when whoever reads it leaves the loop.
 *
 * @param signal Ends reading between two chunks, with its reason.
 * @throws Error if the file cannot be read, or if it is gzip data and damaged.
 */
export async function* fileChunks(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  signal?.throwIfAborted();
  const file = await openFile(path);
  try {
    const start = new Uint8Array(2);
    await file.read(start, 0, 2, 0).catch(cannotRead(path)); // leaves the file's position where it is
    const chunks = readChunks(file, path);
    for await (const chunk of isGzip(start) ? gunzipChunks(chunks, path) : chunks) {
      signal?.throwIfAborted();
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  const entry = await stat(path).catch(cannotRead(path));
  if (entry.isDirectory()) throw fileError("read", path, "it is a folder, not a file");
  // a device may have no end, and the opening of a pipe waits for somebody to write into it
  if (!entry.isFile()) throw fileError("read", path, "it is not a file");
  return open(path).catch(cannotRead(path));
}

async function* readChunks(file: FileHandle, path: string): AsyncGenerator<Uint8Array, void, void> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK_BYTES)).catch(cannotRead(path));
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/**
 * Unpacks gzip data, chunk by chunk. As the program gunzip has it, it may be several members one after the other; it
 * ends at a zero byte after a member, where other data may have been padded.
 *
 * @param where The name of the file in error messages.
 * @throws Error if the data is cut short or damaged, or has other bytes after its end; and whatever `chunks` throws.
 */
export async function* gunzipChunks(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    // errors of the chunks and of gunzip reach the loop below, so there is nothing to do in the callback
    yield* pipeline(chunks, createGunzip(), () => {});
  } catch (cause) {
    const isDamage = cause instanceof Error && "code" in cause && String(cause.code).startsWith("Z_");
    if (!isDamage) throw cause;
    throw new Error(
      `${where}: expected gzip data, got data that is cut short, damaged or followed by other bytes (${cause.message}). Download the file again.`,
      { cause },
    );
  }
}

function cannotRead(path: string): (cause: unknown) => never {
  return (cause) => {
    throw fileError("read", path, cause);
  };
}
