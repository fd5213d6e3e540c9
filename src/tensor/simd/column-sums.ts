import { type Code, FLOAT, f32x4, type Local, load, repeat, store, v128 } from "./assembler.js";
import { defineJob, type Job } from "./job.js";
import { type Kernel, kernel } from "./kernel.js";
import { addressOf, inMemory } from "./memory.js";
import { type At, type Columns, kernelColumns, vectorsOf } from "./rows.js";
import { scratchArray } from "./scratch.js";
import { run } from "./threads.js";

/*
 * Sums of the columns of matrices [N, rows, C]: each thread sums within images, and then the sums of the images are
 * added in their order. The lanes are columns.
 */

const { add, sub, mul } = f32x4;

/** Sums of columns, of a summand that is computed from the matrices and the rows. */
interface SumOperation {
  readonly name: string;
  readonly matrices: number;
  readonly rows: number;
  /** What is added to the sum at one vector of a row; `spare` is a further vector, for an intermediate result. */
  readonly summand: (at: At, spare: Local) => Code;
}

/** Called with the addresses of the matrices, of the rows and of the sums, and the number of rows of the matrices. */
function sumKernel({ name, matrices, rows, summand }: SumOperation, { C, columns }: Columns): Kernel {
  const parameters = new Array<"i32">(matrices + rows + 2).fill("i32");
  return kernel(`${name} ${C} ${columns}`, parameters, (locals, ...given) => {
    const places = given.slice(0, matrices);
    const fixed = given.slice(matrices, matrices + rows);
    const [out, count] = given.slice(-2) as [Local, Local];
    const of = locals.locals(matrices, "v128");
    const spare = locals.local("v128");
    const vectors = vectorsOf(columns);
    const sums = locals.locals(vectors.length, "v128");
    return [
      ...sums.flatMap((sum) => sum.set(v128.const(0))),
      ...repeat(count, [
        ...vectors.flatMap(({ offset }, v) => [
          ...of.flatMap((vector, k) => vector.set(load.vector(places[k]!.get, offset))),
          ...sums[v]!.set(
            add(sums[v]!.get, summand({ of, row: (k) => load.vector(fixed[k]!.get, offset) }, spare)),
          ),
        ]),
        ...places.flatMap((place) => place.add(C * FLOAT)),
      ]),
      ...vectors.flatMap(({ offset, lanes }, v) => store(out.get, sums[v]!, lanes, offset)),
    ];
  });
}

/** Sums over matrices [N, rows, C]: a unit is an image, of which the sums are put down; then they are added in order. */
function sumOperation(operation: SumOperation) {
  const matrixNames = Array.from({ length: operation.matrices }, (_, k) => `matrix${k}`);
  const rowNames = Array.from({ length: operation.rows }, (_, k) => `row${k}`);
  const names = ["C", "count", "sums", ...matrixNames, ...rowNames];
  const job: Job = defineJob<string>(operation.name, names, (args, begin, end) => {
    const C = args.C!;
    const count = args.count!;
    for (const { first, columns } of kernelColumns(C)) {
      const sum = sumKernel(operation, { C, columns });
      for (let n = begin; n < end; n++) {
        sum(
          ...matrixNames.map((name) => args[name]! + (n * count * C + first) * FLOAT),
          ...rowNames.map((name) => args[name]! + first * FLOAT),
          args.sums! + (n * C + first) * FLOAT,
          count,
        );
      }
    }
  });
  const apply = (
    matrices: readonly Float32Array[],
    rows: readonly Float32Array[],
    { images, out, accumulate }: SumOptions,
  ): boolean => {
    const C = out.length;
    const count = images === 0 || C === 0 ? 0 : matrices[0]!.length / (images * C);
    if (count === 0 || !inMemory(...matrices, ...rows)) return false;
    const sums = scratchArray("sums", images * C); // a row for each image
    if (!sums) return false;
    const args: Record<string, number> = { C, count, sums: addressOf(sums) };
    for (const [k, name] of matrixNames.entries()) args[name] = addressOf(matrices[k]!);
    for (const [k, name] of rowNames.entries()) args[name] = addressOf(rows[k]!);
    run(job, args, { units: images, work: count * C });
    for (let c = 0; c < C; c++) {
      let total = 0;
      for (let i = c; i < sums.length; i += C) total = Math.fround(total + sums[i]!);
      out[c] = accumulate ? out[c]! + total : total;
    }
    return true;
  };
  return { job, apply };
}

/** Where sums go, and how many images they are over. */
export interface SumOptions {
  readonly images: number;
  readonly out: Float32Array;
  readonly accumulate: boolean;
}

const columnSums = sumOperation({
  name: "columnSums",
  matrices: 1,
  rows: 0,
  summand: ({ of: [x] }) => x!.get,
});

/** out[c] = Σ x[…, c]; see `columnSums`. */
export const simdColumnSums = (x: Float32Array, options: SumOptions): boolean =>
  columnSums.apply([x], [], options);

const columnDots = sumOperation({
  name: "columnDots",
  matrices: 2,
  rows: 0,
  summand: ({ of: [a, b] }) => mul(a!.get, b!.get),
});

/** out[c] = Σ a[…, c]·b[…, c]; see `columnDots`. */
export const simdColumnDots = (a: Float32Array, b: Float32Array, options: SumOptions): boolean =>
  columnDots.apply([a, b], [], options);

const squaredDifferences = sumOperation({
  name: "squaredDifferences",
  matrices: 1,
  rows: 1,
  summand: ({ of: [x], row }, difference) => mul(difference.tee(sub(x!.get, row(0))), difference.get),
});

/** out[c] = Σ (x[…, c] − mean[c])²; see `columnMoments`. */
export const simdSquaredDifferences = (x: Float32Array, mean: Float32Array, options: SumOptions): boolean =>
  squaredDifferences.apply([x], [mean], options);

/** The jobs of this file, for the threads. */
export const COLUMN_SUM_JOBS: readonly Job[] = [columnSums, columnDots, squaredDifferences].map(
  ({ job }) => job,
);
