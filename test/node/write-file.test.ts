import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeFileAtomically } from "../../src/node/write-file.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tinyconv-"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("writeFileAtomically", () => {
  test("writes bytes and text, and leaves nothing beside them", async () => {
    await writeFileAtomically(join(folder, "bytes"), Uint8Array.of(1, 2, 3));
    await writeFileAtomically(join(folder, "text"), "τ\n");
    expect([...(await readFile(join(folder, "bytes")))]).toEqual([1, 2, 3]);
    expect(await readFile(join(folder, "text"), "utf8")).toBe("τ\n");
    expect((await readdir(folder)).sort()).toEqual(["bytes", "text"]);
  });

  test("refuses what is nothing to write, leaves what was there, and nothing beside it", async () => {
    const path = join(folder, "a");
    await writeFile(path, "old");
    const refuse = async (content: unknown, message: string): Promise<void> => {
      await expect(writeFileAtomically(path, content as string)).rejects.toThrow(
        new TypeError(`writeFileAtomically: expected ${message}.`),
      );
    };
    const whole = "content to be a text, a Uint8Array or an iterable of these";
    await refuse(undefined, `${whole}, got undefined`);
    await refuse({ length: 1 }, `${whole}, got an object`);
    await refuse(3, `${whole}, got 3 (number)`);
    const piece = "each piece of content to be a text or a Uint8Array";
    await refuse(["new", 3], `${piece}, got 3 (number)`);
    await refuse(Float32Array.of(1), `${whole}, got a value of type Float32Array`);
    await refuse([Float32Array.of(1)], `${piece}, got a value of type Float32Array`);
    const sent = new Uint8Array(4);
    structuredClone(sent, { transfer: [sent.buffer] });
    await refuse(sent, `${piece}, got a Uint8Array that was transferred`);
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["a"]);
  });

  test("writes pieces one after the other, as they are made", async () => {
    const path = join(folder, "a");
    await writeFileAtomically(path, ["one, ", new TextEncoder().encode("two, "), "", "three"]);
    expect(await readFile(path, "utf8")).toBe("one, two, three");
    await writeFileAtomically(path, []);
    expect(await readFile(path, "utf8")).toBe("");

    const sizes: number[] = [];
    async function* pieces() {
      for (const letter of "abc") {
        const [unfinished] = (await readdir(folder)).filter((name) => name !== "a");
        sizes.push((await readFile(join(folder, unfinished!))).length);
        yield letter.repeat(1000);
      }
    }
    await writeFileAtomically(path, pieces());
    expect(sizes).toEqual([0, 1000, 2000]); // each is in the file before the next is asked for
    expect(await readFile(path, "utf8")).toBe("a".repeat(1000) + "b".repeat(1000) + "c".repeat(1000));
    expect(await readdir(folder)).toEqual(["a"]);
  });

  test("throws what the making of a piece throws, as it is, and leaves what was there", async () => {
    const path = join(folder, "a");
    await writeFile(path, "old");
    const reason = new Error("no more");
    function* pieces() {
      yield "new";
      throw reason;
    }
    await expect(writeFileAtomically(path, pieces())).rejects.toBe(reason);
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["a"]);
  });

  test("ends the making of pieces when it cannot write", async () => {
    let isEnded = false;
    function* pieces() {
      try {
        yield "one";
        yield "two";
      } finally {
        isEnded = true;
      }
    }
    // the rename fails last of all; a full disk would end it between two pieces
    const taken = join(folder, "taken");
    await mkdir(join(taken, "inside"), { recursive: true });
    await expect(writeFileAtomically(taken, pieces())).rejects.toThrow(`Cannot write ${taken}: `);
    expect(isEnded).toBe(true);
    expect(await readdir(folder)).toEqual(["taken"]);
  });

  test("replaces what is there", async () => {
    await writeFile(join(folder, "a"), "a longer text that was there before");
    await writeFileAtomically(join(folder, "a"), "new");
    expect(await readFile(join(folder, "a"), "utf8")).toBe("new");
  });

  test("never shows half a file: a reader meets the old content or the new one, whole", async () => {
    const path = join(folder, "a");
    const contents = ["x", "y"].map((letter) => letter.repeat(1 << 20));
    await writeFile(path, contents[0]!);
    let writing = true;
    const writer = (async () => {
      for (let i = 0; i < 10; i++) await writeFileAtomically(path, contents[i % 2]!);
      writing = false;
    })();
    while (writing) expect(contents.includes(await readFile(path, "utf8"))).toBe(true);
    await writer;
  });

  test("lets the last of several writers win, whole", async () => {
    const path = join(folder, "a");
    const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(1 << 16));
    await Promise.all(contents.map((content) => writeFileAtomically(path, content)));
    expect(contents).toContain(await readFile(path, "utf8"));
    expect(await readdir(folder)).toEqual(["a"]);
  });

  test("says which file it could not write, and leaves nothing behind", async () => {
    const missing = join(folder, "missing", "a");
    await expect(writeFileAtomically(missing, "")).rejects.toThrow(
      new Error(`Cannot write ${missing}: no such file or folder.`),
    );
    const taken = join(folder, "taken");
    await mkdir(taken);
    await expect(writeFileAtomically(taken, "")).rejects.toThrow(`Cannot write ${taken}: `);
    expect(await readdir(folder)).toEqual(["taken"]);
  });
});

// links and permissions are other things on Windows
describe.skipIf(process.platform === "win32")("a path that is something already", () => {
  test("keeps its permissions", async () => {
    const path = join(folder, "secret");
    writeFileSync(path, "old", { mode: 0o600 });
    await writeFileAtomically(path, "new");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("stays a link, and the file that it leads to is replaced", async () => {
    mkdirSync(join(folder, "elsewhere"));
    const target = join(folder, "elsewhere", "target");
    const link = join(folder, "link");
    writeFileSync(target, "old");
    symlinkSync(target, link);
    await writeFileAtomically(link, "new");
    expect(readFileSync(target, "utf8")).toBe("new");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(folder, "elsewhere"))).toEqual(["target"]);
  });

  test("is refused if it is a link that leads to itself", async () => {
    const link = join(folder, "link");
    symlinkSync(link, link);
    await expect(writeFileAtomically(link, "new")).rejects.toThrow(
      new Error(`Cannot write ${link}: it is a link that leads to itself.`),
    );
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  test("is refused if it is a device or a pipe", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    await expect(writeFileAtomically(pipe, "new")).rejects.toThrow(
      new Error(`Cannot write ${pipe}: it is not a file.`),
    );
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });
});
