import { expectInteger } from "../tensor/expect.js";
import { count, expectBytes, showStart } from "./bytes.js";
import { isGzip } from "./gunzip.js";

/**
 * IDX, the file format of MNIST: a header of big-endian 32-bit numbers, then the elements in row-major order.
 *
 *     images: 2051, N, H, W, then N·H·W bytes        labels: 2049, N, then N bytes
 *
 * The first number, the magic number, is two zero bytes, the type of the elements (8 is the unsigned byte, the
 * only one read here) and the number of axes. Source: http://yann.lecun.com/exdb/mnist/, "File formats".
 */
export type IdxKind = "images" | "labels";

/** Grey images as IDX holds them: one byte a pixel, 0 to 255. */
export interface IdxImages {
  /** The pixels, row by row. */
  readonly data: Uint8Array;
  /** `[N, H, W, 1]`: the one channel is added, since layers take `[N, H, W, C]`. */
  readonly shape: readonly [number, number, number, 1];
}

/** What the header of an IDX file says. */
export interface IdxHeader {
  /** `[N, H, W]` of images, `[N]` of labels. */
  readonly lengths: readonly number[];
  /** The length of the header, where the elements begin. */
  readonly headerBytes: number;
  /** The length of the whole file. */
  readonly fileBytes: number;
}

const AXES = { images: 3, labels: 1 } as const;
const UNSIGNED_BYTE = 0x08;
const OTHER_TYPES = new Map([
  [0x09, "signed bytes"],
  [0x0b, "16-bit integers"],
  [0x0c, "32-bit integers"],
  [0x0d, "32-bit floats"],
  [0x0e, "64-bit floats"],
]);

/** No larger file is read: 2 GiB, which no data set of this form comes near, and which a typed array can hold. */
const LARGEST_FILE = 2 ** 31;

/** The length of the header of an IDX file: the magic number, and a number for each axis. */
export function idxHeaderBytes(kind: IdxKind): number {
  return 4 + 4 * AXES[kind];
}

/**
 * The images of an IDX file, without a copy: `data` is a view on `bytes`.
 *
 * @param where The name of the file in error messages.
 * @throws Error if the bytes are not IDX images, or more or fewer than the header says.
 */
export function parseIdxImages(bytes: Uint8Array, where = "IDX images"): IdxImages {
  const { lengths, data } = parse(bytes, "images", where);
  const [n, height, width] = lengths as [number, number, number];
  return { data, shape: [n, height, width, 1] };
}

/**
 * The labels of an IDX file, without a copy: the result is a view on `bytes`.
 *
 * @param where The name of the file in error messages.
 * @param classes How many classes there are: labels are 0 to `classes` - 1.
 * @throws Error if the bytes are not IDX labels, or more or fewer than the header says.
 * @throws RangeError if a label is out of range.
 */
export function parseIdxLabels(bytes: Uint8Array, where = "IDX labels", classes = 10): Uint8Array {
  expectInteger(where, "classes", classes, { min: 1, max: 256 });
  const { data } = parse(bytes, "labels", where);
  const wrong = data.findIndex((label) => label >= classes);
  if (wrong !== -1) {
    throw new RangeError(
      `${where}: expected labels from 0 to ${classes - 1}, got ${data[wrong]} at index ${wrong}.`,
    );
  }
  return data;
}

/**
 * Reads and checks the header alone; `bytes` may be just the first `idxHeaderBytes(kind)` of a file.
 *
 * @throws Error if it is not a header of that kind, or counts nothing, or counts more than 2 GiB.
 */
export function parseIdxHeader(bytes: Uint8Array, kind: IdxKind, where: string): IdxHeader {
  expectBytes(where, bytes);
  const headerBytes = idxHeaderBytes(kind);
  if (bytes.length >= 4) expectMagic(bytes, kind, where);
  if (bytes.length < headerBytes) {
    throw new Error(
      `${where}: expected an IDX header of ${headerBytes} bytes, got ${count(bytes.length, "byte")}. The file is cut short: download it again.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const lengths = Array.from({ length: AXES[kind] }, (_, axis) => view.getUint32(4 + 4 * axis));
  if (lengths.includes(0)) {
    const least = kind === "images" ? "1 image of 1 x 1" : "1 label";
    throw new Error(`${where}: expected at least ${least}, got ${showLengths(lengths)}.`);
  }
  // three 32-bit numbers may multiply to more than 2^53, but a rounded product is still above the bound
  const fileBytes = lengths.reduce((product, length) => product * length, 1) + headerBytes;
  if (fileBytes > LARGEST_FILE) {
    throw new Error(
      `${where}: expected a file of at most ${LARGEST_FILE} bytes, got a header for ${showLengths(lengths)}. The file is damaged: download it again.`,
    );
  }
  return { lengths, headerBytes, fileBytes };
}

function parse(
  bytes: Uint8Array,
  kind: IdxKind,
  where: string,
): { lengths: readonly number[]; data: Uint8Array } {
  const { lengths, headerBytes, fileBytes } = parseIdxHeader(bytes, kind, where);
  const expected = `${where}: expected ${fileBytes} bytes for ${showLengths(lengths)}, got ${bytes.length}`;
  const missing = fileBytes - bytes.length;
  if (missing > 0) {
    throw new Error(
      `${expected}: ${count(missing, "byte")} missing. The file is cut short: download it again.`,
    );
  }
  if (missing < 0) {
    throw new Error(
      `${expected}: ${count(-missing, "byte")} left over. The file is damaged: download it again.`,
    );
  }
  // not bytes.subarray, which of a Node Buffer is a Buffer, whose slice() does not copy
  return {
    lengths,
    data: new Uint8Array(bytes.buffer, bytes.byteOffset + headerBytes, fileBytes - headerBytes),
  };
}

/** Checks the first four bytes, and says as precisely as they allow what the file is instead. */
function expectMagic(bytes: Uint8Array, kind: IdxKind, where: string): void {
  const [zero0, zero1, type = 0, axes] = bytes;
  const isIdx = zero0 === 0 && zero1 === 0;
  if (isIdx && type === UNSIGNED_BYTE && axes === AXES[kind]) return;

  const expected = `${where}: expected IDX ${kind} (magic number ${magicOf(kind)}), got`;
  const other = kind === "images" ? "labels" : "images";
  if (isGzip(bytes)) {
    throw new Error(`${expected} gzip data. Decompress it first, with gunzip.`);
  }
  if (isIdx && type === UNSIGNED_BYTE && axes === AXES[other]) {
    throw new Error(`${expected} IDX ${other} (${magicOf(other)}). Give the file of the ${kind} here.`);
  }
  if (isIdx && type === UNSIGNED_BYTE) {
    throw new Error(`${expected} IDX data of ${axes} axes. Images have 3 (N, H, W) and labels 1 (N).`);
  }
  const typeName = OTHER_TYPES.get(type);
  if (isIdx && typeName) {
    throw new Error(`${expected} IDX data of ${typeName}. Save it as unsigned bytes.`);
  }
  throw new Error(`${expected} ${showStart(bytes)}. This is not an IDX file: download it again.`);
}

function magicOf(kind: IdxKind): number {
  return (UNSIGNED_BYTE << 8) | AXES[kind];
}

/** `60000 images of 28 x 28`, `60000 labels`. */
function showLengths(lengths: readonly number[]): string {
  const [n, height, width] = lengths as [number, number?, number?];
  return height === undefined ? count(n, "label") : `${count(n, "image")} of ${height} x ${width}`;
}
