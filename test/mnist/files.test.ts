import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  isOfficialMnist,
  MNIST_FILES,
  type MnistPart,
  mnistFileNames,
  sha256,
} from "../../src/mnist/files.js";
import { parseIdxImages, parseIdxLabels } from "../../src/mnist/idx.js";
import { findMnistData } from "../../src/node/mnist-package.js";

const read = (part: MnistPart) => readFileSync(join(findMnistData(), MNIST_FILES[part].name));

describe("MNIST_FILES", () => {
  test.each(["trainImages", "trainLabels", "testImages", "testLabels"] as const)(
    "states the length and the digest of %s",
    async (part) => {
      const bytes = read(part);
      expect(bytes.length).toBe(MNIST_FILES[part].bytes);
      expect(await sha256(bytes)).toBe(MNIST_FILES[part].sha256);
      expect(await isOfficialMnist(part, bytes)).toBe(true);
    },
  );

  test("are the MNIST everybody knows: 5 0 4 1 9 and 7 2 1 0 4 first, and so many of each digit", () => {
    const train = parseIdxLabels(read("trainLabels"));
    const test = parseIdxLabels(read("testLabels"));
    expect([...train.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    expect([...test.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    const histogram = (labels: Uint8Array) =>
      Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);
    expect(histogram(train)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(histogram(test)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect(parseIdxImages(read("testImages")).shape).toEqual([10_000, 28, 28, 1]);
  });
});

describe("isOfficialMnist", () => {
  test("notices one changed bit, and a missing byte", async () => {
    const bytes = read("testLabels");
    expect(await isOfficialMnist("testLabels", bytes.subarray(1))).toBe(false);
    bytes[9_000]! ^= 1;
    expect(await isOfficialMnist("testLabels", bytes)).toBe(false);
  });
});

test("mnistFileNames lists the names people keep a file under", () => {
  expect(mnistFileNames("testImages")).toEqual([
    "t10k-images-idx3-ubyte",
    "t10k-images.idx3-ubyte",
    "t10k-images-idx3-ubyte.gz",
    "t10k-images.idx3-ubyte.gz",
  ]);
});

describe("sha256", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("is that of the standard's example, FIPS 180-2, appendix B.1", async () => {
    expect(await sha256(new TextEncoder().encode("abc"))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });

  test("says what to do where the browser has no Web Crypto API", async () => {
    vi.stubGlobal("crypto", {});
    await expect(sha256(new Uint8Array(1))).rejects.toThrow(
      new Error("sha256: expected the Web Crypto API, got none. Open the page over https or on localhost."),
    );
  });
});
