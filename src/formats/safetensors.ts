/**
 * The safetensors format (https://github.com/huggingface/safetensors, "Format"): named tensors in one file that
 * runs no code when it is read. All numbers are little-endian.
 *
 *     8 bytes   N, the length of the header: an unsigned 64-bit integer
 *     N bytes   the header: JSON that says where each tensor lies (see safetensors-header.ts), padded with spaces
 *     the rest  the data: the tensors one behind the other, row-major, without overlap or hole
 */

import { allocateArray, allocateBytes } from "../tensor/allocate.js";
import { describe, refuse } from "../tensor/expect.js";
import { Tensor } from "../tensor/tensor.js";
import { describeJson, isJsonObject } from "./json.js";
import { FLOAT_BYTES, readHeader, type TensorEntry, writeHeader } from "./safetensors-header.js";
import { writeFloats } from "./weight-bytes.js";

const LENGTH_BYTES = 8; // of the number N
const MAX_HEADER_BYTES = 100_000_000; // the limit of the reference reader

/** What a safetensors file holds. */
export interface Safetensors {
  /** The tensors by name, in the order of their data. */
  readonly tensors: Map<string, Tensor>;
  /** The texts beside them; empty where the file has none. */
  readonly metadata: Map<string, string>;
}

/**
 * The bytes of a safetensors file with the given tensors, in the order of the map, and texts. The same input gives
 * the same bytes. The data starts at a multiple of 8 bytes, so that others may view it in place.
 *
 * @param metadata Texts by their keys. @default {}
 * @throws TypeError if a tensor is not a Tensor, or a name or text is not a string.
 * @throws RangeError if a tensor is called `__metadata__`, if a name or text is not Unicode, or if the header would
 * be longer than the 100,000,000 bytes that readers accept.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = layOut(tensors);
  if (!isJsonObject(metadata)) {
    throw new TypeError(
      `encodeSafetensors: expected metadata to be a Map or an object, got ${describe(metadata)}.`,
    );
  }
  const texts = metadata instanceof Map ? [...metadata] : Object.entries(metadata);
  const header = new TextEncoder().encode(writeHeader(entries, texts));
  const headerLength = 8 * Math.ceil(header.length / 8);
  if (headerLength > MAX_HEADER_BYTES) {
    throw new RangeError(
      `encodeSafetensors: expected a header of at most ${MAX_HEADER_BYTES} bytes, got ${headerLength}. Shorten the metadata.`,
    );
  }
  const dataStart = LENGTH_BYTES + headerLength;
  const bytes = allocateBytes("encodeSafetensors", [dataStart + (entries.at(-1)?.end ?? 0)]);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, LENGTH_BYTES, dataStart); // spaces
  bytes.set(header, LENGTH_BYTES);

  let position = dataStart;
  for (const { data } of tensors.values()) {
    writeFloats(view, position, data);
    position += FLOAT_BYTES * data.length;
  }
  return bytes;
}

/** Gives each tensor its place in the data: one behind the other. */
function layOut(tensors: ReadonlyMap<string, Tensor>): TensorEntry[] {
  if (!(tensors instanceof Map)) {
    throw new TypeError(`encodeSafetensors: expected tensors to be a Map, got ${describe(tensors)}.`);
  }
  const entries: TensorEntry[] = [];
  let begin = 0;
  for (const [name, tensor] of tensors) {
    if (!(tensor instanceof Tensor)) {
      throw new TypeError(
        `encodeSafetensors: expected tensor ${describeJson(name)} to be a Tensor, got ${describe(tensor)}.`,
      );
    }
    const end = begin + FLOAT_BYTES * tensor.size;
    entries.push({ name, shape: tensor.shape, begin, end });
    begin = end;
  }
  return entries;
}

/**
 * The tensors and texts of a safetensors file. Every tensor is a copy, bit for bit, and does not hold on to `bytes`.
 *
 * Only float32 (`F32`) is read. The file may come from anywhere: whatever breaks the format is refused, and nothing
 * is allocated that is out of proportion to the file. The values are not looked at: NaN and infinities pass.
 *
 * @throws TypeError if `bytes` is not a Uint8Array.
 * @throws Error if the file is truncated, is not in this format, or holds other than F32.
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  expectBytes("decodeSafetensors", bytes);
  if (bytes.length < LENGTH_BYTES) {
    throw new Error(
      `decodeSafetensors: expected at least ${LENGTH_BYTES} bytes, got ${bytes.length}. The file is truncated.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart = LENGTH_BYTES + readHeaderLength(view);
  // a copy, since TextDecoder takes no shared memory
  const header = decodeText(new Uint8Array(bytes.subarray(LENGTH_BYTES, dataStart)));
  const { entries, metadata } = readHeader(header, bytes.length - dataStart);

  const tensors = new Map<string, Tensor>();
  for (const { name, shape, begin, end } of entries) {
    const words = allocateArray(Uint32Array, "decodeSafetensors", [(end - begin) / FLOAT_BYTES]);
    for (let i = 0; i < words.length; i++) {
      words[i] = view.getUint32(dataStart + begin + FLOAT_BYTES * i, true); // `begin` may be any byte
    }
    tensors.set(name, new Tensor(shape, new Float32Array(words.buffer)));
  }
  return { tensors, metadata };
}

/**
 * Checks that something is the bytes of a file.
 *
 * @throws TypeError `loadModel: expected bytes to be a Uint8Array, got "model.safetensors" (string).`
 */
export function expectBytes(where: string, bytes: Uint8Array): void {
  if (!(bytes instanceof Uint8Array)) refuse(where, "bytes", "a Uint8Array", bytes);
}

/** The number N, checked against the file, so that everything after may trust it. */
function readHeaderLength(file: DataView): number {
  const length = file.getBigUint64(0, true); // a bigint: a number would round above 2^53
  if (length > MAX_HEADER_BYTES) {
    throw new Error(
      `decodeSafetensors: expected a header of at most ${MAX_HEADER_BYTES} bytes, got ${length}. This is not a safetensors file.`,
    );
  }
  const rest = file.byteLength - LENGTH_BYTES;
  if (length > rest) {
    throw new Error(
      `decodeSafetensors: expected a header of ${length} bytes, got ${rest}. The file is truncated, or is not a safetensors file.`,
    );
  }
  return Number(length);
}

/** UTF-8 to text, with a byte order mark kept: it is not "{", and the header must begin with one. */
function decodeText(utf8: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(utf8);
  } catch (cause) {
    throw new Error("decodeSafetensors: expected the header to be UTF-8, got bytes that are not.", { cause });
  }
}
