import { resolve, sep } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ledInside, removeTemporaryFolder, temporaryFolder } from "../../trust/input/temporary-folder.js";
import { wild } from "../../trust/input/wild.js";

/*
 * The calls of the section "input" write, move and remove files in wild places. That none of them can be outside of the
 * folder for temporary files is proved here.
 */

const before = process.cwd();
let folder: string;

beforeAll(() => {
  folder = temporaryFolder();
});

afterAll(() => {
  removeTemporaryFolder();
  expect(process.cwd()).toBe(before);
});

const isInside = (path: string): boolean => `${resolve(path)}${sep}`.startsWith(`${folder}${sep}`);

/** Whether Node could take it for a place outside: it takes texts and bytes without NUL for paths, and URLs, which are never made. */
function leadsOutside(value: unknown): boolean {
  const path = typeof value === "string" ? value : ArrayBuffer.isView(value) ? textOf(value) : undefined;
  return path !== undefined && !path.includes("\0") && !isInside(path);
}

const textOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  byteLength === 0 ? "" : Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString("latin1");

const places = fc.string({ unit: fc.constantFrom("/", ".", "..", "a", "~", "\\", ":", "\0", " ") });

test("leaves no text, and no bytes, a way out of the folder", () => {
  for (const text of ["/", "..", "../..", "/etc/passwd", "a/../../b", "./", ".../..", "~", "-", "C:\\"]) {
    expect(leadsOutside(ledInside(text)), text).toBe(false);
    expect(leadsOutside(ledInside(Buffer.from(text))), text).toBe(false);
  }
  const led = fc.property(places, (text) => {
    expect(leadsOutside(ledInside(text))).toBe(false);
    expect(leadsOutside(ledInside(new TextEncoder().encode(text)))).toBe(false);
  });
  fc.assert(led, { numRuns: 2000, seed: 1 });
});

test("leaves no wild value a way out either", () => {
  const led = fc.property(wild, ({ make }) => {
    expect(leadsOutside(ledInside(make(folder)))).toBe(false);
  });
  fc.assert(led, { numRuns: 5000, seed: 1 });
});

test("leaves what is refused as a path as it is", () => {
  for (const value of ["", "a\0b", 3, undefined, null]) expect(ledInside(value)).toBe(value);
  expect(isInside("")).toBe(true); // the current folder
});
