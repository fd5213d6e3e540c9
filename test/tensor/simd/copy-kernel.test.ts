import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { copyKernel, transposeKernel } from "../../../src/tensor/simd/copy-kernel.js";
import { addressOf, allocateInMemory, openMemory } from "../../../src/tensor/simd/memory.js";

beforeAll(() => openMemory());

/** An array in the memory that holds 1, 2, 3, ... */
function counting(length: number): Float32Array {
  const array = allocateInMemory(length)!;
  for (let i = 0; i < length; i++) array[i] = i + 1;
  return array;
}

const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });

test("copyKernel copies rows out of a wider matrix", () => {
  const source = counting(6);
  const target = allocateInMemory(4)!;
  copyKernel({ length: 2, from: 3, to: 2 })(addressOf(source), addressOf(target), 2);
  expect([...target]).toEqual([1, 2, 4, 5]);
});

test("copyKernel copies what a plain loop copies, and leaves what lies between and behind the rows", () => {
  const cases = fc.record({ length: upTo(21), rows: upTo(6), gap: upTo(5, 0), room: upTo(5, 0) });
  fc.assert(
    fc.property(cases, ({ length, rows, gap, room }) => {
      const from = length + gap;
      const to = length + room;
      const source = counting(rows * from);
      const target = allocateInMemory(rows * to + 8)!.fill(-1);
      const wanted = target.slice();
      for (let row = 0; row < rows; row++) {
        wanted.set(source.subarray(row * from, row * from + length), row * to);
      }
      copyKernel({ length, from, to })(addressOf(source), addressOf(target), rows);
      expect(target).toEqual(wanted);
    }),
    { numRuns: 100 },
  );
});

test("transposeKernel makes rows columns, whose rows are filled up with zeros to whole vectors", () => {
  const source = counting(6); // 1 2 3, 4 5 6
  const target = allocateInMemory(12)!.fill(-1);
  transposeKernel({ columns: 2, from: 3, to: 4 })(addressOf(source), addressOf(target), 3);
  expect([...target]).toEqual([1, 4, 0, 0, 2, 5, 0, 0, 3, 6, 0, 0]);
});

test("transposeKernel gives what a plain loop gives, and leaves what lies between and behind the rows", () => {
  const cases = fc.record({ columns: upTo(16), length: upTo(21), gap: upTo(5, 0), room: upTo(5, 0) });
  fc.assert(
    fc.property(cases, ({ columns, length, gap, room }) => {
      const width = Math.ceil(columns / 4) * 4;
      const from = length + gap;
      const to = width + room;
      const source = counting(columns * from);
      const target = allocateInMemory(length * to + 8)!.fill(-1);
      const wanted = target.slice();
      for (let i = 0; i < length; i++) {
        for (let column = 0; column < width; column++) {
          wanted[i * to + column] = column < columns ? source[column * from + i]! : 0;
        }
      }
      transposeKernel({ columns, from, to })(addressOf(source), addressOf(target), length);
      expect(target).toEqual(wanted);
    }),
    { numRuns: 100 },
  );
});
