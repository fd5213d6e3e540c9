import fc from "fast-check";
import { expect, test, vi } from "vitest";
import {
  columnMoments,
  normalize,
  normalizeGradient,
  scaleGradient,
} from "../../../src/tensor/batch-norm.js";
import { addRow, columnDots, columnSums } from "../../../src/tensor/rows.js";
import type { Shape } from "../../../src/tensor/shape.js";
import {
  simdColumnDots,
  simdColumnSums,
  simdSquaredDifferences,
} from "../../../src/tensor/simd/column-sums.js";
import { allocateInMemory, openMemory } from "../../../src/tensor/simd/memory.js";
import {
  simdAddRow,
  simdNormalize,
  simdNormalizeGradient,
  simdScaleGradient,
} from "../../../src/tensor/simd/rows.js";
import { Tensor } from "../../../src/tensor/tensor.js";
import { expectSameBits } from "../../helpers/simd.js";
import { type Fill, wildFills } from "../../helpers/wild-tensor.js";

vi.mock("../../../src/tensor/simd/rows.js", { spy: true });
vi.mock("../../../src/tensor/simd/column-sums.js", { spy: true });

/** A batch [N, ..., C] of one to four axes, and what to fill it with. */
interface Case {
  readonly shape: Shape;
  readonly C: number;
  readonly fill: Fill;
}

// a kernel takes 32 columns at a time, a thread about 1024 elements
const cases: fc.Arbitrary<Case> = fc
  .record({
    leading: fc.oneof(
      fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
      fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 50, max: 120 })),
    ),
    C: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(1, 31, 32, 33, 64, 65)),
    fill: wildFills(),
  })
  .map(({ leading, C, fill }) => ({ shape: [...leading, C], C, fill }));
const batches = cases.filter(({ shape }) => shape.length > 1);

const runs = { numRuns: 80 };

test("addRow gives the plain code's bits", () => {
  fc.assert(
    fc.property(cases, ({ shape, C, fill }) => {
      expectSameBits((place) => addRow(place(fill(shape)), place(fill([C], 1))), simdAddRow);
    }),
    runs,
  );
});

test("columnSums gives the plain code's bits", () => {
  fc.assert(
    fc.property(cases, fc.boolean(), ({ shape, C, fill }, accumulate) => {
      expectSameBits((place) => {
        columnSums(place(fill(shape)), { out: place(fill([C], 1)), accumulate });
      }, simdColumnSums);
    }),
    runs,
  );
});

test("columnDots gives the plain code's bits", () => {
  fc.assert(
    fc.property(cases, fc.boolean(), ({ shape, C, fill }, accumulate) => {
      expectSameBits((place) => {
        columnDots(place(fill(shape)), place(fill(shape, 1)), { out: place(fill([C], 2)), accumulate });
      }, simdColumnDots);
    }),
    runs,
  );
});

test("columnMoments gives the plain code's bits", () => {
  fc.assert(
    fc.property(batches, ({ shape, C, fill }) => {
      expectSameBits((place) => {
        columnMoments(place(fill(shape)), {
          out: { mean: place(fill([C], 1)), variance: place(fill([C], 2)) },
        });
      }, simdSquaredDifferences);
    }),
    runs,
  );
});

test("normalize gives the plain code's bits", () => {
  fc.assert(
    fc.property(batches, ({ shape, C, fill }) => {
      expectSameBits((place) => {
        const row = (salt: number): Tensor => place(fill([C], salt));
        const rows = { mean: row(1), inverse: row(2), gamma: row(3), beta: row(4) };
        normalize(place(fill(shape)), rows, { xHat: place(fill(shape, 5)), out: place(fill(shape, 6)) });
      }, simdNormalize);
    }),
    runs,
  );
});

test("normalizeGradient gives the plain code's bits", () => {
  fc.assert(
    fc.property(batches, ({ shape, C, fill }) => {
      expectSameBits((place) => {
        const row = (salt: number): Tensor => place(fill([C], salt));
        const rows = { gamma: row(1), inverse: row(2), sumDy: row(3), sumDyXHat: row(4) };
        normalizeGradient(place(fill(shape)), place(fill(shape, 5)), rows, { out: place(fill(shape, 6)) });
      }, simdNormalizeGradient);
    }),
    runs,
  );
});

test("scaleGradient gives the plain code's bits", () => {
  fc.assert(
    fc.property(batches, ({ shape, C, fill }) => {
      expectSameBits((place) => {
        const rows = { gamma: place(fill([C], 1)), inverse: place(fill([C], 2)) };
        scaleGradient(place(fill(shape)), rows, { out: place(fill(shape, 3)) });
      }, simdScaleGradient);
    }),
    runs,
  );
});

test("an empty batch is left to the plain code", () => {
  for (const accumulate of [false, true]) {
    expectSameBits((place) => {
      const x = place(new Tensor([0, 2, 3]));
      const row = place(Tensor.from([1, 2, 3]));
      addRow(x, row);
      columnSums(x, { out: row, accumulate });
      columnDots(x, x, { out: row, accumulate });
    });
  }
});

test("a matrix on the heap is left to the plain code", () => {
  openMemory();
  const outside = Tensor.from([
    [1, 2],
    [3, 4],
  ]);
  const inside = new Tensor([2], allocateInMemory(2));
  columnSums(outside, { out: inside });
  expect(simdColumnSums).toHaveLastReturnedWith(false);
  expect([...inside.data]).toEqual([4, 6]);
  addRow(outside, inside);
  expect(simdAddRow).toHaveLastReturnedWith(false);
  expect([...outside.data]).toEqual([5, 8, 7, 10]);
});
