import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/tensor/errors.js";
import { addRow, columnDots, columnSums } from "../../src/tensor/rows.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { fillings, rowsOf, runningSum, transpose } from "../helpers/product.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { expectSameBits } from "../helpers/simd.js";

const { fround } = Math;

/** The sum of each column: within each image, which has its rows, then over the images in order. */
function naiveColumnSums(x: Tensor): number[] {
  const C = x.shape.at(-1)!;
  const rows = rowsOf(x);
  const perImage = rows.length / x.shape[0]!;
  const imageSums = Array.from({ length: x.shape[0]! }, (_, n) =>
    transpose(rows.slice(n * perImage, (n + 1) * perImage), C).map(runningSum),
  );
  return transpose(imageSums, C).map(runningSum);
}

/** Batches [N, ..., C] of two to four axes. */
const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 });

const batch = Tensor.from([
  [1, 10],
  [2, 20],
  [3, 30],
]);
/** Images of 2 x 1 pixels; a float32 near 1e8 is a multiple of 8, so a 1 beside it is lost. */
const twoImages = Tensor.from([1e8, 1, -1e8, 1], [2, 2, 1, 1]);

describe("addRow, columnSums and columnDots", () => {
  test("give the same bits in the memory of the kernels", () => {
    const x = normalTensor([2, 3, 5], 1);
    const y = normalTensor([2, 3, 5], 2);
    const row = normalTensor([5], 3);
    expectSameBits((place) => addRow(place(x), place(row)));
    for (const options of [{}, { accumulate: false }, { accumulate: true }]) {
      expectSameBits((place) => columnSums(place(x), { out: place(row), ...options }));
      expectSameBits((place) => columnDots(place(x), place(y), { out: place(row), ...options }));
    }
  });
});

describe("addRow", () => {
  test("adds the row to every row, in place", () => {
    const x = batch.clone();
    expect(addRow(x, Tensor.from([5, -10]))).toBe(x);
    expect(x.toArray()).toEqual([
      [6, 0],
      [7, 10],
      [8, 20],
    ]);
  });

  test("takes any number of leading axes, none too, and rounds each sum once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }).filter((shape) => shape.at(-1) !== 0),
        fillings(),
        (shape, fill) => {
          const x = fill(shape, 0);
          const row = fill(shape.slice(-1), 1);
          const wanted = x.data.map((value, i) => fround(value + row.data[i % row.size]!));
          expect(addRow(x, row).data).toEqual(wanted);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("has nothing to add to rows without elements", () => {
    expect(addRow(new Tensor([2, 0]), new Tensor([0])).shape).toEqual([2, 0]);
  });

  test("refuses arrays", () => {
    expect(() => addRow([[1, 2]] as never, new Tensor([2]))).toThrow(
      new TypeError("addRow: expected x to be a Tensor, got [[1, 2]]. Tensor.from makes one."),
    );
    expect(() => addRow(new Tensor([1, 2]), [1, 2] as never)).toThrow(
      new TypeError("addRow: expected row to be a Tensor, got [1, 2]. Tensor.from makes one."),
    );
  });

  test("refuses a row of another length", () => {
    expect(() => addRow(new Tensor([2, 3]), new Tensor([2]))).toThrow(
      new ShapeError("addRow: expected row to be of shape [3] for [2, 3], got [2]."),
    );
    expect(() => addRow(new Tensor([2, 3]), new Tensor([1, 3]))).toThrow(
      new ShapeError("addRow: expected row to be of shape [3] for [2, 3], got [1, 3]."),
    );
    expect(() => addRow(new Tensor([]), new Tensor([1]))).toThrow(
      new ShapeError("addRow: expected a tensor of at least one axis, got []."),
    );
  });
});

describe("columnSums", () => {
  test("adds up each column", () => {
    const out = Tensor.from([100, 200]);
    expect(columnSums(batch, { out })).toBe(out);
    expect([...out.data]).toEqual([6, 60]);
  });

  test("adds the finished sums, once, to what out holds when it accumulates", () => {
    const out = Tensor.from([100, 200]);
    columnSums(batch, { out, accumulate: true });
    expect([...out.data]).toEqual([106, 260]);
    const large = Tensor.from([1e8]);
    columnSums(Tensor.from([[3], [3], [3]]), { out: large, accumulate: true });
    expect(large.data[0]).toBe(1e8 + 8); // 9 to the next multiple of 8; a single 3 would be lost
  });

  test("adds up within each image, then over the images", () => {
    const out = new Tensor([1]);
    expect(columnSums(twoImages, { out }).data[0]).toBe(0); // (1e8 + 1) + (-1e8 + 1), each 1 lost
    expect(columnSums(twoImages.reshape([4, 1]), { out }).data[0]).toBe(1); // the last 1 meets 0
  });

  test("takes a single row, and a batch without images", () => {
    const out = Tensor.from([5, 5]);
    expect([...columnSums(Tensor.from([1, 2]), { out }).data]).toEqual([1, 2]);
    expect([...columnSums(new Tensor([0, 3, 2]), { out, accumulate: true }).data]).toEqual([1, 2]);
    expect([...columnSums(new Tensor([0, 3, 2]), { out }).data]).toEqual([0, 0]);
  });

  test("equals the running sums in every bit", () => {
    fc.assert(
      fc.property(shapes, fillings(), fc.boolean(), (shape, fill, accumulate) => {
        const x = fill(shape, 0);
        const out = fill(shape.slice(-1), 1);
        const wanted = naiveColumnSums(x).map((sum, c) => (accumulate ? fround(out.data[c]! + sum) : sum));
        expect([...columnSums(x, { out, accumulate }).data]).toEqual(wanted);
      }),
      { numRuns: 100 },
    );
  });

  test("refuses an out of another length", () => {
    expect(() => columnSums(batch, { out: new Tensor([3]) })).toThrow(
      new ShapeError("columnSums: expected out to be of shape [2] for [3, 2], got [3]."),
    );
  });
});

describe("columnDots", () => {
  test("adds up the products of each column", () => {
    const b = Tensor.from([
      [1, 1],
      [0, 2],
      [2, 3],
    ]);
    const out = Tensor.from([100, 200]);
    expect(columnDots(batch, b, { out })).toBe(out);
    expect([...out.data]).toEqual([7, 140]); // 1·1 + 2·0 + 3·2, 10·1 + 20·2 + 30·3
    columnDots(batch, b, { out, accumulate: true });
    expect([...out.data]).toEqual([14, 280]);
  });

  test("rounds every product to float32", () => {
    const a = 1 + 2 ** -12; // a² has one bit more than a float32
    const [left, right] = [Tensor.from([[a], [-(1 + 2 ** -11)]]), Tensor.from([[a], [1]])];
    expect(columnDots(left, right, { out: new Tensor([1]) }).data[0]).toBe(0);
  });

  test("equals the running sums of the rounded products in every bit", () => {
    fc.assert(
      fc.property(shapes, fillings(), fc.boolean(), (shape, fill, accumulate) => {
        const [a, b, out] = [fill(shape, 0), fill(shape, 1), fill(shape.slice(-1), 2)];
        const products = new Tensor(
          shape,
          a.data.map((value, i) => value * b.data[i]!), // rounded as it is stored
        );
        const wanted = naiveColumnSums(products).map((sum, c) =>
          accumulate ? fround(out.data[c]! + sum) : sum,
        );
        expect([...columnDots(a, b, { out, accumulate }).data]).toEqual(wanted);
      }),
      { numRuns: 100 },
    );
  });

  test("refuses operands of two shapes, and an out of another length", () => {
    expect(() => columnDots(batch, new Tensor([2, 2]), { out: new Tensor([2]) })).toThrow(
      new ShapeError("columnDots: expected shape [3, 2], got [2, 2]."),
    );
    expect(() => columnDots(batch, batch, { out: new Tensor([1]) })).toThrow(
      new ShapeError("columnDots: expected out to be of shape [2] for [3, 2], got [1]."),
    );
  });
});
