import { ShapeError } from "./errors.js";
import { expectBoolean, expectOptions } from "./expect.js";
import { addPatches, copyPatches, Patches } from "./im2col.js";
import { type Matrix, product, rowMajor, transposed } from "./product.js";
import { scratch } from "./scratch.js";
import { formatShape, type Shape, sizeOf } from "./shape.js";
import { simdDense, simdDenseTransposeA } from "./simd/dense.js";
import { type PatchesView, simdIntoPatches, simdKernelGradient, simdPatches } from "./simd/patches.js";
import { expectTensor, Tensor } from "./tensor.js";

/** An operand of a product: a tensor, as the matrix of all its axes but the last by its last, or patches. */
export type Operand = Tensor | Patches;

/** Options of `matmul`. */
export interface MatmulOptions<Out extends Operand = Tensor> {
  /** Take `aᵀ` in place of `a`. @default false */
  readonly transposeA?: boolean;
  /** Take `bᵀ` in place of `b`. @default false */
  readonly transposeB?: boolean;
  /** Where the product goes. @default a new tensor */
  readonly out?: Out;
  /** Add the product to what `out` holds in place of overwriting it. @default false */
  readonly accumulate?: boolean;
}

/**
 * The matrix product of float32 tensors, with either side transposed if asked:
 *
 *     plain         out[i, j] = Σₖ a[i, k]·b[k, j]      y  = x·W
 *     transposeB    out[i, j] = Σₖ a[i, k]·b[j, k]      dx = dy·Wᵀ
 *     transposeA    out[i, j] = Σₖ a[k, i]·b[k, j]      dW = xᵀ·dy
 *
 * A tensor of more than two axes counts as the matrix of its last axis: [N, OH, OW, F] has N·OH·OW rows of F. The
 * plain product keeps the leading axes of `a`. `Patches`, as `im2col` gives them, can stand for `a`, for `b` where
 * `a` is transposed, and for `out`: then each element of the product is added to the pixel it belongs to (col2im).
 *
 * Order of summation: one float32 running sum from zero, k ascending, each product and each sum rounded. Where k
 * runs over a batch of images (`transposeA`, and `a` of more than two axes, the first of which counts the images), it
 * sums within each image, then the images in order. `accumulate` adds the finished sum once. A pixel under `out` adds
 * up its finished sums in ascending (ky, kx), from zero or, with `accumulate`, from what it holds.
 *
 * @throws ShapeError if the operands do not fit each other or `out`.
 * @throws RangeError if both sides are to be transposed.
 * @throws TypeError if an operand is neither a tensor nor patches.
 * @throws Error if `out` shares memory with `a` or `b`, which would change while they are read.
 */
export function matmul(a: Operand, b: Operand, options?: MatmulOptions<Tensor>): Tensor;
export function matmul<Out extends Operand>(
  a: Operand,
  b: Operand,
  options: MatmulOptions<Out> & { out: Out },
): Out;
export function matmul(a: Operand, b: Operand, options: MatmulOptions<Operand> = {}): Operand {
  const { transposeA = false, transposeB = false, accumulate = false } = expectOptions("matmul", options);
  expectOperand("a", a);
  expectOperand("b", b);
  if (options.out !== undefined) expectOperand("out", options.out);
  expectBoolean("matmul", "transposeA", transposeA);
  expectBoolean("matmul", "transposeB", transposeB);
  expectBoolean("matmul", "accumulate", accumulate);
  if (transposeA && transposeB) {
    throw new RangeError("matmul: expected at most one side to be transposed, got both. Use aᵀ·bᵀ = (b·a)ᵀ.");
  }
  const [rows, inner] = transposeA ? [columnsOf(a), rowsOf(a)] : [rowsOf(a), columnsOf(a)];
  const [innerB, columns] = transposeB ? [columnsOf(b), rowsOf(b)] : [rowsOf(b), columnsOf(b)];
  if (inner !== innerB) {
    const sides = `${format(a)}${transposeA ? "ᵀ" : ""} and ${format(b)}${transposeB ? "ᵀ" : ""}`;
    throw new ShapeError(
      `matmul: expected operands that share an axis, got ${sides}: ${inner} is not ${innerB}.`,
    );
  }
  const out = options.out ?? new Tensor(transposeA ? [rows, columns] : [...leadingAxes(a), columns]);
  if (rowsOf(out) !== rows || columnsOf(out) !== columns) {
    throw new ShapeError(`matmul: expected out to be a matrix of [${rows}, ${columns}], got ${format(out)}.`);
  }
  if (sharesMemory(out, a) || sharesMemory(out, b)) {
    throw new Error(
      "matmul: expected out to have memory of its own, got that of an operand. Clone the operand.",
    );
  }

  if (transposeA) {
    productOverImages(a, b, expectTensorOperand("out of a transposeA product", out), accumulate);
    return out;
  }
  const right = asMatrix(expectTensorOperand("the right side, where the left is not transposed,", b));
  const oriented = transposeB ? transposed(right) : right;
  if (out instanceof Patches) {
    const left = expectTensorOperand("the left side of a product into patches", a);
    const how = { F: inner, transposeB, add: accumulate };
    if (simdIntoPatches(left.data, right.data, viewOf(out), how)) return out;
    productIntoPatches(left, oriented, out, accumulate);
  } else if (a instanceof Patches) {
    const how = { F: columns, add: accumulate };
    if (!transposeB && simdPatches(viewOf(a), right.data, out.data, how)) return out;
    productOfPatches(a, oriented, out, accumulate);
  } else {
    const left = asMatrix(a);
    if (simdDense(left, right, asMatrix(out), { transposeB, add: accumulate })) return out;
    product(left, oriented, asMatrix(out), accumulate);
  }
  return out;
}

/** Patches as the kernels take them. */
function viewOf({ images, window }: Patches): PatchesView {
  return { data: images.data, window, N: images.shape[0]! };
}

/** out = P·b, the patches written out one image at a time: the forward pass of a convolution. */
function productOfPatches(a: Patches, b: Matrix, out: Tensor, accumulate: boolean): void {
  const rows = a.rowsPerImage;
  for (let n = 0; n < a.images.shape[0]!; n++) {
    product(imageMatrix(a, n, rows, 0), b, imageMatrix(out, n, rows, 1), accumulate);
  }
}

/** out = col2im(a·b), one image at a time: the gradient of a convolution's input. */
function productIntoPatches(a: Tensor, b: Matrix, out: Patches, accumulate: boolean): void {
  const rows = out.rowsPerImage;
  const columns = rowMajor(scratch(0, rows * out.columns), 0, rows, out.columns);
  if (!accumulate) out.images.data.fill(0);
  for (let n = 0; n < out.images.shape[0]!; n++) {
    product(imageMatrix(a, n, rows, 1), b, columns);
    addPatches(out, n, columns.data);
  }
}

/** out = aᵀ·b, summed within each image and then over the images in order: the gradient of a kernel. */
function productOverImages(a: Operand, b: Operand, out: Tensor, accumulate: boolean): void {
  // the rows of a matrix are summed in one go, which is the sum of its one-row images in order
  const leading = leadingAxes(a);
  const images = leading.length > 1 ? leading[0]! : 1;
  const rows = rowsOf(a) / images;
  if (a instanceof Patches && b instanceof Tensor) {
    const options = { F: columnsOf(b), add: accumulate };
    if (simdKernelGradient(viewOf(a), b.data, out.data, options)) return;
  } else if (a instanceof Tensor && b instanceof Tensor && images === 1) {
    if (simdDenseTransposeA(asMatrix(a), asMatrix(b), asMatrix(out), accumulate)) return;
  }
  const sum = accumulate ? scratch(2, out.size) : out.data;
  const total = rowMajor(sum, 0, columnsOf(a), columnsOf(b));
  sum.fill(0, 0, out.size);
  for (let n = 0; n < images; n++) {
    product(transposed(imageMatrix(a, n, rows, 0)), imageMatrix(b, n, rows, 1), total, true);
  }
  if (accumulate) {
    for (let i = 0; i < out.size; i++) out.data[i] = out.data[i]! + sum[i]!;
  }
}

/** The rows of image n: those of a tensor where they lie, those of patches written out in a scratch array. */
function imageMatrix(operand: Operand, n: number, rows: number, slot: 0 | 1): Matrix {
  const columns = columnsOf(operand);
  if (operand instanceof Tensor) return rowMajor(operand.data, n * rows * columns, rows, columns);
  const patches = scratch(slot, rows * columns);
  copyPatches(operand, n, patches);
  return rowMajor(patches, 0, rows, columns);
}

function asMatrix(tensor: Tensor): Matrix {
  return rowMajor(tensor.data, 0, rowsOf(tensor), columnsOf(tensor));
}

/** Every operand has at least one axis, its last: the columns. */
function expectOperand(name: string, operand: Operand): void {
  if (operand instanceof Patches) return;
  expectTensor("matmul", operand, `${name} to be a Tensor`);
  if (operand.rank === 0) {
    throw new ShapeError(
      `matmul: expected ${name} to be a tensor of at least one axis, got []. Reshape the number to [1, 1].`,
    );
  }
}

function expectTensorOperand(role: string, operand: Operand): Tensor {
  if (operand instanceof Tensor) return operand;
  throw new ShapeError(`matmul: expected ${role} to be a tensor, got ${format(operand)}.`);
}

function sharesMemory(a: Operand, b: Operand): boolean {
  const [p, q] = [dataOf(a), dataOf(b)];
  const apart = p.byteOffset + p.byteLength <= q.byteOffset || q.byteOffset + q.byteLength <= p.byteOffset;
  return p.buffer === q.buffer && !apart;
}

function dataOf(operand: Operand): Float32Array {
  return operand instanceof Patches ? operand.images.data : operand.data;
}

function leadingAxes(operand: Operand): Shape {
  return operand instanceof Patches ? operand.rowsShape : operand.shape.slice(0, -1);
}

function rowsOf(operand: Operand): number {
  return sizeOf(leadingAxes(operand));
}

function columnsOf(operand: Operand): number {
  return operand instanceof Patches ? operand.columns : operand.shape.at(-1)!;
}

function format(operand: Operand): string {
  const shape = formatShape([...leadingAxes(operand), columnsOf(operand)]);
  return operand instanceof Patches ? `patches ${shape}` : shape;
}
