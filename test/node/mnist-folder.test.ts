import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MNIST_FILES } from "../../src/mnist/files.js";
import { readMnistFolder } from "../../src/node/mnist-folder.js";
import { findMnistData } from "../../src/node/mnist-package.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { idxImages, idxLabels } from "../helpers/idx.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tinyconv-"));
});

afterEach(() => rm(folder, { recursive: true }));

const small: Readonly<Record<string, Uint8Array>> = {
  "train-images-idx3-ubyte": idxImages(3, 2, 2),
  "train-labels-idx1-ubyte": idxLabels([1, 2, 3]),
  "t10k-images-idx3-ubyte": idxImages(1, 2, 2, [9, 8, 7, 6]),
  "t10k-labels-idx1-ubyte": idxLabels([4]),
};

/** Writes the four small files, or others in their place; `undefined` leaves one out. */
async function write(changes: Readonly<Record<string, Uint8Array | undefined>> = {}): Promise<void> {
  for (const [name, bytes] of Object.entries({ ...small, ...changes })) {
    if (bytes) await writeFile(join(folder, name), bytes);
  }
}

describe("readMnistFolder", () => {
  test("reads the training set and the test set", async () => {
    await write();
    const { train, test } = await readMnistFolder(folder);
    expect(train.images.shape).toEqual([3, 2, 2, 1]);
    expect([...train.labels]).toEqual([1, 2, 3]);
    expect(test.images).toEqual({ data: Uint8Array.of(9, 8, 7, 6), shape: [1, 2, 2, 1] });
    expect([...test.labels]).toEqual([4]);
  });

  test("names the table in a folder that has one", async () => {
    await writeFile(join(folder, "train.csv"), "");
    await expect(readMnistFolder(folder)).rejects.toThrow(
      new Error(
        `${folder}: expected the four IDX files of MNIST, got a table. Give that itself: ${join(folder, "train.csv")}.`,
      ),
    );
  });

  test("reads the same from gzipped files and from names with a dot", async () => {
    await write();
    const plain = await readMnistFolder(folder);
    for (const rename of [
      (name: string) => `${name}.gz`,
      (name: string) => name.replace("-idx", ".idx"),
      (name: string) => `${name.replace("-idx", ".idx")}.gz`,
    ]) {
      await rm(folder, { recursive: true });
      await mkdir(folder);
      for (const [name, bytes] of Object.entries(small)) {
        const renamed = rename(name);
        await writeFile(join(folder, renamed), renamed.endsWith(".gz") ? gzipSync(bytes) : bytes);
      }
      expect(await readMnistFolder(folder)).toEqual(plain);
    }
  });

  test("reads the real MNIST, and finds it official", async () => {
    const { train, test } = await readMnistFolder(findMnistData(), { official: true });
    expect(train.images.shape).toEqual([60_000, 28, 28, 1]);
    expect(test.images.shape).toEqual([10_000, 28, 28, 1]);
    expect([train.labels.length, test.labels.length]).toEqual([60_000, 10_000]);
  });

  test("refuses other files where the official ones are asked for", async () => {
    await write();
    const { name, sha256 } = MNIST_FILES.trainImages;
    await expect(readMnistFolder(folder, { official: true })).rejects.toThrow(
      new Error(
        `${join(folder, name)}: expected the official ${name} with SHA-256 ${sha256}, got other bytes. Download the file again.`,
      ),
    );
  });

  test("takes the number of classes", async () => {
    await write({ "t10k-labels-idx1-ubyte": idxLabels([25]) });
    expect([...(await readMnistFolder(folder, { classes: 26 })).test.labels]).toEqual([25]);
    await expect(readMnistFolder(folder)).rejects.toThrow(
      new RangeError(
        `${join(folder, "t10k-labels-idx1-ubyte")}: expected labels from 0 to 9, got 25 at index 0.`,
      ),
    );
  });

  test("names every file that is missing, and the names it looked for", async () => {
    await write({ "train-labels-idx1-ubyte": undefined, "t10k-images-idx3-ubyte": undefined });
    await expect(readMnistFolder(folder)).rejects.toThrow(
      new Error(
        `${folder}: expected the four IDX files of MNIST, got no train-labels-idx1-ubyte, no t10k-images-idx3-ubyte. Each may also have ".idx" for "-idx" in its name, and end in ".gz".`,
      ),
    );
  });

  test("refuses a folder that is not there", async () => {
    const nowhere = join(folder, "nowhere");
    await expect(readMnistFolder(nowhere)).rejects.toThrow(
      new Error(
        `Cannot read ${nowhere}: no such file or folder. Give a folder that holds the four IDX files of MNIST.`,
      ),
    );
  });

  test("refuses a file in place of the folder", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(readMnistFolder(file)).rejects.toThrow(
      new Error(
        `Cannot read ${file}: it is not a folder, or lies in something that is not one. Give a folder that holds the four IDX files of MNIST.`,
      ),
    );
  });

  test("refuses a folder in place of a file", async () => {
    await write({ "t10k-labels-idx1-ubyte": undefined });
    const path = join(folder, "t10k-labels-idx1-ubyte");
    await mkdir(path);
    await expect(readMnistFolder(folder)).rejects.toThrow(
      new Error(`Cannot read ${path}: it is a folder, not a file.`),
    );
  });

  // a device that never ends; Windows has none with a path
  test.skipIf(process.platform === "win32")("refuses what is neither a file nor a folder", async () => {
    await write({ "train-labels-idx1-ubyte": undefined });
    const path = join(folder, "train-labels-idx1-ubyte");
    await symlink("/dev/zero", path);
    await expect(readMnistFolder(folder)).rejects.toThrow(
      new Error(`Cannot read ${path}: it is not a file.`),
    );
  });

  test("names the file that is wrong", async () => {
    await write({ "train-images-idx3-ubyte": idxLabels([1]) });
    await expect(readMnistFolder(folder)).rejects.toThrow(
      new Error(
        `${join(folder, "train-images-idx3-ubyte")}: expected IDX images (magic number 2051), got IDX labels (2049). Give the file of the images here.`,
      ),
    );
  });

  const packed = gzipSync(small["train-images-idx3-ubyte"]!);
  const wrongSum = Buffer.from(packed);
  wrongSum[packed.length - 8]! ^= 1;
  const damaged =
    "expected one whole gzip member, got data that is cut short, damaged or followed by other bytes. Download the file again.";
  test.each<[string, Uint8Array, string]>([
    ["cut short", packed.subarray(0, -9), damaged],
    ["of nothing but its first two bytes", packed.subarray(0, 2), damaged],
    ["with a wrong checksum", wrongSum, damaged],
    [
      "of more than its header says",
      gzipSync(Buffer.concat([small["train-images-idx3-ubyte"]!, Buffer.alloc(1e6)])),
      "expected at most 28 bytes after decompression, got more. The file is damaged or not what it claims to be.",
    ],
    [
      "of less than its header says",
      gzipSync(small["train-images-idx3-ubyte"]!.subarray(0, 20)),
      "expected 28 bytes for 3 images of 2 x 2, got 20: 8 bytes missing. The file is cut short: download it again.",
    ],
    [
      "of something else",
      gzipSync("label,pixel0\n"),
      "expected IDX images (magic number 2051), got the bytes 6c 61 62 65. This is not an IDX file: download it again.",
    ],
  ])("names the file that is gzip data %s", async (_, bytes, message) => {
    await write({ "train-images-idx3-ubyte": undefined, "train-images-idx3-ubyte.gz": bytes });
    const error: unknown = await readMnistFolder(folder).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: `${join(folder, "train-images-idx3-ubyte.gz")}: ${message}` });
  });

  test("refuses numbers of images and labels that differ", async () => {
    await write({ "train-labels-idx1-ubyte": idxLabels([1, 2]) });
    const [images, labels] = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"].map((name) =>
      join(folder, name),
    );
    await expect(readMnistFolder(folder)).rejects.toThrow(
      new ShapeError(
        `${labels}: expected 3 labels, one for each image of ${images}, got 2. Take both files from the same set.`,
      ),
    );
  });

  test("refuses training and test images of different sizes", async () => {
    await write({ "t10k-images-idx3-ubyte": idxImages(1, 3, 2) });
    await expect(readMnistFolder(folder)).rejects.toThrow(
      new ShapeError(`${folder}: expected test images of 2 x 2, like the training images, got 3 x 2.`),
    );
  });

  test("refuses options that are none, before it looks into the folder", async () => {
    await expect(readMnistFolder("nowhere", { classes: 0 })).rejects.toThrow(
      new RangeError(
        "readMnistFolder: expected classes to be a whole number >= 1 and <= 256, got 0 (number).",
      ),
    );
    const official: unknown = "yes";
    await expect(readMnistFolder("nowhere", { official: official as boolean })).rejects.toThrow(
      new TypeError('readMnistFolder: expected official to be true or false, got "yes" (string).'),
    );
  });
});
