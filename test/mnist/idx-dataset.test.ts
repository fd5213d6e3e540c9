import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readIdxDataset, unpackIdx } from "../../src/mnist/idx-dataset.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { idxBytes, idxImages, idxLabels } from "../helpers/idx.js";

describe("readIdxDataset", () => {
  test("puts images and labels together", async () => {
    const { images, labels } = await readIdxDataset(idxImages(2, 1, 2, [9, 8, 7, 6]), idxLabels([3, 1]));
    expect(images.shape).toEqual([2, 1, 2, 1]);
    expect([...images.data]).toEqual([9, 8, 7, 6]);
    expect([...labels]).toEqual([3, 1]);
  });

  test("reads the same from gzip data", async () => {
    const [images, labels] = [idxImages(3, 4, 5), idxLabels([3, 1, 2])];
    expect(await readIdxDataset(gzipSync(images), gzipSync(labels))).toEqual(
      await readIdxDataset(images, labels),
    );
  });

  test("refuses numbers of images and labels that differ", async () => {
    const names = { imagesName: "i", labelsName: "l" };
    await expect(readIdxDataset(idxImages(1, 2, 2), idxLabels([1, 2]), names)).rejects.toThrow(
      new ShapeError(
        "l: expected 1 label, one for each image of i, got 2. Take both files from the same set.",
      ),
    );
    await expect(readIdxDataset(idxImages(3, 2, 2), idxLabels([1, 2]))).rejects.toThrow(
      new ShapeError(
        "IDX labels: expected 3 labels, one for each image of IDX images, got 2. Take both files from the same set.",
      ),
    );
  });

  test("refuses swapped files, gzipped or not", async () => {
    for (const pack of [(bytes: Uint8Array) => bytes, gzipSync]) {
      await expect(readIdxDataset(pack(idxLabels([1])), pack(idxImages(1, 2, 2)))).rejects.toThrow(
        new Error(
          "IDX images: expected IDX images (magic number 2051), got IDX labels (2049). Give the file of the images here.",
        ),
      );
    }
  });

  test("takes the number of classes", async () => {
    const images = idxImages(1, 1, 1);
    expect([...(await readIdxDataset(images, idxLabels([25]), { classes: 26 })).labels]).toEqual([25]);
    await expect(readIdxDataset(images, idxLabels([10]))).rejects.toThrow(
      new RangeError("IDX labels: expected labels from 0 to 9, got 10 at index 0."),
    );
  });

  test("refuses what is not bytes", async () => {
    const nothing: unknown = undefined;
    await expect(readIdxDataset(nothing as Uint8Array, idxLabels([1]))).rejects.toThrow(
      new TypeError("IDX images: expected bytes to be a Uint8Array, got undefined."),
    );
  });
});

describe("unpackIdx", () => {
  test("returns plain bytes as they are", async () => {
    const bytes = idxLabels([1]);
    expect(await unpackIdx(bytes, "labels", "here")).toBe(bytes);
  });

  test("refuses a header that claims too much, without unpacking the rest", async () => {
    const bytes = gzipSync(idxBytes(2051, [2 ** 32 - 1, 28, 28], new Uint8Array(1000)));
    await expect(unpackIdx(bytes, "images", "a.gz")).rejects.toThrow(
      new Error(
        "a.gz: expected a file of at most 2147483648 bytes, got a header for 4294967295 images of 28 x 28. The file is damaged: download it again.",
      ),
    );
  });

  test("unpacks no more than the header says", async () => {
    const bytes = gzipSync(idxBytes(2051, [1, 2, 2], new Uint8Array(100_000)));
    await expect(unpackIdx(bytes, "images", "a.gz")).rejects.toThrow(
      new RangeError(
        "a.gz: expected at most 20 bytes after decompression, got more. The file is damaged or not what it claims to be.",
      ),
    );
  });

  test("leaves it to the parser to miss bytes", async () => {
    const bytes = gzipSync(idxImages(2, 2, 2).subarray(0, 20));
    await expect(readIdxDataset(bytes, idxLabels([1, 2]))).rejects.toThrow(
      new Error(
        "IDX images: expected 24 bytes for 2 images of 2 x 2, got 20: 4 bytes missing. The file is cut short: download it again.",
      ),
    );
  });

  test("refuses gzip data of something else, and gzip data cut at any byte", async () => {
    await expect(unpackIdx(gzipSync("a,b\n1,2\n"), "labels", "a.gz")).rejects.toThrow(
      new Error(
        "a.gz: expected IDX labels (magic number 2049), got the bytes 61 2c 62 0a. This is not an IDX file: download it again.",
      ),
    );
    const bytes = gzipSync(idxLabels([1, 2, 3]));
    for (let length = 2; length < bytes.length; length++) {
      await expect(unpackIdx(bytes.subarray(0, length), "labels", "a.gz")).rejects.toThrow(
        /^a\.gz: expected /,
      );
    }
  });
});
