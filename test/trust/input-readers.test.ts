import { afterAll, beforeAll, test } from "vitest";
import { currentBackend, setBackend } from "../../src/tensor/simd/backend.js";
import { fuzzReader } from "../../trust/input/readers/fuzz-reader.js";
import { MODEL_READERS } from "../../trust/input/readers/models.js";
import { READERS } from "../../trust/input/readers.js";
import { removeTemporaryFolder } from "../../trust/input/temporary-folder.js";

/*
 * The short form of the section "input": files with faults that nobody has thought of. INPUT_FILES is how many are tried
 * with each reader, and INPUT_SEED chooses others; a failure names the file, and INPUT_FILE=<number> tries that one alone.
 */
const { INPUT_FILES, INPUT_SEED = "1", INPUT_FILE } = process.env;

const backend = currentBackend();
// in ordinary memory, all of which the engine counts
beforeAll(() => setBackend("plain"));
afterAll(() => {
  setBackend(backend);
  removeTemporaryFolder();
});

test.each(READERS)("$name reads or refuses any file with faults", { timeout: 120_000 }, async (reader) => {
  const files = Number(INPUT_FILES ?? (MODEL_READERS.includes(reader) ? 2000 : 300));
  const file = INPUT_FILE === undefined ? undefined : Number(INPUT_FILE);
  await fuzzReader(reader, { files, seed: Number(INPUT_SEED), file });
});
