import { describeJson, isJsonObject, type JsonObject, parseStrictJson } from "../formats/json.js";
import { decodeSafetensors } from "../formats/safetensors.js";
import { expectContiguous } from "../formats/safetensors-header.js";
import type { Shape } from "../tensor/shape.js";

const WHERE = "inspectFile";
const LENGTH_BYTES = 8;
const DEEPEST = 3; // the header, a tensor in it, the shape in that

/** A tensor in a file, of any type. */
export interface StoredTensor {
  readonly name: string;
  /** `F32` and the like. */
  readonly type: string;
  readonly shape: Shape;
  readonly data: Uint8Array;
}

/** True for what begins as a safetensors file: the length of a header, and a header that fits and is an object. */
export function isSafetensors(bytes: Uint8Array): boolean {
  return bytes.length > LENGTH_BYTES && headerEnd(bytes) <= bytes.length && bytes[LENGTH_BYTES] === 0x7b; // "{"
}

function headerEnd(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return LENGTH_BYTES + Number(view.getBigUint64(0, true));
}

/**
 * The tensors of a safetensors file, in the order of their data, and its texts. Types other than float32, which
 * `decodeSafetensors` does not read, are listed as well. The data are views of the given bytes.
 *
 * @throws Error if the file is damaged.
 */
export function listTensors(bytes: Uint8Array): {
  readonly tensors: readonly StoredTensor[];
  readonly metadata: ReadonlyMap<string, string>;
} {
  const end = headerEnd(bytes);
  const text = new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, end));
  // which begins with "{", or it would not be taken for such a file
  const header = parseStrictJson(WHERE, "the header", text, DEEPEST) as JsonObject;
  const { __metadata__: texts = {}, ...fields } = header;
  const data = bytes.subarray(end);
  const entries = Object.entries(fields).map(([name, field]) => ({
    name,
    ...readField(name, field, data.length),
  }));
  // of other types only the places are checked
  if (entries.every(({ type }) => type === "F32")) decodeSafetensors(bytes);
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  expectContiguous(entries, data.length);
  return {
    tensors: entries.map(({ begin, end: last, ...tensor }) => ({
      ...tensor,
      data: data.subarray(begin, last),
    })),
    metadata: new Map(
      isJsonObject(texts) ? Object.entries(texts).map(([key, value]) => [key, String(value)]) : [],
    ),
  };
}

function readField(name: string, field: unknown, length: number) {
  const { dtype: type, shape, data_offsets: offsets } = isJsonObject(field) ? field : {};
  if (typeof type === "string" && isCounts(shape) && isCounts(offsets) && offsets.length === 2) {
    const [begin, end] = offsets as [number, number];
    if (begin <= end && end <= length) return { type, shape, begin, end };
  }
  throw new Error(
    `${WHERE}: expected tensor ${describeJson(name)} to have dtype, shape and data_offsets within ${length} bytes of data, got ${describeJson(offsets)}. The file is damaged.`,
  );
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
