import { describe, expect, test } from "vitest";
import { maxPool, maxPoolGradient } from "../../src/tensor/max-pool.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { type Padding, slidingWindow } from "../../src/tensor/window.js";
import { naiveMaxPool, naiveMaxPoolGradient } from "../helpers/naive.js";
import { POOL_CASES } from "../helpers/pool-cases.js";
import { distinctTensor, normalTensor } from "../helpers/random-tensor.js";

/** A window of 1 x 3 cells over one row of pixels of one channel, stride 1. */
const row = (W: number, padding: Padding = "valid") =>
  slidingWindow("here", [1, W, 1], { kernelSize: [1, 3], strides: 1, padding });

/** Pools one row of pixels: the maxima, and the taps they were found at. */
function pool(pixels: number[], padding?: Padding) {
  const window = row(pixels.length, padding);
  const shape = [1, 1, window.OW, 1];
  // whatever the last use has left there
  const out = new Tensor(shape, new Float32Array(window.OW).fill(99));
  const winners = new Tensor(shape, new Float32Array(window.OW).fill(99));
  const y = maxPool(Tensor.from(pixels, [1, 1, pixels.length, 1]), window, { out, winners });
  expect(y).toBe(out);
  return { y: [...y.data], winners: [...winners.data] };
}

describe("maxPool", () => {
  test("gives the maximum of each window, and the tap it was found at", () => {
    expect(pool([1, 3, 2, 0, 5])).toEqual({ y: [3, 3, 5], winners: [1, 0, 2] });
  });

  test("numbers the taps row by row", () => {
    const window = slidingWindow("here", [2, 2, 2], { kernelSize: 2, strides: 2, padding: "valid" });
    const x = Tensor.from([1, -1, 2, -2, 4, -4, 3, -3], [1, 2, 2, 2]);
    const winners = Tensor.zeros([1, 1, 1, 2]);
    const y = maxPool(x, window, { out: Tensor.zeros([1, 1, 1, 2]), winners });
    expect(y.toArray()).toEqual([[[[4, -1]]]]);
    expect(winners.toArray()).toEqual([[[[2, 0]]]]);
  });

  test("lets the first of equals win, of both zeros too", () => {
    expect(pool([2, 2, 2])).toEqual({ y: [2], winners: [0] });
    expect(pool([1, 2, 2])).toEqual({ y: [2], winners: [1] });
    expect(pool([-0, 0, -1])).toEqual({ y: [-0], winners: [0] });
  });

  test("never pools padding: negative pixels stay the largest, and taps in the padding do not win", () => {
    expect(pool([-1, -2], "same")).toEqual({ y: [-1, -1], winners: [1, 0] });
    expect(pool([-Infinity, -Infinity], "same")).toEqual({ y: [-Infinity, -Infinity], winners: [1, 0] });
  });

  test("gives NaN for every window with a NaN, and lets the first NaN win", () => {
    expect(pool([1, NaN, 2, 3, 4])).toEqual({ y: [NaN, NaN, 4], winners: [1, 0, 2] });
    expect(pool([NaN, Infinity, NaN])).toEqual({ y: [NaN], winners: [0] });
  });

  test("refuses tensors that do not fit the window or each other", () => {
    const window = row(4);
    const x = Tensor.zeros([2, 1, 4, 1]);
    const fit = Tensor.zeros([2, 1, 2, 1]);
    const wrong = Tensor.zeros([1, 1, 2, 1]);
    expect(() => maxPool(Tensor.zeros([2, 1, 5, 1]), window, { out: fit, winners: fit })).toThrow(
      "maxPool: expected shape [N, 1, 4, 1], got [2, 1, 5, 1].",
    );
    expect(() => maxPool(x, window, { out: wrong, winners: fit })).toThrow(
      "maxPool: expected shape [2, 1, 2, 1], got [1, 1, 2, 1].",
    );
    expect(() => maxPool(x, window, { out: fit, winners: wrong })).toThrow(
      "maxPool: expected shape [2, 1, 2, 1], got [1, 1, 2, 1].",
    );
  });
});

describe.each(POOL_CASES)("maxPool and maxPoolGradient, for $window over $shape", (pool) => {
  test("equal the direct loops in every bit", () => {
    const window = slidingWindow("here", pool.shape.slice(1), pool.window);
    const x = distinctTensor(pool.shape, 1);
    const pooled = [x.shape[0]!, window.OH, window.OW, window.C];
    const [out, winners] = [normalTensor(pooled, 2), normalTensor(pooled, 3)];
    maxPool(x, window, { out, winners });
    expect(out.toArray()).toEqual(naiveMaxPool(x, pool.window));

    const dy = normalTensor(pooled, 4);
    const dx = normalTensor(pool.shape, 5);
    maxPoolGradient(dy, window, { out: dx, winners });
    expect(dx.toArray()).toEqual(naiveMaxPoolGradient(x, dy, pool.window, Math.fround));
  });
});

describe("maxPoolGradient", () => {
  /** dx of one row of pixels, from dy and the taps that have won. */
  function gradient(dy: number[], winners: number[], W: number): number[] {
    const shape = [1, 1, dy.length, 1];
    const out = new Tensor([1, 1, W, 1], new Float32Array(W).fill(99));
    const dx = maxPoolGradient(Tensor.from(dy, shape), row(W), { out, winners: Tensor.from(winners, shape) });
    expect(dx).toBe(out);
    return [...dx.data];
  }

  test("gives each winner the gradient of its window, and the others nothing", () => {
    expect(gradient([10, 20, 30], [1, 0, 2], 5)).toEqual([0, 30, 0, 0, 30]); // pixel 1 has won twice
  });

  test("gives nothing to a winner in the padding", () => {
    const padding: Padding = [
      [1, 1],
      [1, 1],
    ];
    const window = slidingWindow("here", [2, 2, 1], { kernelSize: 2, strides: 1, padding });
    const dy = new Tensor([2, 3, 3, 1], new Float32Array(18).fill(1));
    for (const tap of [0, 1, 2, 3]) {
      const winners = new Tensor(dy.shape, new Float32Array(18).fill(tap));
      const dx = maxPoolGradient(dy, window, { out: new Tensor([2, 2, 2, 1]), winners });
      expect([...dx.data]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]); // each pixel lies under the tap once
    }
  });

  test("adds up in ascending order of the taps, in float32", () => {
    // pixel 2 is tap 0 of the last window, tap 1 of the one before and tap 2 of the first
    const big = 2 ** 24;
    expect(gradient([-big, 1, big], [2, 1, 0], 5)).toEqual([0, 0, 0, 0, 0]); // (big + 1) − big, where big + 1 = big
    expect(gradient([1, -big, big], [2, 1, 0], 5)).toEqual([0, 0, 1, 0, 0]); // (big − big) + 1
  });

  test("refuses tensors that do not fit the window or each other", () => {
    const dy = Tensor.zeros([2, 1, 2, 1]);
    const out = Tensor.zeros([2, 1, 4, 1]);
    expect(() => maxPoolGradient(Tensor.zeros([2, 1, 3, 1]), row(4), { out, winners: dy })).toThrow(
      "maxPoolGradient: expected shape [2, 1, 2, 1], got [2, 1, 3, 1].",
    );
    expect(() => maxPoolGradient(dy, row(4), { out: dy, winners: dy })).toThrow(
      "maxPoolGradient: expected shape [N, 1, 4, 1], got [2, 1, 2, 1].",
    );
    expect(() => maxPoolGradient(dy, row(4), { out, winners: Tensor.zeros([2, 2]) })).toThrow(
      "maxPoolGradient: expected shape [2, 1, 2, 1], got [2, 2].",
    );
  });
});
