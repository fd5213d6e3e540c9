import { expect, test } from "vitest";
import { CONTROL_LENGTH, controlAt, takeUnits, WORD } from "../../../src/tensor/simd/control.js";
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

test("takeUnits hands out chunk after chunk until none are left, and says how many units it took", () => {
  const words = new Int32Array(16);
  words[WORD.units] = 10;
  words[WORD.chunk] = 4;
  const taken: number[][] = [];
  expect(takeUnits(words, (begin, end) => taken.push([begin, end]))).toBe(10);
  expect(taken).toEqual([
    [0, 4],
    [4, 8],
    [8, 10],
  ]);
  expect(takeUnits(words, () => expect.unreachable("all are taken"))).toBe(0);
});

test("takeUnits leaves what others have taken in the meantime", () => {
  const words = new Int32Array(16);
  words[WORD.units] = 6;
  words[WORD.chunk] = 1;
  const taken: number[] = [];
  const took = takeUnits(words, (begin) => {
    taken.push(begin);
    Atomics.add(words, WORD.next, 1); // another thread takes every second one
  });
  expect(taken).toEqual([0, 2, 4]);
  expect(took).toBe(3);
});
