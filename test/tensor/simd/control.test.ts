import { expect, test } from "vitest";
import {
  CONTROL_LENGTH,
  controlAt,
  MOST_THREADS,
  offerUnits,
  takeUnits,
  WORD,
} from "../../../src/tensor/simd/control.js";
import { MOST_ARGUMENTS } from "../../../src/tensor/simd/job.js";

test("a control block has its words and arguments side by side in the memory", () => {
  const buffer = new ArrayBuffer(64 + 4 * CONTROL_LENGTH);
  const { words, arguments: list } = controlAt(buffer, 64);
  expect(words.byteOffset).toBe(64);
  expect(list.byteOffset).toBe(words.byteOffset + words.byteLength);
  expect(list.byteOffset + list.byteLength).toBe(buffer.byteLength);
  expect(list.length).toBe(MOST_ARGUMENTS);
  expect(Math.max(...Object.values(WORD))).toBeLessThan(words.length);
  expect(new Set(Object.values(WORD)).size).toBe(Object.values(WORD).length);
});

test("takeUnits hands out chunk after chunk of a share until none are left, then of the next, and counts them", () => {
  const { words } = controlAt(new ArrayBuffer(4 * CONTROL_LENGTH), 0);
  offerUnits(words, 13, 4, 2);
  const taken: number[][] = [];
  expect(takeUnits(words, 1, (begin, end) => taken.push([begin, end]))).toBe(13);
  expect(taken).toEqual([
    [6, 10],
    [10, 13],
    [0, 4],
    [4, 6],
  ]);
  expect(takeUnits(words, 0, () => expect.unreachable("all are taken"))).toBe(0);
});

test("takeUnits leaves what others have taken in the meantime", () => {
  const { words } = controlAt(new ArrayBuffer(4 * CONTROL_LENGTH), 0);
  offerUnits(words, 6, 1, 1);
  const taken: number[] = [];
  const took = takeUnits(words, 0, (begin) => {
    taken.push(begin);
    Atomics.add(words, WORD.next, 1); // another thread takes every second one
  });
  expect(taken).toEqual([0, 2, 4]);
  expect(took).toBe(3);
});

test("takeUnits gives every unit to one thread, for any number of units, threads and units at a time", () => {
  for (const threads of [1, 2, 3, 8, MOST_THREADS]) {
    for (const units of [1, 2, 7, 64, 1000]) {
      const { words } = controlAt(new ArrayBuffer(4 * CONTROL_LENGTH), 0);
      offerUnits(words, units, 3, threads);
      const counts = new Uint8Array(units);
      const count = (begin: number, end: number): void => {
        for (let unit = begin; unit < end; unit++) counts[unit] = counts[unit]! + 1;
      };
      for (let thread = 0; thread < threads; thread += 2) takeUnits(words, thread, count); // the others are late
      expect(counts.every((n) => n === 1)).toBe(true);
    }
  }
});
