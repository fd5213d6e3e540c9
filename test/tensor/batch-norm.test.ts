import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  columnMoments,
  inverseDeviation,
  normalize,
  normalizeGradient,
  scaleGradient,
} from "../../src/tensor/batch-norm.js";
import { ShapeError } from "../../src/tensor/errors.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { expectSameBits } from "../helpers/simd.js";

const { fround } = Math;

function row(C: number): Tensor {
  return Tensor.zeros([C]);
}

function momentsOf(x: Tensor): { mean: Tensor; variance: Tensor } {
  const C = x.shape.at(-1)!;
  return columnMoments(x, { out: { mean: row(C), variance: row(C) } });
}

/** Batches of any rank, with odd sizes. */
const batches = fc.record({
  shape: fc.oneof(
    fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 7 })),
    fc.tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 9 }),
    ),
  ),
  seed: fc.nat(1000),
});

/** A float32 sum of value(i) over the elements of channel c, within each image, then over the images. */
function orderedSum(shape: Shape, c: number, value: (i: number) => number): number {
  const C = shape.at(-1)!;
  const perImage = shape.slice(1, -1).reduce((a, b) => a * b, 1);
  let total = 0;
  for (let n = 0; n < shape[0]!; n++) {
    let sum = 0;
    for (let pixel = 0; pixel < perImage; pixel++) sum = fround(sum + value((n * perImage + pixel) * C + c));
    total = fround(total + sum);
  }
  return total;
}

describe("every operation", () => {
  test("gives the same bits in the memory of the kernels", () => {
    const batch = (salt: number): Tensor => normalTensor([2, 3, 5], salt);
    const channels = (salt: number): Tensor => normalTensor([5], salt);
    expectSameBits((place) => {
      columnMoments(place(batch(1)), { out: { mean: place(row(5)), variance: place(row(5)) } });
    });
    expectSameBits((place) => {
      const [mean, inverse, gamma, beta] = [1, 2, 3, 4].map((salt) => place(channels(salt))) as [
        ...[Tensor, Tensor, Tensor, Tensor],
      ];
      const out = { xHat: place(batch(2)), out: place(batch(3)) };
      normalize(place(batch(1)), { mean, inverse, gamma, beta }, out);
    });
    expectSameBits((place) => {
      const [gamma, inverse, sumDy, sumDyXHat] = [1, 2, 3, 4].map((salt) => place(channels(salt))) as [
        ...[Tensor, Tensor, Tensor, Tensor],
      ];
      const rows = { gamma, inverse, sumDy, sumDyXHat };
      normalizeGradient(place(batch(1)), place(batch(2)), rows, { out: place(batch(3)) });
    });
    expectSameBits((place) => {
      const rows = { gamma: place(channels(1)), inverse: place(channels(2)) };
      scaleGradient(place(batch(1)), rows, { out: place(batch(3)) });
    });
  });
});

test("rows without channels are left as they are", () => {
  const [x, none] = [Tensor.zeros([2, 0]), row(0)];
  const rows = { mean: none, inverse: none, gamma: none, beta: none, sumDy: none, sumDyXHat: none };
  expect(normalize(x, rows, { xHat: x.clone(), out: x })).toBe(x);
  expect(normalizeGradient(x.clone(), x.clone(), rows, { out: x })).toBe(x);
  expect(scaleGradient(x.clone(), rows, { out: x })).toBe(x);
});

describe("columnMoments", () => {
  test("gives the mean and the biased variance of each channel", () => {
    const { mean, variance } = momentsOf(
      Tensor.from([
        [1, 10],
        [3, 10],
      ]),
    );
    expect(mean.toArray()).toEqual([2, 10]);
    expect(variance.toArray()).toEqual([1, 0]);
  });

  test("counts every pixel of every image", () => {
    const x = Tensor.from([0, 0, 0, 4, 4, 4, 0, 4], [2, 2, 2, 1]);
    const { mean, variance } = momentsOf(x);
    expect(mean.toArray()).toEqual([2]);
    expect(variance.toArray()).toEqual([4]);
  });

  test("loses no digits where the mean is large beside the deviation", () => {
    // in float32 the mean of the squares, (4095² + 4097²)/2, is 4096², and E[x²] − E[x]² would be 0
    const { mean, variance } = momentsOf(Tensor.from([[4095], [4097]]));
    expect(mean.toArray()).toEqual([4096]);
    expect(variance.toArray()).toEqual([1]);
  });

  test("sums in float32, within each image first and then over the images", () => {
    fc.assert(
      fc.property(batches, ({ shape, seed }) => {
        const x = normalTensor(shape, seed);
        const { mean, variance } = momentsOf(x);
        const C = shape.at(-1)!;
        const M = x.size / C;
        for (let c = 0; c < C; c++) {
          const mu = fround(orderedSum(shape, c, (i) => x.data[i]!) / M);
          const square = (i: number): number => fround(fround(x.data[i]! - mu) ** 2);
          expect(mean.data[c]).toBe(mu);
          expect(variance.data[c]).toBe(fround(orderedSum(shape, c, square) / M));
        }
      }),
      { numRuns: 40 },
    );
  });

  test("refuses a batch without rows, and rows of another length", () => {
    expect(() => momentsOf(Tensor.zeros([0, 3]))).toThrow(
      new ShapeError("columnMoments: expected a batch of at least one row, got [0, 3]."),
    );
    expect(() => momentsOf(Tensor.zeros([3]))).toThrow(
      new ShapeError("columnMoments: expected a batch of at least one row, got [3]."),
    );
    expect(() => columnMoments(Tensor.zeros([2, 3]), { out: { mean: row(3), variance: row(2) } })).toThrow(
      new ShapeError("columnMoments: expected variance to be a row of 3 elements for [2, 3], got [2]."),
    );
  });
});

describe("inverseDeviation", () => {
  test("is 1 / √(variance + ε), rounded once", () => {
    const variance = Tensor.from([3, 0, 0.1]);
    const out = inverseDeviation(variance, 1, { out: row(3) });
    expect(out.toArray()).toEqual([0.5, 1, fround(1 / Math.sqrt(fround(0.1) + 1))]);
  });

  test("refuses an out of another shape", () => {
    expect(() => inverseDeviation(row(3), 1, { out: row(2) })).toThrow(
      new ShapeError("inverseDeviation: expected shape [3], got [2]."),
    );
  });
});

describe("normalize", () => {
  const rows = {
    mean: Tensor.from([1, 0]),
    inverse: Tensor.from([0.5, 2]),
    gamma: Tensor.from([10, 1]),
    beta: Tensor.from([1, -1]),
  };

  test("gives x̂ = (x − mean)·inverse and x̂·gamma + beta", () => {
    const x = Tensor.from([
      [1, 3],
      [5, -1],
    ]);
    const xHat = Tensor.zeros([2, 2]);
    const y = normalize(x, rows, { xHat, out: Tensor.zeros([2, 2]) });
    expect(xHat.toArray()).toEqual([
      [0, 6],
      [2, -2],
    ]);
    expect(y.toArray()).toEqual([
      [1, 5],
      [21, -3],
    ]);
  });

  test("rounds every difference, product and sum to float32", () => {
    fc.assert(
      fc.property(batches, ({ shape, seed }) => {
        const x = normalTensor(shape, seed);
        const C = shape.at(-1)!;
        const [mean, inverse, gamma, beta] = [1, 2, 3, 4].map((k) => normalTensor([C], seed + k)) as [
          Tensor,
          Tensor,
          Tensor,
          Tensor,
        ];
        const xHat = Tensor.zeros(shape);
        const y = normalize(x, { mean, inverse, gamma, beta }, { xHat, out: Tensor.zeros(shape) });
        const c = (i: number): number => i % C;
        const wantedXHat = x.data.map((v, i) => fround(fround(v - mean.data[c(i)]!) * inverse.data[c(i)]!));
        expect(xHat.data).toEqual(wantedXHat);
        expect(y.data).toEqual(
          wantedXHat.map((v, i) => fround(fround(v * gamma.data[c(i)]!) + beta.data[c(i)]!)),
        );
      }),
      { numRuns: 25 },
    );
  });

  test("keeps NaN in its channel", () => {
    const x = Tensor.from([[Number.NaN, 0]]);
    const y = normalize(x, rows, { xHat: Tensor.zeros([1, 2]), out: Tensor.zeros([1, 2]) });
    expect(y.toArray()).toEqual([[Number.NaN, -1]]);
  });

  test("refuses rows and results of other shapes", () => {
    const x = Tensor.zeros([2, 3]);
    expect(() => normalize(x, rows, { xHat: x.clone(), out: x.clone() })).toThrow(
      new ShapeError("normalize: expected mean to be a row of 3 elements for [2, 3], got [2]."),
    );
    const y = Tensor.zeros([3, 2]);
    expect(() => normalize(y, rows, { xHat: x, out: y.clone() })).toThrow(
      new ShapeError("normalize: expected shape [3, 2], got [2, 3]."),
    );
    expect(() => normalize(y, rows, { xHat: y.clone(), out: x })).toThrow(
      new ShapeError("normalize: expected shape [3, 2], got [2, 3]."),
    );
  });
});

describe("normalizeGradient", () => {
  test("takes the mean of dy and its part along x̂ from dy, and scales the rest by gamma·inverse", () => {
    // mean(dy) = 2 and mean(dy·x̂) = 1, so that dy − 2 − x̂ = (0, −2, 2)
    const dy = Tensor.from([[3], [-1], [4]]);
    const xHat = Tensor.from([[1], [-1], [0]]);
    const rows = {
      gamma: Tensor.from([5]),
      inverse: Tensor.from([2]),
      sumDy: Tensor.from([6]),
      sumDyXHat: Tensor.from([3]),
    };
    const dx = normalizeGradient(dy, xHat, rows, { out: Tensor.zeros([3, 1]) });
    expect(dx.toArray()).toEqual([[0], [-20], [20]]);
  });

  test("rounds every quotient, product and difference to float32", () => {
    fc.assert(
      fc.property(batches, ({ shape, seed }) => {
        const dy = normalTensor(shape, seed);
        const xHat = normalTensor(shape, seed + 1);
        const C = shape.at(-1)!;
        const M = dy.size / C;
        const [gamma, inverse, sumDy, sumDyXHat] = [2, 3, 4, 5].map((k) => normalTensor([C], seed + k)) as [
          Tensor,
          Tensor,
          Tensor,
          Tensor,
        ];
        const rows = { gamma, inverse, sumDy, sumDyXHat };
        const dx = normalizeGradient(dy, xHat, rows, { out: Tensor.zeros(shape) });
        const wanted = dy.data.map((v, i) => {
          const c = i % C;
          const slope = fround(gamma.data[c]! * inverse.data[c]!);
          const centred = fround(v - fround(sumDy.data[c]! / M));
          const along = fround(xHat.data[i]! * fround(sumDyXHat.data[c]! / M));
          return fround(slope * fround(centred - along));
        });
        expect(dx.data).toEqual(wanted);
      }),
      { numRuns: 25 },
    );
  });

  test("refuses rows and results of other shapes", () => {
    const dy = Tensor.zeros([3, 2]);
    const other = Tensor.zeros([2, 3]);
    const rows = { gamma: row(2), inverse: row(2), sumDy: row(2), sumDyXHat: row(2) };
    expect(() => normalizeGradient(dy, other, rows, { out: dy })).toThrow(
      new ShapeError("normalizeGradient: expected shape [3, 2], got [2, 3]."),
    );
    expect(() => normalizeGradient(dy, dy, rows, { out: other })).toThrow(
      new ShapeError("normalizeGradient: expected shape [3, 2], got [2, 3]."),
    );
    expect(() => normalizeGradient(dy, dy, { ...rows, sumDy: row(1) }, { out: dy })).toThrow(
      new ShapeError("normalizeGradient: expected sumDy to be a row of 2 elements for [3, 2], got [1]."),
    );
  });
});

describe("scaleGradient", () => {
  test("multiplies each channel by gamma·inverse, which is rounded first", () => {
    const dy = Tensor.from([[1, 0.7]]);
    const rows = { gamma: Tensor.from([3, 0.1]), inverse: Tensor.from([2, 0.3]) };
    const dx = scaleGradient(dy, rows, { out: Tensor.zeros([1, 2]) });
    expect(dx.toArray()).toEqual([[6, fround(fround(0.7) * fround(fround(0.1) * fround(0.3)))]]);
  });

  test("works its factors out anew for each call", () => {
    const factors = [2, 3, 5].map((factor) => {
      const rows = { gamma: Tensor.from([factor]), inverse: Tensor.from([1]) };
      return scaleGradient(Tensor.from([[1]]), rows, { out: Tensor.zeros([1, 1]) }).at(0, 0);
    });
    expect(factors).toEqual([2, 3, 5]);
  });

  test("refuses rows and results of other shapes", () => {
    const dy = Tensor.zeros([1, 2]);
    expect(() => scaleGradient(dy, { gamma: row(2), inverse: row(3) }, { out: dy })).toThrow(
      new ShapeError("scaleGradient: expected inverse to be a row of 2 elements for [1, 2], got [3]."),
    );
    expect(() =>
      scaleGradient(dy, { gamma: row(2), inverse: row(2) }, { out: Tensor.zeros([2, 1]) }),
    ).toThrow(new ShapeError("scaleGradient: expected shape [1, 2], got [2, 1]."));
  });
});
