import { describe } from "../tensor/expect.js";

/**
 * Bytes, and nothing that merely holds them.
 *
 * @throws TypeError `gunzip: expected bytes to be a Uint8Array, got a value of type ArrayBuffer. Wrap it: new Uint8Array(buffer).`
 */
export function expectBytes(where: string, bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  const value: unknown = bytes;
  const remedy = value instanceof ArrayBuffer ? " Wrap it: new Uint8Array(buffer)." : "";
  throw new TypeError(`${where}: expected bytes to be a Uint8Array, got ${describe(value)}.${remedy}`);
}

/** The first four bytes as an error message shows them: `the bytes 1f 8b 08 00`, or `an empty file`. */
export function showStart(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  const hex = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0"));
  return `the bytes ${hex.join(" ")}`;
}

/** A number with its noun: `1 image`, `3 images`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
