import { isDeepStrictEqual } from "node:util";
import { gzipSync } from "node:zlib";
import type { DigitRows, DigitTable } from "../../../src/mnist/digit-csv.js";
import { parseIdxImages, parseIdxLabels } from "../../../src/mnist/idx.js";
import { unpackIdx } from "../../../src/mnist/idx-dataset.js";
import { readAnyDigits, readDigits } from "../../../src/node/digit-csv.js";
import { digitHeader, digitLine, inChunks } from "../../../test/helpers/digit-csv.js";
import { idxImages, idxLabels } from "../../../test/helpers/idx.js";
import type { Reader } from "./reader.js";

const images = [idxImages(2, 3, 3), idxImages(1, 28, 28), idxImages(5, 1, 2)];
const labels = [idxLabels([1, 2, 3]), idxLabels([0, 9, 0, 9, 4, 4]), idxLabels([7])];
const gzipped = (files: readonly Uint8Array[]): Uint8Array[] =>
  files.map((file) => new Uint8Array(gzipSync(file)));

const NAMED = /IDX (images|labels)/;
/** Unpacking runs ahead of what is looked at, by some slices. */
const unpacking = (bytes: number): number => 1100 * bytes + 64e6;

const readImages = (file: Uint8Array): Uint8Array => {
  const { data, shape } = parseIdxImages(file);
  return idxImages(shape[0]!, shape[1]!, shape[2]!, data);
};
const readLabels = (file: Uint8Array): Uint8Array => idxLabels(parseIdxLabels(file));

const IDX_READERS: readonly Reader[] = [
  { name: "parseIdxImages", corpus: async () => images, read: readImages, place: NAMED, kinds: 5 },
  { name: "parseIdxLabels", corpus: async () => labels, read: readLabels, place: NAMED, kinds: 5 },
  {
    name: "readIdxDataset, images, gzipped",
    corpus: async () => gzipped(images),
    read: async (file) => readImages(await unpackIdx(file, "images", "IDX images")),
    readAgain: readImages,
    place: NAMED,
    allowed: unpacking,
    kinds: 4,
  },
  {
    name: "readIdxDataset, labels, gzipped",
    corpus: async () => gzipped(labels),
    read: async (file) => readLabels(await unpackIdx(file, "labels", "IDX labels")),
    readAgain: readLabels,
    place: NAMED,
    allowed: unpacking,
    kinds: 4,
  },
];

function table(kind: DigitTable, rows: readonly Readonly<Record<number, number>>[], end: string): Uint8Array {
  const lines = [digitHeader(kind), ...rows.map((cells) => digitLine(kind, cells))];
  return new TextEncoder().encode(lines.join(end) + end);
}

/** The rows as a file of ours. */
function written(kind: DigitTable, rows: DigitRows): Uint8Array {
  const { data, shape } = rows.images();
  const [n] = shape;
  const digits = kind === "train" ? rows.labels() : new Uint8Array(n!);
  return new Uint8Array([...idxImages(n!, 28, 28, data), ...idxLabels(digits)]);
}

/** Reads a table in both ways, which have to give the same rows or the same error. */
async function readBoth(kind: DigitTable, file: Uint8Array): Promise<Uint8Array> {
  const name = `${kind}.csv`;
  const attempt = async (read: typeof readDigits): Promise<Uint8Array | Error> => {
    try {
      return written(kind, await read(inChunks(file, [1000, 7000]), name, kind));
    } catch (error) {
      if (error instanceof Error) return error;
      throw error;
    }
  };
  const fast = await attempt(readDigits);
  const slow = await attempt(readAnyDigits);
  const [a, b] = [fast, slow].map((result) => (result instanceof Error ? result.message : result));
  if (!isDeepStrictEqual(a, b)) throw new TypeError(`The two ways to read ${name} differ.`);
  if (fast instanceof Error) throw fast;
  return fast;
}

const TABLE_READERS: readonly Reader[] = (["train", "test"] as const).map((kind) => ({
  name: kind === "train" ? "readTrainCsv" : "readTestCsv",
  corpus: async () => [
    table(kind, [{ 0: 5, 17: 255 }, { 3: 128 }], "\n"),
    table(kind, [{ 0: 9, 400: 30, 700: 1 }], "\r\n"),
  ],
  read: (file: Uint8Array) => readBoth(kind, file),
  readAgain: (bytes: Uint8Array) => bytes,
  place: new RegExp(`${kind}\\.csv(, [^:]*)?`),
  kinds: 5,
}));

/** Images of digits and their labels, as MNIST and Kaggle have them. */
export const DIGIT_READERS: readonly Reader[] = [...IDX_READERS, ...TABLE_READERS];
