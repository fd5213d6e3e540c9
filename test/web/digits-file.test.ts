import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadModel, saveModel } from "../../src/index.js";
import { createNetwork } from "../../src/mnist/index.js";
import { findMnistData, readMnistFolder } from "../../src/node/index.js";
import { chooseDigits, type DigitPart, packDigits } from "../../web/digits-plugin.js";
import { unpackDigits } from "../../web/src/digits.js";

/** Digits whose every pixel is told from the others. */
function part(count: number, first: number): DigitPart {
  return {
    pixels: Uint8Array.from({ length: count * 784 }, (_, i) => (first + i) % 251),
    labels: Uint8Array.from({ length: count }, (_, i) => (first + i) % 10),
  };
}

const small = { train: part(3, 5), test: part(2, 9), hard: [1, 300] };

describe("unpackDigits", () => {
  test("gives what packDigits was given", async () => {
    expect(await unpackDigits(await packDigits(small))).toEqual({
      train: { images: { data: small.train.pixels, shape: [3, 28, 28, 1] }, labels: small.train.labels },
      test: { images: { data: small.test.pixels, shape: [2, 28, 28, 1] }, labels: small.test.labels },
      hard: [1, 300],
    });
  });

  const remedy = "Load the page again; if that does not help, build it again.";

  /** The file with its bytes changed before they are packed. */
  const damaged = async (change: (bytes: Uint8Array) => Uint8Array): Promise<Uint8Array> =>
    new Uint8Array(gzipSync(change(new Uint8Array(gunzipSync(await packDigits(small))))));

  test("refuses what is no gzip data, such as the page that a server sends for what it does not have", async () => {
    await expect(unpackDigits(new TextEncoder().encode("<!doctype html>"))).rejects.toThrow(
      "digits.bin: expected gzip data, which begins with the bytes 1f 8b, got the bytes 3c 21 64 6f.",
    );
  });

  test("refuses another file", async () => {
    const file = await damaged((bytes) => bytes.with(7, 0x32));
    await expect(unpackDigits(file)).rejects.toThrow(
      `digits.bin: expected it to begin with "digits01", got "digits02". ${remedy}`,
    );
  });

  test("refuses one that is too short, also within its header", async () => {
    const file = await damaged((bytes) => bytes.subarray(0, -1));
    await expect(unpackDigits(file)).rejects.toThrow(
      `digits.bin: expected 3981 bytes for 3 + 2 digits, got 3980. ${remedy}`,
    );
    const start = await damaged((bytes) => bytes.subarray(0, 12));
    await expect(unpackDigits(start)).rejects.toThrow(
      `digits.bin: expected 2407 bytes for 3 + 0 digits, got 12. ${remedy}`,
    );
  });

  test("refuses one in which a pixel has changed", async () => {
    const file = await damaged((bytes) => bytes.with(2000, bytes[2000]! ^ 1));
    await expect(unpackDigits(file)).rejects.toThrow(
      /^digits\.bin: expected digits with the SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}\. Load the page again; if that does not help, build it again\.$/,
    );
  });
});

describe("chooseDigits", () => {
  const folder = mkdtempSync(join(tmpdir(), "digits-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("takes 4,000 training digits and 1,000 test digits of MNIST, and the same ones each time", async () => {
    const missing = join(folder, "none.safetensors");
    const { train, test, hard } = await chooseDigits(missing);
    expect([train.labels.length, test.labels.length, hard]).toEqual([4000, 1000, []]);
    expect((await chooseDigits(missing)).test).toEqual(test);

    const mnist = await readMnistFolder(findMnistData());
    for (const [chosen, whole] of [
      [train, mnist.train],
      [test, mnist.test],
    ] as const) {
      const digits = new Map<string, number>(); // which digit has those pixels
      for (const [n, label] of whole.labels.entries()) {
        digits.set(Buffer.from(whole.images.data.subarray(n * 784, (n + 1) * 784)).toString("latin1"), label);
      }
      const found = Array.from(chosen.labels, (_, n) =>
        digits.get(Buffer.from(chosen.pixels.subarray(n * 784, (n + 1) * 784)).toString("latin1")),
      );
      expect(found).toEqual([...chosen.labels]);
    }
  });

  test("lists the test digits that a model finds hardest, hardest first", async () => {
    const file = join(folder, "model.safetensors");
    const model = createNetwork("lenet", { seed: 3 });
    writeFileSync(file, saveModel(model));
    const { test, hard } = await chooseDigits(file);
    const probabilities = loadModel(saveModel(model)).predict({
      data: test.pixels,
      shape: [1000, 28, 28, 1],
    });
    const right = Array.from(test.labels, (label, n) => probabilities.at(n, label));
    expect(hard).toHaveLength(24);
    expect(hard.map((n) => right[n])).toEqual([...right].sort((a, b) => a - b).slice(0, 24));
  });
});

describe("loadDigits", () => {
  beforeEach(() => vi.resetModules());
  afterEach(() => vi.unstubAllGlobals());
  const load = async () => (await import("../../web/src/digits.js")).loadDigits;

  test("fetches digits.bin beside the page, once", async () => {
    const file = await packDigits(small);
    const fetch = vi.fn(async () => new Response(new Uint8Array(file)));
    vi.stubGlobal("fetch", fetch);
    const loadDigits = await load();
    expect(fetch).not.toHaveBeenCalled();
    const [first, second] = await Promise.all([loadDigits(), loadDigits()]);
    expect(second).toBe(first);
    expect(first.test.labels).toEqual(small.test.labels);
    expect(fetch.mock.calls).toEqual([["./digits.bin"]]);
  });

  test("says that the server does not have it, and tries again when asked again", async () => {
    const file = await packDigits(small);
    const fetch = vi.fn(async () => new Response("", { status: 404 }));
    vi.stubGlobal("fetch", fetch);
    const loadDigits = await load();
    await expect(loadDigits()).rejects.toThrow(
      "digits.bin: expected the server to have the digits, got the answer 404. Load the page again; if that does not help, build it again.",
    );
    fetch.mockResolvedValue(new Response(new Uint8Array(file)));
    expect((await loadDigits()).hard).toEqual([1, 300]);
  });
});
