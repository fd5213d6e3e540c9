import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Shape, sizeOf } from "../../../src/tensor/shape.js";
import { openMemory } from "../../../src/tensor/simd/memory.js";
import { withThreads } from "../../../src/tensor/simd/threads.js";
import { SimdWorkspace } from "../../../src/tensor/simd/workspace.js";
import { Tensor } from "../../../src/tensor/tensor.js";
import { normalTensor } from "../../helpers/random-tensor.js";
import { expectSameNumbers } from "../../helpers/simd.js";
import { unitsDoneByWorkers, waitForWorkers } from "../../helpers/workers.js";
import { OPTIMIZERS, stepOf } from "../../layer-cases/step.js";
import { LAYER_TYPES, subjectsFor } from "../../layer-cases/subject.js";
import { LAYER_CASES } from "../../layer-cases/table.js";

/** Samples so large that more threads than one share a batch of them. */
const LARGE: readonly Shape[] = [[9000], [90, 99], [25, 24, 20], [9, 10, 9, 12]];
const SAMPLES = 5;

const { data: numbers } = normalTensor([200_000], 1);
const fill = (shape: Shape, salt = 0): Tensor => new Tensor(shape, numbers.slice(salt, salt + sizeOf(shape)));

describe("every layer", () => {
  let before = 0;
  beforeAll(async () => {
    openMemory();
    await waitForWorkers(2);
    before = unitsDoneByWorkers();
  }, 30_000);

  // which layers they help with depends on the moment, too
  afterAll(() => expect(unitsDoneByWorkers()).toBeGreaterThan(before));

  test.each(LAYER_TYPES)("gives the same bits for 1, 2, 3 and 8 threads: %s", (type) => {
    const rank = LAYER_CASES[type].ranks.at(-1);
    const shape = LARGE.find(({ length }) => length === rank)!;
    fc.assert(
      fc.property(subjectsFor(type, shape), fc.nat(1000), (subject, seed) => {
        const optimizer = OPTIMIZERS[seed % OPTIMIZERS.length]!;
        const step = { fill, samples: SAMPLES, seed, training: true, optimizer };
        const run = (threads: number) =>
          withThreads(threads, () => stepOf(subject, step, new SimdWorkspace()));
        const alone = run(1);
        for (const threads of [2, 3, 8]) {
          const together = run(threads);
          for (const [i, { data }] of alone.entries()) expectSameNumbers(together[i]!.data, data);
        }
      }),
      { numRuns: 3 },
    );
  });
});
