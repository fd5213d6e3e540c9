import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { openMemory } from "../../src/tensor/simd/memory.js";
import { SimdWorkspace } from "../../src/tensor/simd/workspace.js";
import { HeapWorkspace } from "../../src/tensor/workspace.js";
import { expectSameNumbers } from "../helpers/simd.js";
import { wildFills } from "../helpers/wild-tensor.js";
import { OPTIMIZERS, type Step, stepOf } from "../layer-cases/step.js";
import { LAYER_TYPES, subjects } from "../layer-cases/subject.js";

describe.each(LAYER_TYPES)("%s", (type) => {
  beforeAll(() => openMemory());

  test("gives the same bits in SIMD as in plain code: forward, backward, one step of an optimizer", () => {
    const steps: fc.Arbitrary<Step> = fc.record({
      fill: wildFills(),
      samples: fc.integer({ min: 1, max: 4 }),
      seed: fc.nat(1e6),
      training: fc.boolean(),
      optimizer: fc.constantFrom(...OPTIMIZERS),
    });
    fc.assert(
      fc.property(subjects(type, { side: 9, last: 21 }), steps, (subject, step) => {
        const plain = stepOf(subject, step, new HeapWorkspace());
        const simd = stepOf(subject, step, new SimdWorkspace());
        expect(simd.map(({ name }) => name)).toEqual(plain.map(({ name }) => name));
        for (const [i, { data }] of plain.entries()) expectSameNumbers(simd[i]!.data, data);
      }),
      { numRuns: 30 },
    );
  });
});
