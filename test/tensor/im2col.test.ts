import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/tensor/errors.js";
import { addPatches, copyPatches, im2col } from "../../src/tensor/im2col.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { slidingWindow, type Window } from "../../src/tensor/window.js";
import { fillings, naiveFold, naivePatches, rowsOf } from "../helpers/product.js";
import { normalTensor, wholeTensor } from "../helpers/random-tensor.js";
import { windowCases } from "../helpers/windows.js";

const image = Tensor.from([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
const twoByTwo = slidingWindow("test", [3, 3, 1], { kernelSize: 2, strides: 1, padding: "valid" });

/** The patch matrix of image n as `copyPatches` writes it. */
function copied(images: Tensor, window: Window, n: number): Tensor {
  const patches = im2col(images, window);
  const matrix = new Tensor([patches.rowsPerImage, patches.columns]);
  copyPatches(patches, n, matrix.data);
  return matrix;
}

/** What `addPatches` makes of zeros, or adds to `images`. */
function folded(matrix: Tensor, window: Window, images: Tensor, n = 0): Tensor {
  const sums = images.clone();
  addPatches(im2col(sums, window), n, matrix.data);
  return sums;
}

describe("im2col", () => {
  test("has a row for each place of the window, and in it the pixels under the window", () => {
    expect(copied(image, twoByTwo, 0).toArray()).toEqual([
      [1, 2, 4, 5],
      [2, 3, 5, 6],
      [4, 5, 7, 8],
      [5, 6, 8, 9],
    ]);
  });

  test("has zeros in the padding, and all channels of a pixel side by side", () => {
    const x = Tensor.from([1, -1, 2, -2], [1, 1, 2, 2]);
    const window = slidingWindow("test", [1, 2, 2], {
      kernelSize: [1, 2],
      strides: 1,
      padding: [
        [0, 0],
        [1, 0],
      ],
    });
    expect(copied(x, window, 0).toArray()).toEqual([
      [0, 0, 1, -1],
      [1, -1, 2, -2],
    ]);
  });

  test("is a view: it stores nothing, knows its size and sees what is written to the images", () => {
    const x = image.clone();
    const patches = im2col(x, twoByTwo);
    expect(patches.images).toBe(x);
    expect(patches.rowsShape).toEqual([1, 2, 2]);
    expect([patches.rowsPerImage, patches.columns]).toEqual([4, 4]);
    x.data[0] = 100;
    const columns = new Float32Array(16);
    copyPatches(patches, 0, columns);
    expect([...columns.subarray(0, 4)]).toEqual([100, 2, 4, 5]);
  });

  test("copies what lies under each tap, for any window, and writes nothing behind the matrix", () => {
    fc.assert(
      fc.property(windowCases(), fillings(), ({ shape, window: options }, fill) => {
        const window = slidingWindow("test", shape.slice(1), options);
        const x = fill(shape, 0);
        const patches = im2col(x, window);
        const size = patches.rowsPerImage * patches.columns;
        for (const [n, wanted] of naivePatches(x, window).entries()) {
          const columns = new Float32Array(size + 1).fill(7);
          copyPatches(patches, n, columns);
          expect(
            rowsOf(new Tensor([patches.rowsPerImage, patches.columns], columns.subarray(0, size))),
          ).toEqual(wanted);
          expect(columns[size]).toBe(7);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("refuses what is no batch of the window's images", () => {
    const message = "im2col: expected shape [N, 3, 3, 1], got [3, 3, 1].";
    expect(() => im2col(new Tensor([3, 3, 1]), twoByTwo)).toThrow(new ShapeError(message));
    // @ts-expect-error: an array is no tensor
    expect(() => im2col([[1]], twoByTwo)).toThrow(
      new TypeError("im2col: expected a Tensor, got [[1]]. Tensor.from makes one."),
    );
  });
});

describe("addPatches", () => {
  test("gives each pixel the sum of the elements that stand for it", () => {
    const ones = new Tensor([4, 4], new Float32Array(16).fill(1));
    expect(
      folded(ones, twoByTwo, new Tensor([1, 3, 3, 1]))
        .reshape([3, 3])
        .toArray(),
    ).toEqual([
      [1, 2, 1], // a corner lies under one window, an edge under two, the middle under four
      [2, 4, 2],
      [1, 2, 1],
    ]);
  });

  test("adds to what the pixels hold, and drops what stands for padding", () => {
    const x = Tensor.from([10, 20], [1, 1, 2, 1]);
    const window = slidingWindow("test", [1, 2, 1], {
      kernelSize: [1, 2],
      strides: 1,
      padding: [
        [0, 0],
        [1, 0],
      ],
    });
    const matrix = Tensor.from([
      [5, 1],
      [2, 3],
    ]);
    expect([...folded(matrix, window, x).data]).toEqual([13, 23]); // 10 + 2 + 1, 20 + 3; the 5 is in the padding
  });

  test("adds the terms of a pixel in ascending order of the taps", () => {
    // the one pixel lies under tap 2 at the first place, under tap 1 at the second, under tap 0 at the third
    const window = slidingWindow("test", [1, 1, 1], {
      kernelSize: [1, 3],
      strides: 1,
      padding: [
        [0, 0],
        [2, 2],
      ],
    });
    const terms = (tap0: number, tap1: number, tap2: number): Tensor =>
      Tensor.from([
        [0, 0, tap2],
        [0, tap1, 0],
        [tap0, 0, 0],
      ]);
    const x = new Tensor([1, 1, 1, 1]);
    expect(folded(terms(1e8, -1e8, 1), window, x).data[0]).toBe(1);
    expect(folded(terms(1, 1e8, -1e8), window, x).data[0]).toBe(0); // the 1 is lost beside 1e8
  });

  test("equals the sum gathered tap by tap in every bit, and leaves the other images alone", () => {
    fc.assert(
      fc.property(windowCases(), fillings(), fc.nat(2), ({ shape, window: options }, fill, image) => {
        const window = slidingWindow("test", shape.slice(1), options);
        const n = image % shape[0];
        const x = fill(shape, 0);
        const matrix = fill([window.OH * window.OW, window.KH * window.KW * window.C], 1);
        const wanted = x.clone();
        const sums = naiveFold(rowsOf(matrix), window, (h, w, c) => x.at(n, h, w, c));
        wanted.data.set(sums, n * sums.length);
        expect(folded(matrix, window, x, n).data).toEqual(wanted.data);
      }),
      { numRuns: 60 },
    );
  });

  test("is the adjoint of copyPatches: ⟨im2col(x), P⟩ = ⟨x, col2im(P)⟩", () => {
    const inner = (a: Tensor, b: Tensor): number => a.data.reduce((sum, v, i) => sum + v * b.data[i]!, 0);
    fc.assert(
      fc.property(windowCases(), fc.nat(1e6), ({ shape: [, ...imageShape], window: options }, seed) => {
        const window = slidingWindow("test", imageShape, options);
        const shape = [1, ...imageShape];
        const matrixShape = [window.OH * window.OW, window.KH * window.KW * window.C];
        // on small whole numbers float32 is exact, and equal means equal
        const [x, P] = [wholeTensor(shape, seed), wholeTensor(matrixShape, seed + 1)];
        expect(inner(copied(x, window, 0), P)).toBe(inner(x, folded(P, window, new Tensor(shape))));
        const [y, Q] = [normalTensor(shape, seed), normalTensor(matrixShape, seed + 1)];
        expect(inner(copied(y, window, 0), Q)).toBeCloseTo(inner(y, folded(Q, window, new Tensor(shape))), 4);
      }),
      { numRuns: 60 },
    );
  });
});
