import { setImmediate } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { loadCheckpoint, saveCheckpoint } from "../../src/formats/checkpoint.js";
import { loadModel, saveModel } from "../../src/formats/model-file.js";
import { importOnnx } from "../../src/formats/onnx/import-onnx.js";
import { Random } from "../../src/tensor/random.js";
import { setBackend } from "../../src/tensor/simd/backend.js";
import { checkpointFiles, modelFiles, onnxFiles } from "../helpers/files.js";
import { mutate } from "../helpers/mutate.js";
import { pytorchModels } from "../helpers/pytorch-models.js";

/*
 * Files with faults that nobody has thought of. FUZZ is how many are tried with each reader (the long form: 100000), and
 * FUZZ_SEED chooses others; a failure names the file, and FUZZ_FILE=<number> tries that one alone.
 */
const { FUZZ = "2000", FUZZ_SEED = "1", FUZZ_FILE } = process.env;

/** A function that reads files of strangers. */
interface Reader {
  readonly name: string;
  /** Small files that it reads, with everything that there can be in one. */
  readonly corpus: readonly Uint8Array[];
  /** Reads a file, and gives what it has read as a file of ours. */
  readonly read: (file: Uint8Array) => Uint8Array;
  /** Reads a file of ours, and gives it again. @default read */
  readonly readAgain?: (file: Uint8Array) => Uint8Array;
  /** Makes the lengths in a mutated file right again, so that its faults are found further on. @default nothing is done */
  readonly mend?: (mutated: Uint8Array, original: Uint8Array) => Uint8Array;
}

/** Gives a safetensors file the length of the header that leaves the data as long as they were. */
function mendHeaderLength(mutated: Uint8Array, original: Uint8Array): Uint8Array {
  if (mutated.length < 8) return mutated;
  const mended = mutated.slice();
  const { buffer } = original.slice();
  const grown = BigInt(mutated.length - original.length);
  const length = new DataView(buffer).getBigUint64(0, true) + grown;
  new DataView(mended.buffer).setBigUint64(0, length, true);
  return mended;
}

const READERS: readonly Reader[] = [
  {
    name: "loadModel",
    corpus: modelFiles(),
    read: (file) => saveModel(loadModel(file)),
    mend: mendHeaderLength,
  },
  {
    name: "loadCheckpoint",
    corpus: await checkpointFiles(),
    read: (file) => {
      const { model, state, notes } = loadCheckpoint(file);
      return saveCheckpoint(model, state, notes);
    },
    mend: mendHeaderLength,
  },
  {
    name: "importOnnx",
    corpus: [...onnxFiles(), ...pytorchModels.filter(({ refused }) => !refused).map(({ file }) => file)],
    read: (file) => saveModel(importOnnx(file)),
    readAgain: (file) => saveModel(loadModel(file)),
  },
];

/** How a reader refuses: it says where, what was expected and what came. An engine's own errors do not. */
const REFUSAL = /^[\w.]+( \([^()\n]*\)| \(node ".*", .*\))?: (.+ )?expected .+, got .+/s;

/** What may be allocated for a file of so many bytes: a few times as many, and what the smallest models may have. */
const allowed = (bytes: number): number => 20 * bytes + 6e6;

// in ordinary memory, all of which the engine counts
beforeAll(() => setBackend("plain"));

describe.each(READERS)("$name", ({ name, corpus, read, readAgain = read, mend = (file) => file }) => {
  /** The mutated file of a number. Each has its own random numbers, so that one can be made without the others. */
  const mutated = (number: number): Uint8Array => {
    const random = new Random(Number(FUZZ_SEED) * 2 ** 32 + number);
    const original = corpus[random.integer(corpus.length)]!;
    const file = mutate(original, random, corpus);
    return random.integer(4) === 0 ? file : mend(file, original);
  };

  /** Why a file is refused; nothing where it is read. Anything else fails. */
  const tryFile = (file: Uint8Array): string | undefined => {
    let saved: Uint8Array;
    const before = process.memoryUsage().arrayBuffers;
    try {
      saved = read(file);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      const { message } = error as Error;
      expect(message).toMatch(REFUSAL);
      return message;
    } finally {
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(allowed(file.length));
    }
    expect(readAgain(saved)).toEqual(saved);
    return undefined;
  };

  test("reads the files as they are", () => {
    for (const file of corpus) expect(tryFile(file)).toBeUndefined();
  });

  test("reads or refuses any file with faults", { timeout: 3_600_000 }, async () => {
    const count = Number(FUZZ);
    const numbers =
      FUZZ_FILE === undefined ? Array.from({ length: count }, (_, i) => i) : [Number(FUZZ_FILE)];
    const reasons = new Map<string, number>();
    for (const number of numbers) {
      if (number % 1000 === 0) await setImmediate(); // the test runner wants to hear from it
      try {
        const [expected = ""] = tryFile(mutated(number))?.split(", got ") ?? [];
        const reason = expected.replaceAll(/"[^"]*"|\d+/g, "…"); // these are the file's
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      } catch (cause) {
        throw new Error(`${name} fails. Again: FUZZ_SEED=${FUZZ_SEED} FUZZ_FILE=${number}`, { cause });
      }
    }
    if (numbers.length < 1000) return;
    // some faults harm nothing, and the others are not all of a kind
    expect(reasons.get("")).toBeGreaterThan(numbers.length / 100);
    expect(reasons.size).toBeGreaterThan(50);
  });
});
