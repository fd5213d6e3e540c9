import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isOfficialMnist, MNIST_FILES, type MnistPart, mnistFileNames } from "../mnist/files.js";
import { type IdxDataset, readIdxDataset, unpackIdx } from "../mnist/idx-dataset.js";
import { ShapeError } from "../tensor/errors.js";
import { expectBoolean, expectInteger, expectOptions } from "../tensor/expect.js";
import { expectFolder } from "./expect-path.js";
import { fileError } from "./file-errors.js";
import { readWholeFile } from "./read-file.js";

/** A training set and a test set of images of one size. */
export interface MnistData {
  readonly train: IdxDataset;
  readonly test: IdxDataset;
}

/** Options of `readMnistFolder`. */
export interface MnistFolderOptions {
  /** How many classes the labels tell apart. @default 10 */
  readonly classes?: number;
  /** Refuse files that differ in any bit from the official MNIST. @default false */
  readonly official?: boolean;
}

/**
 * Reads the four IDX files of MNIST, or of a data set in the same form such as Fashion-MNIST, from a folder. Each
 * may be plain or gzipped, and be named as `mnistFileNames` lists. The images may have any size.
 *
 * @throws Error if the folder or a file is missing, cannot be read, or is not what it should be.
 * @throws ShapeError if images and labels differ in number, or training and test images in size.
 */
export async function readMnistFolder(folder: string, options: MnistFolderOptions = {}): Promise<MnistData> {
  const where = "readMnistFolder";
  expectFolder(where, folder);
  const { classes = 10, official = false } = expectOptions(where, options);
  expectInteger(where, "classes", classes, { min: 1, max: 256 });
  expectBoolean(where, "official", official);
  const paths = await findFiles(folder);
  const read = async (images: MnistPart, labels: MnistPart) =>
    readIdxDataset(
      await readPart(images, paths[images], official),
      await readPart(labels, paths[labels], official),
      {
        imagesName: paths[images],
        labelsName: paths[labels],
        classes,
      },
    );
  // one after the other, so that of several faults the same one is always reported
  const train = await read("trainImages", "trainLabels");
  const test = await read("testImages", "testLabels");

  const [, height, width] = train.images.shape;
  const [, testHeight, testWidth] = test.images.shape;
  if (height !== testHeight || width !== testWidth) {
    throw new ShapeError(
      `${folder}: expected test images of ${height} x ${width}, like the training images, got ${testHeight} x ${testWidth}.`,
    );
  }
  return { train, test };
}

/** The path of each of the four files, under whichever of its names is in the folder. */
async function findFiles(folder: string): Promise<Record<MnistPart, string>> {
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw fileError("read", folder, cause, "Give a folder that holds the four IDX files of MNIST.");
  });
  const missing: string[] = [];
  const find = (part: MnistPart) => {
    const name = mnistFileNames(part).find((candidate) => entries.includes(candidate));
    if (name === undefined) missing.push(MNIST_FILES[part].name);
    return join(folder, name ?? "");
  };
  const paths = {
    trainImages: find("trainImages"),
    trainLabels: find("trainLabels"),
    testImages: find("testImages"),
    testLabels: find("testLabels"),
  };
  const table = ["train.csv", "train.csv.gz"].find((name) => entries.includes(name));
  if (missing.length > 0 && table) {
    throw new Error(
      `${folder}: expected the four IDX files of MNIST, got a table. Give that itself: ${join(folder, table)}.`,
    );
  }
  if (missing.length > 0) {
    throw new Error(
      `${folder}: expected the four IDX files of MNIST, got no ${missing.join(", no ")}. Each may also have ".idx" for "-idx" in its name, and end in ".gz".`,
    );
  }
  return paths;
}

async function readPart(part: MnistPart, path: string, official: boolean): Promise<Uint8Array> {
  const bytes = await readWholeFile(path);
  if (!official) return bytes;
  const unpacked = await unpackIdx(bytes, part.endsWith("Images") ? "images" : "labels", path);
  if (!(await isOfficialMnist(part, unpacked))) {
    const { name, sha256 } = MNIST_FILES[part];
    throw new Error(
      `${path}: expected the official ${name} with SHA-256 ${sha256}, got other bytes. Download the file again.`,
    );
  }
  return unpacked;
}
