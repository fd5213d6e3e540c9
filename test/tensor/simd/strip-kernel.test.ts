import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { addressOf, allocateInMemory, openMemory } from "../../../src/tensor/simd/memory.js";
import { columnBlocks, nest, stripKernel, WIDEST } from "../../../src/tensor/simd/strip-kernel.js";
import { Tensor } from "../../../src/tensor/tensor.js";
import { expectSameNumbers } from "../../helpers/simd.js";
import { wildFills } from "../../helpers/wild-tensor.js";

beforeAll(() => openMemory());

const { fround } = Math;
const FLOAT = 4;
const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

/** A copy in the memory. */
function inMemory({ data }: Tensor): Float32Array {
  const array = allocateInMemory(data.length)!;
  array.set(data);
  return array;
}

describe("stripKernel", () => {
  test("multiplies two matrices", () => {
    const a = inMemory(Tensor.from([1, 2, 3, 4]));
    const b = inMemory(Tensor.from([10, 20, 30, 40]));
    const c = allocateInMemory(4)!;
    const product = stripKernel({
      rows: 2,
      columns: 2,
      rowA: 2 * FLOAT,
      rowC: 2 * FLOAT,
      sum: nest({ count: 0, a: FLOAT, b: 2 * FLOAT }),
      next: { a: 0, b: 0, c: 0 },
      start: "zero",
      finish: "write",
    });
    product(addressOf(a), addressOf(b), addressOf(c), 2, 1);
    expect([...c]).toEqual([70, 100, 150, 220]); // 1·10 + 2·30, ...
  });

  // several strips below each other, and a sum over `outer` runs of `inner` steps, between which lie steps left out
  const cases = fc.record({
    strips: upTo(3),
    rows: upTo(19),
    columns: upTo(WIDEST),
    outer: upTo(4),
    inner: upTo(5),
    skipped: fc.nat(3),
    gap: fc.nat(5),
    start: fc.constantFrom("zero" as const, "c" as const),
    finish: fc.constantFrom("write" as const, "add" as const),
    fill: wildFills(),
  });

  test("gives the plain loop's bits, whatever the sum starts from and becomes, and leaves what is beside c", () => {
    fc.assert(
      fc.property(cases, ({ strips, rows, columns, outer, inner, skipped, gap, start, finish, fill }) => {
        const run = inner + skipped; // of a, in floats
        const rowA = outer * run;
        const rowC = columns + gap;
        const height = strips * rows;
        const a = inMemory(fill([height, rowA]));
        const b = inMemory(fill([outer, run, columns], 1));
        const c = inMemory(fill([height + 1, rowC], 2));
        const wanted = c.slice();
        for (let r = 0; r < height; r++) {
          for (let j = 0; j < columns; j++) {
            const held = c[r * rowC + j]!;
            let sum = start === "zero" ? 0 : held;
            for (let o = 0; o < outer; o++) {
              for (let i = 0; i < inner; i++) {
                const step = o * run + i;
                sum = fround(sum + fround(a[r * rowA + step]! * b[step * columns + j]!));
              }
            }
            wanted[r * rowC + j] = finish === "write" ? sum : held + sum;
          }
        }
        const product = stripKernel({
          rows,
          columns,
          rowA: rowA * FLOAT,
          rowC: rowC * FLOAT,
          sum: nest(
            { count: 0, a: run * FLOAT, b: run * columns * FLOAT },
            { count: inner, a: FLOAT, b: columns * FLOAT },
          ),
          next: { a: rows * rowA * FLOAT, b: 0, c: rows * rowC * FLOAT },
          start,
          finish,
        });
        product(addressOf(a), addressOf(b), addressOf(c), outer, strips);
        expectSameNumbers(c, wanted);
      }),
      { numRuns: 150 },
    );
  });
});

describe("columnBlocks", () => {
  test("cuts off blocks of eight, and makes the last one a little wider in place of another", () => {
    expect(columnBlocks(8)).toEqual([{ first: 0, columns: 8 }]);
    expect(columnBlocks(12)).toEqual([{ first: 0, columns: 12 }]);
    expect(columnBlocks(20)).toEqual([
      { first: 0, columns: 8 },
      { first: 8, columns: 12 },
    ]);
    expect(columnBlocks(21)).toEqual([
      { first: 0, columns: 8 },
      { first: 8, columns: 8 },
      { first: 16, columns: 5 },
    ]);
    expect(columnBlocks(0)).toEqual([]);
  });

  test("covers every column once, in blocks that a strip can have", () => {
    fc.assert(
      fc.property(upTo(200), fc.constantFrom(8, 16), (columns, width) => {
        let next = 0;
        for (const block of columnBlocks(columns, width)) {
          expect(block.first).toBe(next);
          expect(block.columns).toBeGreaterThanOrEqual(1);
          expect(block.columns).toBeLessThanOrEqual(WIDEST);
          next += block.columns;
        }
        expect(next).toBe(columns);
      }),
    );
  });
});

test("nest leaves out the inner loops that run once, and keeps the outermost", () => {
  const loop = (count: number) => ({ count, a: 4, b: 8 });
  expect(nest(loop(0), loop(1), loop(3), loop(1))).toEqual([loop(0), loop(3)]);
  expect(nest(loop(1), loop(1))).toEqual([loop(1)]);
});
