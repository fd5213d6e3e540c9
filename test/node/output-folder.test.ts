import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { prepareOutputFolder } from "../../src/node/output-folder.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tinyconv-"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("prepareOutputFolder", () => {
  test("creates the folder, and those around it", async () => {
    const out = join(folder, "runs", "latest");
    await prepareOutputFolder(out, ["a"]);
    expect(await readdir(out)).toEqual([]);
  });

  test("creates it for several at once", async () => {
    const out = join(folder, "runs", "..", "runs", "latest");
    await Promise.all(["a", "b", "c"].map((name) => prepareOutputFolder(out, [name])));
    expect(await readdir(out)).toEqual([]);
  });

  test("leaves what is there as it is, a file to be replaced too", async () => {
    await writeFile(join(folder, "a"), "old");
    await prepareOutputFolder(folder, ["a"]);
    expect(await readdir(folder)).toEqual(["a"]);
    expect(await readFile(join(folder, "a"), "utf8")).toBe("old");
  });

  test("refuses a file in the place of the folder, or of one around it", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(prepareOutputFolder(file, [], "Choose another.")).rejects.toThrow(
      new Error(`Cannot write ${file}: it is a file, not a folder. Choose another.`),
    );
    const below = join(file, "below");
    await expect(prepareOutputFolder(below, [])).rejects.toThrow(
      new Error(`Cannot write ${below}: it is not a folder, or lies in something that is not one.`),
    );
  });

  test("refuses a folder in the place of a file that will be written", async () => {
    const taken = join(folder, "model");
    await mkdir(taken);
    await expect(prepareOutputFolder(folder, ["metrics", "model"], "Choose another.")).rejects.toThrow(
      new Error(`Cannot write ${taken}: it is a folder, not a file. Choose another.`),
    );
  });

  test.skipIf(!existsSync("/proc/self"))("refuses a place where no folder can be made", async () => {
    await expect(prepareOutputFolder("/proc/tinyconv/out", [])).rejects.toThrow(
      new Error("Cannot write /proc/tinyconv/out: no such file or folder."),
    );
  });

  // root may write anywhere, and Windows knows no such mode
  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "refuses a folder that may not be written to",
    async () => {
      const closed = join(folder, "closed");
      await mkdir(closed, { mode: 0o500 });
      await expect(prepareOutputFolder(closed, [])).rejects.toThrow(
        new Error(`Cannot write ${closed}: permission denied.`),
      );
      await chmod(closed, 0o700);
    },
  );

  test("refuses names that are none, and a remedy that is no text, before it makes the folder", async () => {
    const out = join(folder, "out");
    const refused: [names: unknown, remedy: unknown, message: string][] = [
      ["a", "", 'names to be a list of the names of files, got "a" (string)'],
      [["a", ""], "", 'names[1] to be the name of a file, got "" (string)'],
      [new Array(3), "", "names[0] to be the name of a file, got undefined"],
      [["a"], 3, "remedy to be a text, got 3 (number)"],
    ];
    for (const [names, remedy, message] of refused) {
      await expect(prepareOutputFolder(out, names as string[], remedy as string)).rejects.toThrow(
        new TypeError(`prepareOutputFolder: expected ${message}.`),
      );
    }
    expect(existsSync(out)).toBe(false);
  });
});
