import type { Random } from "../../src/tensor/random.js";

/** Changes some bytes of a file; `corpus` has other files to take pieces from. It may return the file as it is. */
type Mutation = (file: Uint8Array, random: Random, corpus: readonly Uint8Array[]) => Uint8Array;

/**
 * A file with one to four faults in it: flipped bits, cut ends, pieces that are gone, doubled, exchanged or of another
 * file, numbers at the edges of their types, and other words and numbers in text. The same random state gives the same
 * faults.
 */
export function mutate(file: Uint8Array, random: Random, corpus: readonly Uint8Array[] = [file]): Uint8Array {
  let mutated = file;
  // mostly one fault: of several the first hides the others
  const faults = 1 + Math.floor(4 * random.uniform() ** 3);
  for (let i = 0; i < faults; i++) mutated = pick(MUTATIONS, random)(mutated, random, corpus);
  return mutated;
}

const pick = <T>(list: readonly T[], random: Random): T => list[random.integer(list.length)]!;

/** A place in a file, its end included. */
const place = (file: Uint8Array, random: Random): number => random.integer(file.length + 1);

/** A piece of a file: mostly a few bytes, sometimes many. */
function piece(file: Uint8Array, random: Random): readonly [start: number, end: number] {
  const start = place(file, random);
  const longest = random.integer(4) === 0 ? file.length : 16;
  return [start, Math.min(file.length, start + 1 + random.integer(Math.max(longest, 1)))];
}

/** The file with other bytes in place of those from `start` to `end`, which may lie behind the file's. */
function splice(file: Uint8Array, start: number, end: number, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([file.subarray(0, start), bytes, file.subarray(end)]));
}

const flipBit: Mutation = (file, random) => {
  const at = place(file, random);
  return splice(file, at, at + 1, Uint8Array.of((file[at] ?? 0) ^ (1 << random.integer(8))));
};

const setByte: Mutation = (file, random) => {
  const at = place(file, random);
  return splice(file, at, at + 1, Uint8Array.of(pick([0, 0x20, 0x22, 0x7f, 0x80, 0xff], random)));
};

const truncate: Mutation = (file, random) => file.slice(0, place(file, random));

const insert: Mutation = (file, random) => {
  const at = place(file, random);
  const noise = Uint8Array.from({ length: 1 + random.integer(8) }, () => random.integer(256));
  return splice(file, at, at, noise);
};

const remove: Mutation = (file, random) => {
  const [start, end] = piece(file, random);
  return splice(file, start, end, new Uint8Array(0));
};

const duplicate: Mutation = (file, random) => {
  const [start, end] = piece(file, random);
  const at = random.integer(2) === 0 ? end : place(file, random);
  return splice(file, at, at, file.slice(start, end));
};

const swap: Mutation = (file, random) => {
  const [a, b, c, d] = [0, 0, 0, 0].map(() => place(file, random)).sort((x, y) => x - y);
  const pieces = [file.slice(c, d), file.slice(b, c), file.slice(a, b)];
  return splice(file, a!, d!, Buffer.concat(pieces));
};

const takeFromAnother: Mutation = (file, random, corpus) => {
  const other = pick(corpus, random);
  const [start, end] = piece(other, random);
  const [from, to] = piece(file, random);
  return splice(file, from, random.integer(2) === 0 ? from : to, other.slice(start, end));
};

const INTEGERS = [0n, 1n, -1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n];

/** An integer at the edge of a type, in 1, 2, 4 or 8 bytes, the lowest first. */
const setInteger: Mutation = (file, random) => {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigInt64(0, pick(INTEGERS, random), true);
  // the first bytes of a file are likely to be such a number
  const at = random.integer(3) === 0 ? 0 : place(file, random);
  const length = 2 ** random.integer(4);
  return splice(file, at, at + length, new Uint8Array(bytes.buffer, 0, length));
};

const NUMBERS = [
  "0",
  "-0",
  "1",
  "-1",
  "0.5",
  "99",
  "1000000",
  "1e308",
  "1e999",
  "4294967296",
  "9007199254740993",
];
const WORDS = [
  "null",
  "true",
  "[]",
  "{}",
  '"__proto__"',
  '\\"__proto__\\"',
  "__proto__",
  "constructor",
  "NaN",
];

/** Another number or word in place of one in a text. */
const replaceWord: Mutation = (file, random) => {
  const text = Buffer.from(file.buffer, file.byteOffset, file.length).toString("latin1");
  const words = [...text.matchAll(/-?\d+(\.\d+)?|[A-Za-z_]\w*/g)];
  if (words.length === 0) return file;
  const word = pick(words, random);
  const others = [NUMBERS, WORDS, [pick(words, random)[0]], [String(random.integer(10))]];
  const other = Buffer.from(pick(pick(others, random), random), "latin1");
  return splice(file, word.index, word.index + word[0].length, other);
};

const MUTATIONS: readonly Mutation[] = [
  ...[flipBit, setByte, truncate, insert, remove, duplicate, swap, takeFromAnother, setInteger],
  ...new Array<Mutation>(8).fill(replaceWord), // what gets furthest
];
