import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { currentBackend, setBackend } from "../../src/tensor/simd/backend.js";
import { ENTRIES, publicFunctions } from "../../trust/input/entries.js";
import { fuzzCalls } from "../../trust/input/fuzz-calls.js";
import { removeTemporaryFolder } from "../../trust/input/temporary-folder.js";

/*
 * The short form of the section "input": few wild calls of every public function. INPUT_SEED draws others; a failure
 * prints the seed and the arguments.
 */
const { INPUT_SEED = "1", INPUT_CALLS = "25" } = process.env;

const backend = currentBackend();
// in ordinary memory, all of which the engine counts
beforeAll(() => setBackend("plain"));
afterAll(() => {
  setBackend(backend);
  removeTemporaryFolder();
});

describe.each(ENTRIES)("$name", ({ exports, targets, exceptions }) => {
  test("has every public function in the list, or among the exceptions", () => {
    const listed = [...targets.map(({ name }) => name), ...Object.keys(exceptions)];
    expect(listed.toSorted()).toEqual(publicFunctions(exports).toSorted());
  });

  test.each(targets)("$name returns, or says what is wrong with its arguments", async (target) => {
    await fuzzCalls(target, { calls: Number(INPUT_CALLS), seed: Number(INPUT_SEED) });
  });
});
