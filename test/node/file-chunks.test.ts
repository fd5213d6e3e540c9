import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileChunks, gunzipChunks } from "../../src/node/file-chunks.js";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tinyconv-"));
  path = join(folder, "file");
});

afterEach(() => rm(folder, { recursive: true }));

/** A million bytes, which no packer makes small. */
const bytes = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * i) >> (i % 11));

async function read(signal?: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of fileChunks(path, signal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** How many times the file is open in this process, where the system tells. */
const timesOpen = existsSync("/proc/self/fd")
  ? () =>
      readdirSync("/proc/self/fd").filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`) === path;
        } catch {
          return false; // that one was closed meanwhile
        }
      }).length
  : () => 0;

describe("fileChunks", () => {
  test.each<[string, Uint8Array, Uint8Array]>([
    ["a file in several chunks", bytes, bytes],
    ["an empty file", new Uint8Array(0), new Uint8Array(0)],
    ["a file of one byte", Uint8Array.of(0x1f), Uint8Array.of(0x1f)],
    ["gzip data under any name", gzipSync(bytes), bytes],
    ["gzip data of nothing", gzipSync(""), new Uint8Array(0)],
    ["several gzip members", Buffer.concat([gzipSync("one, "), gzipSync("two")]), Buffer.from("one, two")],
    ["gzip data padded with zeros", Buffer.concat([gzipSync("one"), Buffer.alloc(512)]), Buffer.from("one")],
  ])("reads %s", async (_, content, expected) => {
    await writeFile(path, content);
    expect(Buffer.compare(await read(), expected)).toBe(0);
    expect(timesOpen()).toBe(0);
  });

  const packed = gzipSync(bytes);
  const wrongSum = Buffer.from(packed);
  wrongSum[packed.length - 8]! ^= 1;
  test.each<[string, Uint8Array, string]>([
    ["gzip data cut short", packed.subarray(0, -9), "unexpected end of file"],
    ["gzip data of two bytes", packed.subarray(0, 2), "unexpected end of file"],
    ["gzip data with a wrong checksum", wrongSum, "incorrect data check"],
    [
      "gzip data followed by other bytes",
      Buffer.concat([packed, Buffer.from("more")]),
      "incorrect header check",
    ],
  ])("refuses %s", async (_, content, reason) => {
    await writeFile(path, content);
    await expect(read()).rejects.toThrow(
      new Error(
        `${path}: expected gzip data, got data that is cut short, damaged or followed by other bytes (${reason}). Download the file again.`,
      ),
    );
    expect(timesOpen()).toBe(0);
  });

  test("refuses a missing file and a folder", async () => {
    await expect(read()).rejects.toThrow(new Error(`Cannot read ${path}: no such file or folder.`));
    path = folder;
    await expect(read()).rejects.toThrow(new Error(`Cannot read ${folder}: it is a folder, not a file.`));
    path = folder.slice(0, -1);
  });

  // a device that never ends; Windows has none with a path
  test.skipIf(process.platform === "win32")("refuses what is neither a file nor a folder", async () => {
    await symlink("/dev/zero", path);
    await expect(read()).rejects.toThrow(new Error(`Cannot read ${path}: it is not a file.`));
  });

  // root may read anything, and Windows knows no such mode
  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "refuses a file that may not be read",
    async () => {
      await writeFile(path, "");
      await chmod(path, 0);
      await expect(read()).rejects.toThrow(new Error(`Cannot read ${path}: permission denied.`));
    },
  );

  test.each([
    ["a file", bytes],
    ["gzip data", gzipSync(bytes)],
  ])("ends between two chunks of %s when the signal says so, with its reason", async (_, content) => {
    await writeFile(path, content);
    for (const reason of [new Error("enough"), "enough", undefined]) {
      const controller = new AbortController();
      const chunks = fileChunks(path, controller.signal);
      expect((await chunks.next()).value?.length).toBeGreaterThan(0);
      controller.abort(reason);
      await expect(chunks.next()).rejects.toBe(controller.signal.reason);
      expect(timesOpen()).toBe(0);
    }
  });

  test("does not open the file when the signal has come before", async () => {
    await expect(read(AbortSignal.abort("enough"))).rejects.toBe("enough");
  });

  test.each([
    ["a file", bytes],
    ["gzip data", gzipSync(bytes)],
  ])("closes %s when the loop over it is left", async (_, content) => {
    await writeFile(path, content);
    for await (const chunk of fileChunks(path)) {
      expect(chunk.length).toBeGreaterThan(0);
      if (existsSync("/proc/self/fd")) expect(timesOpen()).toBe(1);
      break;
    }
    expect(timesOpen()).toBe(0);
  });
});

describe("gunzipChunks", () => {
  async function unpack(chunks: Iterable<Uint8Array>): Promise<string> {
    async function* source() {
      yield* chunks;
    }
    const unpacked: Uint8Array[] = [];
    for await (const chunk of gunzipChunks(source(), "a.gz")) unpacked.push(chunk);
    return Buffer.concat(unpacked).toString();
  }

  const [one, two] = [gzipSync("one, "), gzipSync("two")];

  // with the chunks ending between the parts, and with all in one chunk
  test.each([
    [(parts: readonly Uint8Array[]) => parts],
    [(parts: readonly Uint8Array[]) => [Buffer.concat(parts)]],
  ])(
    "reads members one after the other, up to a zero, and refuses other bytes after them",
    async (arrange) => {
      expect(await unpack(arrange([one, two]))).toBe("one, two");
      expect(await unpack(arrange([one, two, new Uint8Array(9)]))).toBe("one, two");
      expect(await unpack(arrange([one, new Uint8Array(9), Buffer.from("more")]))).toBe("one, ");
      await expect(unpack(arrange([one, Buffer.from("more")]))).rejects.toThrow(
        new Error(
          "a.gz: expected gzip data, got data that is cut short, damaged or followed by other bytes (incorrect header check). Download the file again.",
        ),
      );
    },
  );

  test("throws what its source throws, as it is", async () => {
    const reason = new Error("no more");
    function* chunks() {
      yield one;
      throw reason;
    }
    await expect(unpack(chunks())).rejects.toBe(reason);
  });
});
