import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readWholeFile } from "../../src/node/read-file.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tinyconv-read-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("readWholeFile", () => {
  test("reads a file, and one that a link leads to", async () => {
    const path = join(folder, "file");
    writeFileSync(path, "bytes");
    expect(String(await readWholeFile(path))).toBe("bytes");
    symlinkSync(path, join(folder, "link"));
    expect(String(await readWholeFile(join(folder, "link")))).toBe("bytes");
  });

  test("says what is wrong with one that cannot be read, and what to do", async () => {
    const missing = join(folder, "missing");
    await expect(readWholeFile(missing, { remedy: "Look elsewhere." })).rejects.toThrow(
      new Error(`Cannot read ${missing}: no such file or folder. Look elsewhere.`),
    );
    await expect(readWholeFile(folder)).rejects.toThrow(
      new Error(`Cannot read ${folder}: it is a folder, not a file.`),
    );
  });

  test("refuses one that is too large before it reads any of it", async () => {
    const path = join(folder, "large");
    writeFileSync(path, "");
    truncateSync(path, 1_000_001); // holes, which take no room on the disk
    await expect(readWholeFile(path, { limit: 1_000_000 })).rejects.toThrow(
      new Error(`Cannot read ${path}: it has more than 1,000,000 bytes.`),
    );
  });

  test.skipIf(process.platform === "win32")("neither waits at a pipe nor reads a device", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const path of [pipe, "/dev/zero"]) {
      await expect(readWholeFile(path)).rejects.toThrow(new Error(`Cannot read ${path}: it is not a file.`));
    }
  });
});
