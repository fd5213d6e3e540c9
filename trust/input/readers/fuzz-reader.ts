import { setImmediate } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { Random } from "../../../src/index.js";
import { mutate } from "../../../test/helpers/mutate.js";
import type { Reader } from "./reader.js";

export interface FuzzReaderOptions {
  readonly files: number;
  readonly seed: number;
  /** The number of one file that is to be tried alone. @default all */
  readonly file?: number | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

export interface ReaderCounts {
  readonly files: number;
  readonly read: number;
  readonly refused: number;
  /** Kinds of refusals: what was expected. */
  readonly kinds: number;
}

/** How a function refuses a file: it says where. An engine's own errors do not. */
const PLACE = /[\w.]+( \([^()\n]*\)| \(node ".*", .*\))?/s;

/** Then it says what was expected and what came. */
const REST = /: (.+ )?expected .+, got .+/s;

/**
 * Reads files with faults that nobody has thought of, each made from its number and the seed. Each is read, and then what
 * was read is the same when it is written and read again; or it is refused by an error that says where, what was expected
 * and what came; and no more memory is taken than is in proportion to the file.
 *
 * @throws Error that names the first file for which this does not hold.
 */
export async function fuzzReader(
  reader: Reader,
  { files, seed, file, log }: FuzzReaderOptions,
): Promise<ReaderCounts> {
  const corpus = await reader.corpus();
  for (const whole of corpus) {
    const refusal = await tryFile(reader, whole);
    if (refusal !== undefined) throw new Error(`${reader.name} refuses a file without faults: ${refusal}`);
  }
  const numbers = file === undefined ? Array.from({ length: files }, (_, i) => i) : [file];
  const reasons = new Map<string, number>();
  for (const number of numbers) {
    if (number % 1000 === 0) await setImmediate(); // whoever waits for us wants to hear from us
    if (number > 0 && number % 10_000 === 0) log?.(`${reader.name}: ${number} of ${files}`);
    try {
      const refusal = await tryFile(reader, mutated(reader, corpus, seed, number));
      const [expected = ""] = refusal?.split(", got ") ?? [];
      const reason = expected.replaceAll(/"[^"]*"|\d+/g, "…"); // these are the file's
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    } catch (cause) {
      throw new Error(`${reader.name} fails: file ${number} of seed ${seed}. ${String(cause)}`, { cause });
    }
  }
  const read = reasons.get("") ?? 0;
  const counts = {
    files: numbers.length,
    read,
    refused: numbers.length - read,
    kinds: reasons.size - (read > 0 ? 1 : 0),
  };
  if (numbers.length >= 1000) expectVariety(reader, counts);
  return counts;
}

/** Some faults harm nothing, and the others are not all of a kind: else they were not made well. */
function expectVariety({ name, kinds: least }: Reader, { files, read, kinds }: ReaderCounts): void {
  if (read <= files / 100) throw new Error(`${name} has read ${read} of ${files} files only.`);
  if (kinds < least) throw new Error(`${name} has refused files for ${kinds} reasons only.`);
}

/** The mutated file of a number. Each has its own random numbers, so that one can be made without the others. */
function mutated(reader: Reader, corpus: readonly Uint8Array[], seed: number, number: number): Uint8Array {
  const random = new Random(seed * 2 ** 32 + number);
  const original = corpus[random.integer(corpus.length)]!;
  const file = mutate(original, random, corpus);
  return reader.mend && random.integer(4) !== 0 ? reader.mend(file, original) : file;
}

/** Why a file is refused; nothing where it is read. Anything else is an error. */
async function tryFile(reader: Reader, file: Uint8Array): Promise<string | undefined> {
  const { read, readAgain = read, place = PLACE, allowed = (bytes) => 20 * bytes + 6e6 } = reader;
  const before = process.memoryUsage().arrayBuffers;
  const outcome = await outcomeOf(() => read(file));
  const taken = process.memoryUsage().arrayBuffers - before;
  if (taken >= allowed(file.length)) throw new Error(`It took ${taken} bytes for ${file.length}.`);
  if ("error" in outcome) {
    const { error } = outcome;
    const refusal = new RegExp(`^(${place.source})${REST.source}`, "s");
    if (!(error instanceof Error) || !refusal.test(error.message)) throw error;
    return error.message;
  }
  if (!isDeepStrictEqual(await readAgain(outcome.value), outcome.value)) {
    throw new Error("What was read is another thing when it is read again.");
  }
  return undefined;
}

async function outcomeOf<T>(call: () => T | Promise<T>): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error };
  }
}
