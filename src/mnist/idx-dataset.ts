import { ShapeError } from "../tensor/errors.js";
import { expectOptions } from "../tensor/expect.js";
import { count, expectBytes } from "./bytes.js";
import { gunzip, gunzipStart, isGzip } from "./gunzip.js";
import {
  type IdxImages,
  type IdxKind,
  idxHeaderBytes,
  parseIdxHeader,
  parseIdxImages,
  parseIdxLabels,
} from "./idx.js";

/** Images and the class of each, as `fit` and `evaluate` take them. */
export interface IdxDataset {
  /** Pixels 0 to 255, of shape `[N, H, W, 1]`. */
  readonly images: IdxImages;
  /** N whole numbers, 0 to one less than the number of classes. */
  readonly labels: Uint8Array;
}

/** Options of `readIdxDataset`. */
export interface IdxDatasetOptions {
  /** The name of the images file in error messages. @default "IDX images" */
  readonly imagesName?: string;
  /** The name of the labels file in error messages. @default "IDX labels" */
  readonly labelsName?: string;
  /** How many classes the labels tell apart. @default 10 */
  readonly classes?: number;
}

/**
 * A dataset from the bytes of an IDX images file and of its labels file, each plain or gzipped. It reads no file
 * itself, so it serves in a browser as well:
 *
 * ```ts
 * const bytes = async (url: string) => new Uint8Array(await (await fetch(url)).arrayBuffer());
 * const test = await readIdxDataset(await bytes("t10k-images-idx3-ubyte.gz"), await bytes("t10k-labels-idx1-ubyte.gz"));
 * ```
 *
 * @throws Error if a file is not what it should be: see `parseIdxImages`, `parseIdxLabels` and `gunzip`.
 * @throws ShapeError if there are not as many labels as images.
 */
export async function readIdxDataset(
  images: Uint8Array,
  labels: Uint8Array,
  options: IdxDatasetOptions = {},
): Promise<IdxDataset> {
  const where = "readIdxDataset";
  const {
    imagesName = "IDX images",
    labelsName = "IDX labels",
    classes = 10,
  } = expectOptions(where, options);
  const dataset = {
    images: parseIdxImages(await unpackIdx(images, "images", imagesName), imagesName),
    labels: parseIdxLabels(await unpackIdx(labels, "labels", labelsName), labelsName, classes),
  };
  const n = dataset.images.shape[0];
  if (dataset.labels.length !== n) {
    throw new ShapeError(
      `${labelsName}: expected ${count(n, "label")}, one for each image of ${imagesName}, got ${dataset.labels.length}. Take both files from the same set.`,
    );
  }
  return dataset;
}

/**
 * The bytes of an IDX file, decompressed if they are gzip data. The header says how long the whole will be, so
 * it is read first, and nothing is unpacked beyond that length.
 *
 * @throws Error if the header is wrong, or the gzip data is damaged.
 * @throws RangeError if it unpacks to more than the header says.
 */
export async function unpackIdx(bytes: Uint8Array, kind: IdxKind, where: string): Promise<Uint8Array> {
  if (!isGzip(expectBytes(where, bytes))) return bytes;
  const start = await gunzipStart(bytes, idxHeaderBytes(kind), where);
  const { fileBytes } = parseIdxHeader(start, kind, where);
  return gunzip(bytes, { limit: fileBytes, where });
}
