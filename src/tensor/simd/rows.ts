import { type Code, FLOAT, f32x4, type Local, load, repeat, store, VECTOR_BYTES } from "./assembler.js";
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
export interface At {
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
export interface Columns {
  readonly C: number;
  readonly columns: number;
}

/** Each vector of a row, and how many of its lanes are in the row. */
export function vectorsOf(columns: number): readonly { offset: number; lanes: number }[] {
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
export function kernelColumns(C: number): readonly { first: number; columns: number }[] {
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

/** The jobs of this file, for the threads. */
export const ROW_JOBS: readonly Job[] = [addRow, normalize, normalizeGradient, scaleGradient].map(
  ({ job }) => job,
);
