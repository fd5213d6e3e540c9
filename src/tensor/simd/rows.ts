import { type Code, FLOAT, f32x4, type Local, load, repeat, store, VECTOR_BYTES, v128 } from "./assembler.js";
import { defineJob, type Job } from "./job.js";
import { type Kernel, kernel } from "./kernel.js";
import { addressOf, inMemory } from "./memory.js";
import { scratchArray } from "./scratch.js";
import { run, type Share } from "./threads.js";

/*
 * Operations on matrices [rows, C], row by row, together with vectors [C] that are the same for every row, as a bias
 * or a mean is. The lanes are columns.
 */

/** The most columns that a kernel takes: so many vectors are written out one after the other. */
const MOST_COLUMNS = 32;

/** What a row operation does at one vector of a row. */
interface At {
  /** The vector of each matrix. */
  readonly of: readonly Local[];
  /** Loads a vector of the k-th row that is the same for all. */
  readonly row: (k: number) => Code;
}

/** An operation, and which of its matrices it writes to. */
interface RowOperation {
  readonly name: string;
  readonly matrices: number;
  readonly rows: number;
  /** Sets the vectors that change. */
  readonly body: (at: At) => Code;
  readonly writes: readonly number[];
}

/** What a kernel is for, of a matrix of C columns: so many columns from one on. */
interface Columns {
  readonly C: number;
  readonly columns: number;
}

/** Each vector of a row, and how many of its lanes are in the row. */
function vectorsOf(columns: number): readonly { offset: number; lanes: number }[] {
  return Array.from({ length: Math.ceil(columns / 4) }, (_, v) => ({
    offset: v * VECTOR_BYTES,
    lanes: Math.min(4, columns - 4 * v),
  }));
}

/** Called with the addresses of the matrices and of the rows, and the number of rows of the matrices. */
function rowKernel({ name, matrices, rows, writes, body }: RowOperation, { C, columns }: Columns): Kernel {
  const parameters = new Array<"i32">(matrices + rows + 1).fill("i32");
  return kernel(`${name} ${C} ${columns}`, parameters, (locals, ...given) => {
    const places = given.slice(0, matrices);
    const fixed = given.slice(matrices, matrices + rows);
    const count = given.at(-1)!;
    const of = locals.locals(matrices, "v128");
    return repeat(count, [
      ...vectorsOf(columns).flatMap(({ offset, lanes }) => [
        ...of.flatMap((vector, k) => vector.set(load.vector(places[k]!.get, offset))),
        ...body({ of, row: (k) => load.vector(fixed[k]!.get, offset) }),
        ...writes.flatMap((k) => store(places[k]!.get, of[k]!, lanes, offset)),
      ]),
      ...places.flatMap((place) => place.add(C * FLOAT)),
    ]);
  });
}

/** The columns in blocks that a kernel can take. */
function kernelColumns(C: number): readonly { first: number; columns: number }[] {
  return Array.from({ length: Math.ceil(C / MOST_COLUMNS) }, (_, i) => ({
    first: i * MOST_COLUMNS,
    columns: Math.min(MOST_COLUMNS, C - i * MOST_COLUMNS),
  }));
}

/** Elements that one thread does at least. */
const UNIT = 1024;

/** Rows in a unit. */
function unitRows(C: number): number {
  return Math.ceil(UNIT / C);
}

function shareRows(rows: number, C: number): Share {
  const unit = unitRows(C);
  return { units: Math.ceil(rows / unit), work: unit * C };
}

/** An operation as a function of matrices of one shape and of rows [C]. */
function rowOperation(operation: RowOperation) {
  const matrixNames = Array.from({ length: operation.matrices }, (_, k) => `matrix${k}`);
  const rowNames = Array.from({ length: operation.rows }, (_, k) => `row${k}`);
  const names = ["C", "count", ...matrixNames, ...rowNames];
  const job: Job = defineJob<string>(operation.name, names, (args, begin, end) => {
    const C = args.C!;
    const firstRow = begin * unitRows(C);
    const rows = Math.min(end * unitRows(C), args.count!) - firstRow;
    for (const { first, columns } of kernelColumns(C)) {
      rowKernel(operation, { C, columns })(
        ...matrixNames.map((name) => args[name]! + (firstRow * C + first) * FLOAT),
        ...rowNames.map((name) => args[name]! + first * FLOAT),
        rows,
      );
    }
  });
  const apply = (matrices: readonly Float32Array[], rows: readonly Float32Array[]): boolean => {
    if (!inMemory(...matrices, ...rows)) return false;
    const C = rows[0]!.length;
    const count = matrices[0]!.length / C;
    if (count === 0 || C === 0) return false;
    const args: Record<string, number> = { C, count };
    for (const [k, name] of matrixNames.entries()) args[name] = addressOf(matrices[k]!);
    for (const [k, name] of rowNames.entries()) args[name] = addressOf(rows[k]!);
    run(job, args, shareRows(count, C));
    return true;
  };
  return { job, apply };
}

const { add, sub, mul } = f32x4;

const addRow = rowOperation({
  name: "addRow",
  matrices: 1,
  rows: 1,
  writes: [0],
  body: ({ of: [x], row }) => x!.set(add(x!.get, row(0))),
});

/** x[…, c] += row[c]; see `addRow`. */
export const simdAddRow = (x: Float32Array, row: Float32Array): boolean => addRow.apply([x], [row]);

const normalize = rowOperation({
  name: "normalize",
  matrices: 3,
  rows: 4,
  writes: [1, 2],
  body: ({ of: [x, xHat, y], row }) => [
    ...xHat!.set(mul(sub(x!.get, row(0)), row(1))),
    ...y!.set(add(mul(xHat!.get, row(2)), row(3))),
  ],
});

/** x̂ = (x − mean)·inverse, y = x̂·gamma + beta; see `normalize`. */
export const simdNormalize = (
  [x, xHat, y]: readonly [Float32Array, Float32Array, Float32Array],
  rows: readonly [mean: Float32Array, inverse: Float32Array, gamma: Float32Array, beta: Float32Array],
): boolean => normalize.apply([x, xHat, y], rows);

const normalizeGradient = rowOperation({
  name: "normalizeGradient",
  matrices: 3,
  rows: 3,
  writes: [2],
  body: ({ of: [dy, xHat, dx], row }) =>
    dx!.set(mul(row(0), sub(sub(dy!.get, row(1)), mul(xHat!.get, row(2))))),
});

/** dx = slope·((dy − meanDy) − x̂·meanDyXHat); see `normalizeGradient`. */
export function simdNormalizeGradient(
  matrices: readonly [dy: Float32Array, xHat: Float32Array, dx: Float32Array],
  { C, slope, meanDy, meanDyXHat }: Record<"slope" | "meanDy" | "meanDyXHat", Float32Array> & { C: number },
): boolean {
  if (!inMemory(...matrices)) return false;
  const rows = copyRows(C, slope, meanDy, meanDyXHat);
  return rows !== undefined && normalizeGradient.apply(matrices, rows);
}

/** Copies the first C elements of arrays on the heap: rows that an operation has computed for itself. */
function copyRows(C: number, ...rows: readonly Float32Array[]): Float32Array[] | undefined {
  const copies = scratchArray("rows", rows.length * C);
  return (
    copies &&
    rows.map((row, i) => {
      const copy = copies.subarray(i * C, (i + 1) * C);
      copy.set(row.subarray(0, C));
      return copy;
    })
  );
}

const scaleGradient = rowOperation({
  name: "scaleGradient",
  matrices: 2,
  rows: 1,
  writes: [1],
  body: ({ of: [dy, dx], row }) => dx!.set(mul(row(0), dy!.get)),
});

/** dx = slope·dy; see `scaleGradient`. */
export function simdScaleGradient(
  dy: Float32Array,
  dx: Float32Array,
  { C, slope }: { readonly C: number; readonly slope: Float32Array },
): boolean {
  if (!inMemory(dy, dx)) return false;
  const rows = copyRows(C, slope);
  return rows !== undefined && scaleGradient.apply([dy, dx], rows);
}

// ---------------------------------------------------------------- sums of columns

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
export const ROW_JOBS: readonly Job[] = [
  addRow,
  normalize,
  normalizeGradient,
  scaleGradient,
  columnSums,
  columnDots,
  squaredDifferences,
].map(({ job }) => job);
