/**
 * The header of a safetensors file: a JSON object with a field for each tensor, and texts in `__metadata__`.
 *
 *     {"__metadata__": {"key": "text"}, "kernel": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
 *
 * `data_offsets` are the first byte of the tensor and the one behind its last, counted from the start of the data.
 */

import { type Shape, sizeOf } from "../tensor/shape.js";
import { describeJson, isJsonObject, isUnicode, type JsonObject, parseStrictJson } from "./json.js";

/** The bytes of a float32. */
export const FLOAT_BYTES = 4;

const METADATA = "__metadata__";
const FIELDS = ["dtype", "shape", "data_offsets"];
const MAX_DEPTH = 3; // the header, a tensor in it, the shape in that

/** Where a tensor lies: in the bytes `begin <= i < end` of the data. */
export interface TensorEntry {
  readonly name: string;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

/**
 * The header's text, without padding.
 *
 * @throws TypeError if a name, key or text is not a string; RangeError if it is not Unicode or is the reserved name.
 */
export function writeHeader(
  entries: readonly TensorEntry[],
  metadata: readonly (readonly [string, string])[],
): string {
  // fields are joined by hand: JSON.stringify of an object would move names like "10" to the front
  const fields: string[] = [];
  if (metadata.length > 0) {
    const texts = metadata.map(([key, text]) => {
      const quotedKey = quote("metadata keys", key);
      return `${quotedKey}:${quote(`metadata ${describeJson(key)}`, text)}`;
    });
    fields.push(`"${METADATA}":{${texts.join(",")}}`);
  }
  for (const { name, shape, begin, end } of entries) {
    if (name === METADATA) {
      throw new RangeError(
        `encodeSafetensors: expected tensor names other than "${METADATA}", got "${METADATA}". The format keeps it for texts.`,
      );
    }
    const field = quote("tensor names", name);
    fields.push(`${field}:{"dtype":"F32","shape":[${shape.join(",")}],"data_offsets":[${begin},${end}]}`);
  }
  return `{${fields.join(",")}}`;
}

/** A string as JSON writes it. */
function quote(what: string, text: string): string {
  if (typeof text !== "string") {
    throw new TypeError(`encodeSafetensors: expected ${what} to be text, got ${describeJson(text)}.`);
  }
  if (!isUnicode(text)) {
    throw new RangeError(
      `encodeSafetensors: expected ${what} to be Unicode, got half a surrogate pair in ${describeJson(text)}.`,
    );
  }
  return JSON.stringify(text);
}

/**
 * The entries, in the order of their data, and the texts of a header. The entries are known to fill the data's
 * `dataLength` bytes exactly, each with as many bytes as its shape needs.
 *
 * @throws Error that names the tensor, if the header is anything else.
 */
export function readHeader(
  text: string,
  dataLength: number,
): { readonly entries: readonly TensorEntry[]; readonly metadata: Map<string, string> } {
  if (!text.startsWith("{")) refuse('the header to begin with "{"', describeJson(text.slice(0, 8)));
  // JSON that begins with "{" is an object
  const header = parseStrictJson("decodeSafetensors", "the header", text, MAX_DEPTH) as JsonObject;
  const metadata = readMetadata(header[METADATA]);
  const entries: TensorEntry[] = [];
  for (const [name, field] of Object.entries(header)) {
    if (name !== METADATA) entries.push(readEntry(name, field, dataLength));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  expectContiguous(entries, dataLength);
  return { entries, metadata };
}

function readMetadata(field: unknown = {}): Map<string, string> {
  const metadata = new Map<string, string>();
  if (!isJsonObject(field)) refuse(`${METADATA} to be an object of texts`, describeJson(field));
  for (const [key, text] of Object.entries(field)) {
    if (typeof text !== "string") refuse(`metadata ${describeJson(key)} to be text`, describeJson(text));
    metadata.set(key, text);
  }
  return metadata;
}

function readEntry(name: string, field: unknown, dataLength: number): TensorEntry {
  const tensor = `tensor ${describeJson(name)}`;
  if (!isJsonObject(field)) refuse(`${tensor} to be an object`, describeJson(field));
  const keys = Object.keys(field);
  if (keys.length !== FIELDS.length || !FIELDS.every((key) => keys.includes(key))) {
    refuse(`${tensor} to have ${FIELDS.join(", ")} and no more`, describeJson(keys));
  }
  const { dtype, shape, data_offsets: offsets } = field;
  if (dtype !== "F32") {
    refuse(`${tensor} to have dtype "F32"`, describeJson(dtype), "Convert it to float32 first.");
  }
  if (!isCounts(shape) || !Number.isSafeInteger(sizeOf(shape))) {
    refuse(`${tensor} to have a shape of whole numbers >= 0, less than 2^53 elements`, describeJson(shape));
  }
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    refuse(`${tensor} to have data_offsets [begin, end], 0 <= begin <= end`, describeJson(offsets));
  }
  const [begin, end] = offsets as [number, number];
  if (end > dataLength) {
    refuse(`${tensor} to end within ${dataLength} bytes of data`, `${end}`, "The file is truncated.");
  }
  const wanted = FLOAT_BYTES * sizeOf(shape);
  if (end - begin !== wanted) {
    refuse(`${tensor} of shape ${describeJson(shape)} to have ${wanted} bytes`, `${end - begin}`);
  }
  return { name, shape, begin, end };
}

/** A list of whole numbers, none below zero, nor -0, which would become the length of an axis. */
function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0 && !Object.is(n, -0));
}

/** Checks that each tensor, in the order of the data, begins where the one before it ends. */
export function expectContiguous(entries: readonly TensorEntry[], dataLength: number): void {
  let position = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== position) {
      refuse(
        `tensor ${describeJson(name)} to begin at byte ${position}, where the one before it ends`,
        `${begin}`,
        "Tensors may neither overlap nor leave holes.",
      );
    }
    position = end;
  }
  if (position !== dataLength) refuse(`${position} bytes of data, as the tensors have`, `${dataLength}`);
}

function refuse(wanted: string, got: string, remedy = ""): never {
  throw new Error(`decodeSafetensors: expected ${wanted}, got ${got}.${remedy && ` ${remedy}`}`);
}
