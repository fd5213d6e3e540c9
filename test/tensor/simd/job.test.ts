import { expect, test } from "vitest";
import { COLUMN_SUM_JOBS } from "../../../src/tensor/simd/column-sums.js";
import { DENSE_JOBS } from "../../../src/tensor/simd/dense.js";
import { ELEMENTWISE_JOBS } from "../../../src/tensor/simd/elementwise.js";
import { decodeArguments, defineJob, encodeArguments, MOST_ARGUMENTS } from "../../../src/tensor/simd/job.js";
import { PATCHES_JOBS } from "../../../src/tensor/simd/patches.js";
import { POOLING_JOBS } from "../../../src/tensor/simd/pooling.js";
import { ROW_JOBS } from "../../../src/tensor/simd/rows.js";

const JOBS = [
  ...DENSE_JOBS,
  ...PATCHES_JOBS,
  ...ELEMENTWISE_JOBS,
  ...POOLING_JOBS,
  ...ROW_JOBS,
  ...COLUMN_SUM_JOBS,
];

test("arguments come out under their names, in the order of the job and not of the caller", () => {
  const job = defineJob("test", ["a", "b", "c"], () => {});
  const list = new Float64Array(4).fill(9);
  encodeArguments(job, { c: 2 ** 32 - 1, a: 0.1, b: -1 }, list);
  expect([...list]).toEqual([0.1, -1, 2 ** 32 - 1, 9]); // addresses and float32 numbers alike are exact
  expect(decodeArguments(job, list)).toEqual({ a: 0.1, b: -1, c: 2 ** 32 - 1 });
});

test("a job runs with what it is given", () => {
  const calls: unknown[] = [];
  const job = defineJob("test", ["a"], (...given) => calls.push(given));
  job.run({ a: 1 }, 2, 3, 4);
  expect(calls).toEqual([[{ a: 1 }, 2, 3, 4]]);
});

test("an id depends on the name alone, and fits into a word", () => {
  expect(defineJob("one", [], () => {}).id).toBe(defineJob("one", ["a"], () => {}).id);
  expect(defineJob("one", [], () => {}).id).not.toBe(defineJob("two", [], () => {}).id);
  for (const { id } of JOBS) expect(Int32Array.of(id)[0]).toBe(id);
});

test("no two jobs that the workers know have the same id", () => {
  expect(JOBS.length).toBeGreaterThan(20);
  expect(new Set(JOBS.map(({ id }) => id)).size).toBe(JOBS.length);
});

test("a job has no more arguments than there is room for", () => {
  const names = Array.from({ length: MOST_ARGUMENTS + 1 }, (_, i) => `a${i}`);
  expect(() => defineJob("greedy", names.slice(1), () => {})).not.toThrow();
  expect(() => defineJob("greedy", names, () => {})).toThrow(
    new RangeError("defineJob: expected at most 48 arguments, got 49 in greedy."),
  );
});
