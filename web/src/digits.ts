import type { Dataset, Pixels } from "tinyconv";
import { gunzip, sha256 } from "tinyconv/mnist";
import { DIGEST_BYTES, HEADER_BYTES, MAGIC, SIZE } from "./digits-format.js";

/** Digits as bytes, and what they are. */
export type DigitSet = Dataset<Pixels, Uint8Array>;

/** The digits of the page, from MNIST. */
export interface Digits {
  /** To train on. */
  readonly train: DigitSet;
  /** To test with: no network of the page has learnt on them. */
  readonly test: DigitSet;
  /** Places among the test digits, of those that the pretrained network finds hardest; hardest first. */
  readonly hard: readonly number[];
}

const FILE = "digits.bin";
const LIMIT = 16 * 2 ** 20;
const REMEDY = "Load the page again; if that does not help, build it again.";

let loading: Promise<Digits> | undefined; // of the page's one file, which all sections share

/**
 * The digits of the page, which are fetched when they are first asked for, and once. After a failure the next call tries
 * again.
 *
 * @throws Error if the server does not have them; as `unpackDigits` if they are damaged.
 */
export function loadDigits(): Promise<Digits> {
  loading ??= fetchDigits().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function fetchDigits(): Promise<Digits> {
  const response = await fetch(`./${FILE}`);
  if (!response.ok) {
    throw new Error(
      `${FILE}: expected the server to have the digits, got the answer ${response.status}. ${REMEDY}`,
    );
  }
  return unpackDigits(new Uint8Array(await response.arrayBuffer()));
}

/**
 * The digits in the bytes of the file.
 *
 * @throws Error if they are not such a file, or are damaged.
 */
export async function unpackDigits(file: Uint8Array): Promise<Digits> {
  const bytes = await gunzip(file, { limit: LIMIT, where: FILE });
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC) {
    throw new Error(`${FILE}: expected it to begin with ${quote(MAGIC)}, got ${quote(magic)}. ${REMEDY}`);
  }
  const [train, test, hard] = readCounts(bytes);
  const length = HEADER_BYTES + (train + test) * (1 + SIZE) + 2 * hard;
  if (bytes.length !== length) {
    throw new Error(
      `${FILE}: expected ${length} bytes for ${train} + ${test} digits, got ${bytes.length}. ${REMEDY}`,
    );
  }
  const body = bytes.subarray(HEADER_BYTES);
  const stated = hex(bytes.subarray(HEADER_BYTES - DIGEST_BYTES, HEADER_BYTES));
  const digest = await sha256(body);
  if (digest !== stated) {
    throw new Error(`${FILE}: expected digits with the SHA-256 ${stated}, got ${digest}. ${REMEDY}`);
  }

  let position = 0;
  const take = (count: number): Uint8Array => {
    position += count;
    return body.subarray(position - count, position);
  };
  const labels = { train: take(train), test: take(test) };
  const places = take(2 * hard);
  const toSet = (labels: Uint8Array): DigitSet => ({
    images: { data: take(labels.length * SIZE), shape: [labels.length, 28, 28, 1] },
    labels,
  });
  return {
    train: toSet(labels.train),
    test: toSet(labels.test),
    hard: Array.from({ length: hard }, (_, i) => places[2 * i]! + 256 * places[2 * i + 1]!),
  };
}

/** How many digits to train on, to test with, and hard ones; 0 of a file that ends before that. */
function readCounts(bytes: Uint8Array): [number, number, number] {
  const header = new Uint8Array(HEADER_BYTES);
  header.set(bytes.subarray(0, HEADER_BYTES));
  const view = new DataView(header.buffer, MAGIC.length);
  return [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true)];
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function quote(text: string): string {
  return JSON.stringify(text);
}
