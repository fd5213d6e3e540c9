import { describe, expect, test } from "vitest";
import { avgPool, avgPoolGradient } from "../../src/tensor/avg-pool.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { type Padding, slidingWindow } from "../../src/tensor/window.js";
import { naiveAvgPool, naiveAvgPoolGradient } from "../helpers/naive.js";
import { POOL_CASES } from "../helpers/pool-cases.js";
import { normalTensor } from "../helpers/random-tensor.js";

/** A window of 1 x 3 cells over one row of pixels of one channel, stride 1. */
const row = (W: number, padding: Padding = "valid") =>
  slidingWindow("here", [1, W, 1], { kernelSize: [1, 3], strides: 1, padding });

/** The means of one row of pixels. */
function pool(pixels: number[], padding?: Padding): number[] {
  const window = row(pixels.length, padding);
  const out = new Tensor([1, 1, window.OW, 1], new Float32Array(window.OW).fill(99)); // what the last use left
  const y = avgPool(Tensor.from(pixels, [1, 1, pixels.length, 1]), window, { out });
  expect(y).toBe(out);
  return [...y.data];
}

describe("avgPool", () => {
  test("gives the mean of each window", () => {
    expect(pool([1, 2, 3, 4, -1])).toEqual([2, 3, 2]);
  });

  test("counts pixels and not padding", () => {
    expect(pool([4, 6, 8], "same")).toEqual([5, 6, 7]);
    const window = slidingWindow("here", [2, 2, 1], { kernelSize: 3, strides: 1, padding: "same" });
    const y = avgPool(Tensor.from([1, 2, 3, 6], [1, 2, 2, 1]), window, { out: Tensor.zeros([1, 2, 2, 1]) });
    expect([...y.data]).toEqual([3, 3, 3, 3]); // all four windows reach over all four pixels
  });

  test("adds up in ascending order of the taps, in float32, and then divides", () => {
    const big = 2 ** 24;
    expect(pool([big, 1, -big])).toEqual([0]); // (big + 1) − big, where big + 1 = big
    expect(pool([big, -big, 1])).toEqual([Math.fround(1 / 3)]);
  });

  test.each(POOL_CASES)("equals the direct loops in every bit, for $window over $shape", (pool) => {
    const { OH, OW, ...window } = slidingWindow("here", pool.shape.slice(1), pool.window);
    const x = normalTensor(pool.shape, 1);
    const out = normalTensor([x.shape[0]!, OH, OW, window.C], 2);
    avgPool(x, { ...window, OH, OW }, { out });
    expect(out.toArray()).toEqual(naiveAvgPool(x, pool.window, Math.fround));
  });

  test("gives NaN for every window with a NaN", () => {
    expect(pool([NaN, 3, 3, 3])).toEqual([NaN, 3]);
  });

  test("refuses tensors that do not fit the window or each other", () => {
    expect(() => avgPool(Tensor.zeros([2, 1, 5, 1]), row(4), { out: Tensor.zeros([2, 1, 2, 1]) })).toThrow(
      "avgPool: expected shape [N, 1, 4, 1], got [2, 1, 5, 1].",
    );
    expect(() => avgPool(Tensor.zeros([2, 1, 4, 1]), row(4), { out: Tensor.zeros([1, 1, 2, 1]) })).toThrow(
      "avgPool: expected shape [2, 1, 2, 1], got [1, 1, 2, 1].",
    );
  });
});

describe("avgPoolGradient", () => {
  /** dx of one row of pixels. */
  function gradient(dy: number[], W: number, padding?: Padding): number[] {
    const out = new Tensor([1, 1, W, 1], new Float32Array(W).fill(99));
    const dx = avgPoolGradient(Tensor.from(dy, [1, 1, dy.length, 1]), row(W, padding), { out });
    expect(dx).toBe(out);
    return [...dx.data];
  }

  test("shares each gradient out among the pixels of its window", () => {
    expect(gradient([3, 6, -9], 5)).toEqual([1, 3, 0, -1, -3]);
  });

  test("shares among pixels and not padding", () => {
    expect(gradient([2, 0, 0], 3, "same")).toEqual([1, 1, 0]);
  });

  test("rounds the quotients, then adds them in ascending order of the taps", () => {
    // pixel 2 is tap 0 of the last window, tap 1 of the one before and tap 2 of the first
    const third = Math.fround(1 / 3);
    const big = 2 ** 24;
    expect(gradient([1, 3 * -big, 3 * big], 5)[2]).toBe(third); // (big − big) + 1/3
    expect(gradient([3 * -big, 1, 3 * big], 5)[2]).toBe(0); // (big + 1/3) − big
    expect(gradient([1, 1, 0], 5)[2]).toBe(Math.fround(third + third));
  });

  test.each(POOL_CASES)("equals the direct loops in every bit, for $window over $shape", (pool) => {
    const { OH, OW, ...window } = slidingWindow("here", pool.shape.slice(1), pool.window);
    const dy = normalTensor([pool.shape[0], OH, OW, window.C], 1);
    const out = normalTensor(pool.shape, 2);
    const wanted = naiveAvgPoolGradient(out, dy, pool.window, Math.fround);
    avgPoolGradient(dy, { ...window, OH, OW }, { out });
    expect(out.toArray()).toEqual(wanted);
  });

  test("refuses tensors that do not fit the window or each other", () => {
    const out = Tensor.zeros([2, 1, 4, 1]);
    expect(() => avgPoolGradient(Tensor.zeros([2, 1, 3, 1]), row(4), { out })).toThrow(
      "avgPoolGradient: expected shape [2, 1, 2, 1], got [2, 1, 3, 1].",
    );
    expect(() => avgPoolGradient(Tensor.zeros([2, 1, 2, 1]), row(4), { out: Tensor.zeros([4]) })).toThrow(
      "avgPoolGradient: expected shape [N, 1, 4, 1], got [4].",
    );
  });
});
