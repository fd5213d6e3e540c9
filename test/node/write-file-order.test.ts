import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeFileAtomically } from "../../src/node/write-file.js";

// what was done to the disk, in order; and what shall fail, by the code that it fails with
const { done, broken } = vi.hoisted(() => ({ done: [] as string[], broken: new Map<string, string>() }));

vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  const act = (name: string) => {
    done.push(name);
    const code = broken.get(name);
    if (code) throw Object.assign(new Error(`${name} failed`), { code });
  };
  return {
    ...original,
    open: async (...args: Parameters<typeof original.open>) => {
      const what = args[1] === "r" ? "folder" : "file";
      act(`open ${what}`);
      const handle = await original.open(...args);
      const { sync, close, writeFile } = handle;
      handle.sync = async () => act(`sync ${what}`) ?? sync.call(handle);
      handle.close = async () => {
        await close.call(handle); // in any case, so that none stays open
        act(`close ${what}`);
      };
      handle.writeFile = async (data) => act(`write ${what}`) ?? writeFile.call(handle, data);
      return handle;
    },
    rename: async (...args: Parameters<typeof original.rename>) => act("rename") ?? original.rename(...args),
  };
});

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tinyconv-"));
  done.length = 0;
  broken.clear();
});

afterEach(() => rm(folder, { recursive: true }));

// Windows does not let folders be opened, and the writer does without
const isWindows = process.platform === "win32";

const inOrder = [
  "open file",
  "write file",
  "write file",
  "sync file",
  "close file",
  "rename",
  "open folder",
  "sync folder",
  "close folder",
];

test.skipIf(isWindows)(
  "the bytes are on the disk before the file takes its path, and its folder after that",
  async () => {
    await writeFileAtomically(join(folder, "a"), ["one ", "two"]);
    expect(done).toEqual(inOrder);
    expect(await readFile(join(folder, "a"), "utf8")).toBe("one two");
  },
);

test.skipIf(isWindows).each([
  ["open folder", "EISDIR"],
  ["open folder", "EACCES"],
  ["sync folder", "EPERM"],
  ["sync folder", "EINVAL"],
  ["sync folder", "ENOTSUP"],
])("the file is written all the same where the system does not let us %s (%s)", async (name, code) => {
  broken.set(name, code);
  await writeFileAtomically(join(folder, "a"), "all");
  expect(await readFile(join(folder, "a"), "utf8")).toBe("all");
  expect(done.includes("close folder")).toBe(name !== "open folder");
});

test.skipIf(isWindows).each([
  ["open folder", "EMFILE", "too many files are open"],
  ["sync folder", "EIO", "the disk has failed to read or write it"],
  ["sync folder", "ENOSPC", "no space left on the disk"],
])("a disk that fails to %s (%s) is told of, and the file is in its place", async (name, code, reason) => {
  const path = join(folder, "a");
  broken.set(name, code);
  await expect(writeFileAtomically(path, "all")).rejects.toThrow(
    new Error(`Cannot write ${path}: ${reason}. It is in its place, but may not be on the disk yet.`),
  );
  expect(await readFile(path, "utf8")).toBe("all");
  expect(await readdir(folder)).toEqual(["a"]);
  expect(done.includes("close folder")).toBe(name !== "open folder");
});

test.each(["open file", "write file", "sync file", "close file", "rename"])(
  "a disk that is full at %s is told of, and leaves the old file",
  async (name) => {
    const path = join(folder, "a");
    await writeFileAtomically(path, "old");
    broken.set(name, "ENOSPC");
    await expect(writeFileAtomically(path, ["new", "er"])).rejects.toThrow(
      new Error(`Cannot write ${path}: no space left on the disk.`),
    );
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["a"]);
  },
);
