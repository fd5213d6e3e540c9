import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/tensor/errors.js";
import { im2col } from "../../src/tensor/im2col.js";
import { matmul, type Operand } from "../../src/tensor/matmul.js";
import { scratch } from "../../src/tensor/scratch.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { slidingWindow } from "../../src/tensor/window.js";
import {
  fillings,
  naiveFold,
  naivePatches,
  naiveProduct,
  naiveProductOverImages,
  type Rows,
  rowsOf,
  sumOfMatrices,
  transpose,
} from "../helpers/product.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { withoutMemoryFor } from "../helpers/refuse-arrays.js";
import { expectSameBits } from "../helpers/simd.js";
import { windowCases } from "../helpers/windows.js";

const a = Tensor.from([
  [1, 2],
  [3, 4],
]);
const b = Tensor.from([
  [10, 20, 30],
  [1, 2, 3],
]);
const ones = (shape: Shape): Tensor => {
  const tensor = new Tensor(shape);
  tensor.data.fill(1);
  return tensor;
};

// three pixels in a row under a window of two: the patches are [1, 2] and [2, 3]
const pixels = Tensor.from([1, 2, 3], [1, 1, 3, 1]);
const pair = slidingWindow("test", [1, 3, 1], { kernelSize: [1, 2], strides: 1, padding: "valid" });

/** The rows that `out` should hold after a product: the product itself, or added to what it held. */
const expected = (product: Rows, held: Rows, accumulate: boolean): Rows =>
  accumulate ? sumOfMatrices([product], held) : product;

/** The matrices of the images of a batch [N, ..., C]. */
const imagesOf = (x: Tensor): Rows[] => {
  const [N, ...sample] = x.shape as [number, ...number[]];
  const size = x.size / N;
  return Array.from({ length: N }, (_, n) =>
    rowsOf(new Tensor(sample, x.data.subarray(n * size, (n + 1) * size))),
  );
};

describe("matmul of tensors", () => {
  test("takes rows times columns", () => {
    expect(matmul(a, b).toArray()).toEqual([
      [12, 24, 36], // 1·10 + 2·1, ...
      [34, 68, 102], // 3·10 + 4·1, ...
    ]);
  });

  test("takes rows times rows with transposeB, columns times columns with transposeA", () => {
    expect(matmul(b, b, { transposeB: true }).toArray()).toEqual([
      [1400, 140], // 10² + 20² + 30², 10·1 + 20·2 + 30·3
      [140, 14],
    ]);
    expect(matmul(a, b, { transposeA: true }).toArray()).toEqual([
      [13, 26, 39], // 1·10 + 3·1, ...
      [24, 48, 72], // 2·10 + 4·1, ...
    ]);
  });

  test("overwrites out, or adds to it, and returns it", () => {
    const out = ones([2, 2]);
    expect(matmul(a, a, { out })).toBe(out);
    expect(out.toArray()).toEqual([
      [7, 10],
      [15, 22],
    ]);
    matmul(a, a, { out, accumulate: true });
    expect(out.toArray()).toEqual([
      [14, 20],
      [30, 44],
    ]);
  });

  test("keeps the leading axes of a, and fills an out of any axes before its last", () => {
    expect(matmul(ones([2, 3, 4]), ones([4, 5])).shape).toEqual([2, 3, 5]);
    expect(matmul(ones([2, 3, 4]), ones([2, 3, 5]), { transposeA: true }).shape).toEqual([4, 5]);
    const kernel = new Tensor([2, 2, 1, 5]);
    expect(matmul(ones([2, 3, 4]), ones([2, 3, 5]), { transposeA: true, out: kernel })).toBe(kernel);
    expect(new Set(kernel.data)).toEqual(new Set([6]));
  });

  test("takes a single axis for a single row", () => {
    const row = Tensor.from([1, 2]);
    expect(matmul(row, b).toArray()).toEqual([12, 24, 36]);
    expect(matmul(row, Tensor.from([5, 6, 7]), { transposeA: true }).toArray()).toEqual([
      [5, 6, 7],
      [10, 12, 14],
    ]);
  });

  test("adds up a batch of images image by image, a matrix row by row", () => {
    // a float32 near 1e8 is a multiple of 8, so a 1 beside it is lost
    const x = Tensor.from([1e8, 1, -1e8, 1], [2, 2, 1]);
    const options = { transposeA: true };
    expect(matmul(x, ones([2, 2, 1]), options).data[0]).toBe(0); // (1e8 + 1) + (-1e8 + 1), each 1 lost
    expect(matmul(x.reshape([4, 1]), ones([4, 1]), options).data[0]).toBe(1); // the last 1 meets 0
  });

  test("adds a finished sum, not its terms one by one, to what out holds", () => {
    const out = Tensor.from([[1e8]]);
    matmul(Tensor.from([[3, 3, 3]]), ones([3, 1]), { out, accumulate: true });
    expect(out.data[0]).toBe(1e8 + 8); // 9 to the next multiple of 8; a single 3 would be lost
    const images = Tensor.from([3, 3, 3], [3, 1, 1]);
    const sum = Tensor.from([[1e8]]);
    matmul(images, ones([3, 1, 1]), { transposeA: true, out: sum, accumulate: true });
    expect(sum.data[0]).toBe(1e8 + 8);
  });

  test("finds nothing to add in a batch without images", () => {
    const out = ones([2, 3]);
    const empty = [new Tensor([0, 4, 2]), new Tensor([0, 4, 3])] as const;
    matmul(ones([50, 2]), ones([50, 3]), { transposeA: true, out: new Tensor([2, 3]), accumulate: true });
    matmul(...empty, { transposeA: true, out, accumulate: true });
    expect(out).toEqual(ones([2, 3]));
    expect(matmul(...empty, { transposeA: true, out })).toEqual(new Tensor([2, 3]));
    expect(matmul(new Tensor([0, 2]), b).shape).toEqual([0, 3]);
    expect(matmul(new Tensor([0, 2]), new Tensor([0, 3]), { transposeA: true })).toEqual(new Tensor([2, 3]));
  });

  test("gives the same bits in the memory of the kernels", () => {
    const [x, y] = [normalTensor([3, 5], 1), normalTensor([5, 7], 2)];
    const [xT, yT] = [normalTensor([5, 3], 1), normalTensor([7, 5], 2)];
    const held = normalTensor([3, 7], 3);
    for (const accumulate of [false, true]) {
      expectSameBits((place) => matmul(place(x), place(y), { out: place(held), accumulate }));
      expectSameBits((place) => {
        matmul(place(x), place(yT), { transposeB: true, out: place(held), accumulate });
      });
      expectSameBits((place) => {
        matmul(place(xT), place(y), { transposeA: true, out: place(held), accumulate });
      });
    }
    // and within each image first, where there are images
    const images = Tensor.from([1e8, 1, -1e8, 1], [2, 2, 1]);
    expectSameBits((place) => {
      matmul(place(images), place(ones([2, 2, 1])), { transposeA: true, out: place(new Tensor([1, 1])) });
    });
  });

  test("equals the running sums in every bit, plain and transposed", () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, size, size, fillings(), fc.boolean(), (I, K, J, fill, accumulate) => {
        const held = fill([I, J], 2);
        const check = (left: Tensor, right: Tensor, wanted: Rows, options = {}): void => {
          const out = held.clone();
          matmul(left, right, { ...options, out, accumulate });
          expect(rowsOf(out)).toEqual(expected(wanted, rowsOf(held), accumulate));
        };
        const [x, y] = [fill([I, K], 0), fill([K, J], 1)];
        check(x, y, naiveProduct(rowsOf(x), rowsOf(y)));
        const yT = fill([J, K], 1);
        check(x, yT, naiveProduct(rowsOf(x), transpose(rowsOf(yT))), { transposeB: true });
        const xT = fill([K, I], 0);
        check(xT, y, naiveProduct(transpose(rowsOf(xT)), rowsOf(y)), { transposeA: true });
      }),
      { numRuns: 80 },
    );
  });

  test("equals the sums within images, then over images, in every bit", () => {
    const leading = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 3 });
    const size = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(leading, size, size, fillings(), fc.boolean(), (axes, I, O, fill, accumulate) => {
        const [x, dy, held] = [fill([...axes, I], 0), fill([...axes, O], 1), fill([I, O], 2)];
        const out = held.clone();
        matmul(x, dy, { transposeA: true, out, accumulate });
        const wanted = naiveProductOverImages(imagesOf(x), imagesOf(dy), I, O);
        expect(rowsOf(out)).toEqual(expected(wanted, rowsOf(held), accumulate));
      }),
      { numRuns: 80 },
    );
  });
});

describe("matmul of patches", () => {
  test("is a convolution with patches on the left", () => {
    const W = Tensor.from([[10], [1]]);
    expect(matmul(im2col(pixels, pair), W)).toEqual(Tensor.from([12, 23], [1, 1, 2, 1]));
  });

  test("is the gradient of the kernel with patches transposed, on either side", () => {
    const dy = Tensor.from([1, 100], [1, 1, 2, 1]);
    // [1, 2]·1 + [2, 3]·100
    expect(matmul(im2col(pixels, pair), dy, { transposeA: true }).toArray()).toEqual([[201], [302]]);
    expect(matmul(dy, im2col(pixels, pair), { transposeA: true }).toArray()).toEqual([[201, 302]]);
  });

  test("is the gradient of the image with patches as out", () => {
    const dy = Tensor.from([1, 100], [1, 1, 2, 1]);
    const W = Tensor.from([[10], [1]]);
    const dx = ones([1, 1, 3, 1]);
    const patches = im2col(dx, pair);
    expect(matmul(dy, W, { transposeB: true, out: patches })).toBe(patches);
    expect([...dx.data]).toEqual([10, 1001, 100]); // 1·10, 1·1 + 100·10, 100·1
    matmul(dy, W, { transposeB: true, out: patches, accumulate: true });
    expect([...dx.data]).toEqual([20, 2002, 200]);
  });

  test("lets a number in the padding take part as a 0", () => {
    const window = slidingWindow("test", [1, 1, 1], {
      kernelSize: [1, 2],
      strides: 1,
      padding: [
        [0, 0],
        [1, 0],
      ],
    });
    const x = Tensor.from([2], [1, 1, 1, 1]);
    const W = Tensor.from([[Number.POSITIVE_INFINITY], [3]]);
    expect(matmul(im2col(x, window), W).data[0]).toBe(Number.NaN); // 0·∞ + 2·3
  });

  // images under a window, as a view and with their patches written out
  const cases = fc
    .tuple(windowCases(), fc.integer({ min: 1, max: 6 }), fillings(), fc.boolean())
    .map(([{ shape, window: options }, F, fill, accumulate]) => {
      const window = slidingWindow("test", shape.slice(1), options);
      const x = fill(shape, 0);
      const taps = window.KH * window.KW * window.C;
      const rowsShape = [shape[0], window.OH, window.OW];
      const patches = im2col(x, window);
      return { window, x, patches, written: naivePatches(x, window), taps, rowsShape, F, fill, accumulate };
    });
  const runs = { numRuns: 60 };

  test("equals the products of the patches written out in every bit", () => {
    fc.assert(
      fc.property(cases, ({ patches, written, taps, rowsShape, F, fill, accumulate }) => {
        const [W, WT] = [fill([taps, F], 1), fill([F, taps], 1)];
        const held = fill([...rowsShape, F], 2);
        const check = (kernel: Tensor, rows: Rows, transposeB: boolean): void => {
          const out = held.clone();
          matmul(patches, kernel, { transposeB, out, accumulate });
          const wanted = written.flatMap((matrix) => naiveProduct(matrix, rows));
          expect(rowsOf(out)).toEqual(expected(wanted, rowsOf(held), accumulate));
        };
        check(W, rowsOf(W), false);
        check(WT, transpose(rowsOf(WT)), true);
      }),
      runs,
    );
  });

  test("equals the sums of those products over the images in every bit, on the left, the right and both", () => {
    fc.assert(
      fc.property(cases, ({ window, x, patches, written, taps, rowsShape, F, fill, accumulate }) => {
        const dy = fill([...rowsShape, F], 1);
        const check = (left: Operand, right: Operand, a: Rows[], b: Rows[], I: number, O: number): void => {
          const held = fill([I, O], 2);
          const out = held.clone();
          matmul(left, right, { transposeA: true, out, accumulate });
          const wanted = naiveProductOverImages(a, b, I, O);
          expect(rowsOf(out)).toEqual(expected(wanted, rowsOf(held), accumulate));
        };
        check(patches, dy, written, imagesOf(dy), taps, F);
        check(dy, patches, imagesOf(dy), written, F, taps);
        const other = fill(x.shape, 3);
        check(patches, im2col(other, window), written, naivePatches(other, window), taps, taps);
      }),
      runs,
    );
  });

  test("equals what each pixel gathers from the product in every bit, with patches as out", () => {
    fc.assert(
      fc.property(cases, ({ window, x, taps, rowsShape, F, fill, accumulate }) => {
        const [dy, W] = [fill([...rowsShape, F], 1), fill([taps, F], 2)];
        const dx = x.clone();
        matmul(dy, W, { transposeB: true, out: im2col(dx, window), accumulate });
        const wanted = imagesOf(dy).flatMap((matrix, n) =>
          naiveFold(naiveProduct(matrix, transpose(rowsOf(W))), window, (h, w, c) =>
            accumulate ? x.at(n, h, w, c) : 0,
          ),
        );
        expect([...dx.data]).toEqual(wanted);
      }),
      runs,
    );
  });

  test("gives the same bits in the memory of the kernels, with patches on any side", () => {
    const options = { kernelSize: 2, strides: 1, padding: "same" } as const;
    const window = slidingWindow("test", [4, 3, 2], options); // 8 taps
    const x = normalTensor([2, 4, 3, 2], 1);
    const dy = normalTensor([2, 4, 3, 5], 2);
    const kernel = normalTensor([8, 5], 3);
    const kernelT = normalTensor([5, 8], 3);
    for (const accumulate of [false, true]) {
      expectSameBits((place) => {
        matmul(im2col(place(x), window), place(kernel), { out: place(dy), accumulate });
      });
      expectSameBits((place) => {
        const patches = im2col(place(x), window);
        matmul(patches, place(kernelT), { transposeB: true, out: place(dy), accumulate });
      });
      expectSameBits((place) => {
        const patches = im2col(place(x), window);
        matmul(patches, place(dy), { transposeA: true, out: place(kernel), accumulate });
      });
      expectSameBits((place) => {
        const out = im2col(place(x), window);
        matmul(place(dy), place(kernel), { transposeB: true, out, accumulate });
      });
      expectSameBits((place) => {
        matmul(place(dy), place(kernelT), { out: im2col(place(x), window), accumulate });
      });
    }
  });

  test("takes as much working memory as the patches of an image need", () => {
    // an image of just so many rows of two taps that their patches are more than the memory held so far
    const demanding = () => {
      const rows = Math.floor(scratch(0, 1).length / 2) + 1;
      const options = { kernelSize: [1, 2], strides: 1, padding: "valid" } as const;
      const x = ones([1, 1, rows + 1, 1]);
      return { rows, patches: im2col(x, slidingWindow("test", [1, rows + 1, 1], options)) };
    };
    const forward = demanding();
    const y = matmul(forward.patches, ones([2, 1]));
    expect(y.data).toEqual(new Float32Array(forward.rows).fill(2));

    const { rows, patches } = demanding();
    matmul(ones([1, 1, rows, 1]), ones([2, 1]), { transposeB: true, out: patches });
    const wanted = new Float32Array(rows + 1).fill(2).fill(1, 0, 1).fill(1, rows);
    expect(patches.images.data).toEqual(wanted);
  });

  test("gives the same small product after a large one has used the working memory", () => {
    const product = (): Tensor => matmul(im2col(pixels, pair), ones([2, 1]), {});
    const before = product();
    const window = slidingWindow("test", [9, 9, 3], { kernelSize: 3, strides: 1, padding: "same" });
    matmul(im2col(ones([2, 9, 9, 3]), window), ones([27, 4]));
    expect(product()).toEqual(before);
  });
});

describe("matmul refuses", () => {
  test("operands that share no axis", () => {
    const [x, y] = [new Tensor([2, 3]), new Tensor([4, 5])];
    expect(() => matmul(x, y)).toThrow(
      new ShapeError("matmul: expected operands that share an axis, got [2, 3] and [4, 5]: 3 is not 4."),
    );
    expect(() => matmul(x, y, { transposeA: true })).toThrow(
      new ShapeError("matmul: expected operands that share an axis, got [2, 3]ᵀ and [4, 5]: 2 is not 4."),
    );
    expect(() => matmul(x, y, { transposeB: true })).toThrow(
      new ShapeError("matmul: expected operands that share an axis, got [2, 3] and [4, 5]ᵀ: 3 is not 5."),
    );
    expect(() => matmul(im2col(pixels, pair), y)).toThrow(
      new ShapeError(
        "matmul: expected operands that share an axis, got patches [1, 1, 2, 2] and [4, 5]: 2 is not 4.",
      ),
    );
  });

  test("an out of another size", () => {
    expect(() => matmul(a, b, { out: new Tensor([3, 2]) })).toThrow(
      new ShapeError("matmul: expected out to be a matrix of [2, 3], got [3, 2]."),
    );
    expect(() => matmul(a, b, { out: new Tensor([4, 3]) })).toThrow(
      new ShapeError("matmul: expected out to be a matrix of [2, 3], got [4, 3]."),
    );
    expect(() => matmul(a, b, { out: im2col(pixels, pair) })).toThrow(
      new ShapeError("matmul: expected out to be a matrix of [2, 3], got patches [1, 1, 2, 2]."),
    );
  });

  test("both sides transposed, naming what does the same", () => {
    expect(() => matmul(a, a, { transposeA: true, transposeB: true })).toThrow(
      new RangeError("matmul: expected at most one side to be transposed, got both. Use aᵀ·bᵀ = (b·a)ᵀ."),
    );
  });

  test("patches where it does not take them", () => {
    const patches = im2col(pixels, pair); // a matrix [2, 2]
    const message = (role: string): ShapeError =>
      new ShapeError(`matmul: expected ${role} to be a tensor, got patches [1, 1, 2, 2].`);
    expect(() => matmul(a, patches)).toThrow(message("the right side, where the left is not transposed,"));
    expect(() => matmul(patches, a, { out: im2col(pixels.clone(), pair) })).toThrow(
      message("the left side of a product into patches"),
    );
    expect(() => matmul(a, a, { transposeA: true, out: patches })).toThrow(
      message("out of a transposeA product"),
    );
  });

  test("an out that shares memory with an operand, in part too", () => {
    const message =
      "matmul: expected out to have memory of its own, got that of an operand. Clone the operand.";
    const data = new Float32Array(8);
    const [whole, left, right] = [data, data.subarray(0, 4), data.subarray(4)].map(
      (part) => new Tensor([2, part.length / 2], part),
    ) as [Tensor, Tensor, Tensor];
    const square = new Tensor([2, 2]);
    expect(() => matmul(square, left, { out: left })).toThrow(new Error(message));
    expect(() => matmul(left, square, { out: left.reshape([2, 2]) })).toThrow(new Error(message));
    expect(() =>
      matmul(left, square, { transposeB: true, out: new Tensor([2, 2], data.subarray(3, 7)) }),
    ).toThrow(new Error(message));
    expect(() => matmul(left, whole, { out: whole })).toThrow(new Error(message));
    expect(matmul(left, square, { out: right })).toBe(right); // side by side in one buffer
    expect(matmul(right, square, { out: left })).toBe(left);
  });

  test("a number without axes, and what is no tensor", () => {
    const refusal = (name: string): ShapeError =>
      new ShapeError(
        `matmul: expected ${name} to be a tensor of at least one axis, got []. Reshape the number to [1, 1].`,
      );
    const scalar = Tensor.from(3);
    expect(() => matmul(scalar, a)).toThrow(refusal("a"));
    expect(() => matmul(a, scalar)).toThrow(refusal("b"));
    expect(() => matmul(a, a, { out: scalar })).toThrow(refusal("out"));
    // @ts-expect-error: an array is no tensor
    expect(() => matmul([1, 2], a)).toThrow(
      new TypeError("matmul: expected a to be a Tensor, got [1, 2]. Tensor.from makes one."),
    );
  });
});

test("a product that there is no memory to work in is refused, and the next one is right", () => {
  const ones = (shape: Shape): Tensor => new Tensor(shape, new Float32Array(100_000).fill(1));
  // larger than all before, which leave their working memory
  const [a, b] = [ones([1, 100_000]), ones([100_000, 1])];
  expect(() => withoutMemoryFor("Float64Array", () => matmul(a, b))).toThrow(
    /^matmul: expected a shape that fits into memory, got \[\d+\]/,
  );
  expect(matmul(a, b).at(0, 0)).toBe(100_000);
});
