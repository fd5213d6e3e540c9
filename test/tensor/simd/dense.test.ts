import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { type MatmulOptions, matmul } from "../../../src/tensor/matmul.js";
import type { Shape } from "../../../src/tensor/shape.js";
import { simdDense, simdDenseTransposeA } from "../../../src/tensor/simd/dense.js";
import { allocateInMemory, openMemory } from "../../../src/tensor/simd/memory.js";
import { Tensor } from "../../../src/tensor/tensor.js";
import { normalTensor } from "../../helpers/random-tensor.js";
import { expectSameBits } from "../../helpers/simd.js";
import { type Fill, wildFills } from "../../helpers/wild-tensor.js";

vi.mock("../../../src/tensor/simd/dense.js", { spy: true });

/** A form of the product out [I, J] = Σ over K, and the shapes of a and b in it. */
interface Form {
  readonly name: string;
  readonly shapes: (sizes: Sizes) => readonly [Shape, Shape];
  readonly options: MatmulOptions;
  readonly dispatch: (...args: never[]) => boolean;
}

const forms: readonly Form[] = [
  {
    name: "a·b",
    shapes: ({ I, K, J }) => [
      [I, K],
      [K, J],
    ],
    options: {},
    dispatch: simdDense,
  },
  {
    name: "a·bᵀ",
    shapes: ({ I, K, J }) => [
      [I, K],
      [J, K],
    ],
    options: { transposeB: true },
    dispatch: simdDense,
  },
  {
    name: "aᵀ·b",
    shapes: ({ I, K, J }) => [
      [K, I],
      [K, J],
    ],
    options: { transposeA: true },
    dispatch: simdDenseTransposeA,
  },
];

interface Sizes {
  readonly I: number;
  readonly K: number;
  readonly J: number;
}

function expectSameProduct(
  { shapes, options, dispatch }: Form,
  sizes: Sizes,
  fill: Fill,
  accumulate: boolean,
) {
  const [a, b] = shapes(sizes);
  expectSameBits((place) => {
    const out = place(fill([sizes.I, sizes.J], 2));
    matmul(place(fill(a)), place(fill(b, 1)), { ...options, out, accumulate });
  }, dispatch);
}

const normal: Fill = (shape, salt = 0) => normalTensor(shape, salt);

describe.each(forms)("$name", (form) => {
  const upTo40 = fc.integer({ min: 1, max: 40 });
  const sizes = fc.record({ I: upTo40, K: upTo40, J: upTo40 });

  test("gives the plain code's bits for all small sizes", () => {
    fc.assert(
      fc.property(sizes, wildFills(), fc.boolean(), (given, fill, accumulate) =>
        expectSameProduct(form, given, fill, accumulate),
      ),
      { numRuns: 120 },
    );
  });

  // sums are taken in parts of 384 steps, rows in strips of 8, columns in blocks of 16, of which a thread takes whole
  // ones from 8 on; columns of a transposed operand are copied in panels of 64
  test.each<Sizes>([
    { I: 1, K: 1, J: 1 },
    { I: 3, K: 383, J: 5 },
    { I: 9, K: 384, J: 16 },
    { I: 9, K: 385, J: 17 },
    { I: 2, K: 769, J: 3 },
    { I: 7, K: 3, J: 131 },
    { I: 17, K: 2, J: 128 },
    { I: 64, K: 5, J: 20 },
    { I: 65, K: 5, J: 21 },
    { I: 131, K: 4, J: 15 },
  ])("gives the plain code's bits at the edges of its blocks, $I x $K x $J", (given) => {
    for (const fill of [normal, ...fc.sample(wildFills(), { seed: 2, numRuns: 3 })]) {
      for (const accumulate of [false, true]) expectSameProduct(form, given, fill, accumulate);
    }
  });

  test.each<Sizes>([
    { I: 0, K: 3, J: 2 },
    { I: 3, K: 0, J: 2 },
    { I: 3, K: 2, J: 0 },
  ])("leaves $I x $K x $J, where there is nothing to multiply, to the plain code", (sizes) => {
    const [a, b] = form.shapes(sizes);
    expectSameBits((place) => {
      const out = place(normal([sizes.I, sizes.J], 2));
      matmul(place(normal(a)), place(normal(b, 1)), { ...form.options, out });
    });
  });
});

test("an operand on the heap is left to the plain code, whichever it is", () => {
  openMemory();
  for (const outside of [0, 1, 2]) {
    const [a, b, out] = [0, 1, 2].map((k) => {
      const data = k === outside ? new Float32Array(4) : allocateInMemory(4)!;
      return new Tensor([2, 2], data.fill(k + 1));
    }) as [Tensor, Tensor, Tensor];
    matmul(a, b, { out });
    expect(simdDense).toHaveLastReturnedWith(false);
    expect([...out.data]).toEqual([4, 4, 4, 4]);
    matmul(a, b, { out, transposeA: true });
    expect(simdDenseTransposeA).toHaveLastReturnedWith(false);
  }
});
