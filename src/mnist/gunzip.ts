import { expectInteger, expectOptions } from "../tensor/expect.js";
import { expectBytes, showStart } from "./bytes.js";

/** Options of `gunzip`. */
export interface GunzipOptions {
  /** The most bytes the result may have; data that holds more is given up as soon as this is passed. */
  readonly limit: number;
  /** The name of the data in error messages. @default "gunzip" */
  readonly where?: string;
}

/** True if the data begins with the two bytes of a gzip header, 1f 8b (RFC 1952, section 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  expectBytes("isGzip", bytes);
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The decompressed content of gzip data, by the web's own `DecompressionStream`, in browsers and in Node.
 *
 * Memory stays in proportion to `limit`, whatever the data unpacks to. The data must be one gzip member and
 * nothing after it, as the Compression Streams standard has it; engines that are more lenient are held to that.
 *
 * @throws Error if the data is not gzip data, is cut short or damaged, or has bytes after its end.
 * @throws RangeError if it unpacks to more than `limit` bytes, or `limit` is not a whole number.
 */
export async function gunzip(bytes: Uint8Array, options: GunzipOptions): Promise<Uint8Array> {
  const { limit, where = "gunzip" } = expectOptions("gunzip", options);
  expectInteger(where, "limit", limit, { min: 0 });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of inflate(bytes, where)) {
    length += chunk.length;
    if (length > limit) {
      throw new RangeError(
        `${where}: expected at most ${limit} bytes after decompression, got more. The file is damaged or not what it claims to be.`,
      );
    }
    chunks.push(chunk);
  }
  if (length % 2 ** 32 !== statedLength(bytes)) throw damaged(where);
  return concatenate(chunks, length);
}

/**
 * The first `length` bytes of the decompressed content, or all of it where it is shorter; what follows is not
 * looked at. With it a header can be read, and the `limit` for `gunzip` be taken from it.
 *
 * @throws Error if the data is not gzip data, or is damaged before that point.
 */
export async function gunzipStart(bytes: Uint8Array, length: number, where = "gunzip"): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let got = 0;
  for await (const chunk of inflate(bytes, where)) {
    chunks.push(chunk);
    got += chunk.length;
    if (got >= length) break;
  }
  return concatenate(chunks, got).subarray(0, length);
}

/** The decompressed content, chunk by chunk. Leaving the loop early stops the decompression. */
async function* inflate(bytes: Uint8Array, where: string): AsyncGenerator<Uint8Array, void, void> {
  expectBytes(where, bytes);
  if (!isGzip(bytes)) {
    throw new Error(
      `${where}: expected gzip data, which begins with the bytes 1f 8b, got ${showStart(bytes)}.`,
    );
  }
  // a failure reaches us through the reader; pipeThrough marks the writing side's copy of it as handled
  const reader = streamOf(bytes).pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw damaged(where, cause);
      });
      if (done) return;
      yield value;
    }
  } finally {
    // a stream that has failed refuses to be cancelled, with the error that was already thrown above
    reader.cancel().catch(() => {});
  }
}

/** How much compressed data is handed over at a time. */
const SLICE_BYTES = 16 * 1024;

/**
 * The bytes as a stream of small slices. Some engines unpack a whole slice before anybody can read from it, and
 * deflate unpacks up to 1032-fold: so 16 KiB run ahead of the limit by 16 MiB at most.
 */
function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close();
      controller.enqueue(new Uint8Array(bytes.subarray(offset, offset + SLICE_BYTES)));
      offset += SLICE_BYTES;
    },
  });
}

/** The last field of a gzip member: its decompressed length modulo 2^32, little-endian. */
function statedLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(bytes.length - 4, true);
}

function damaged(where: string, cause?: unknown): Error {
  return new Error(
    `${where}: expected one whole gzip member, got data that is cut short, damaged or followed by other bytes. Download the file again.`,
    { cause },
  );
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
