import { describe, expect, test, vi } from "vitest";
import { avgPool, avgPoolGradient } from "../../../src/tensor/avg-pool.js";
import {
  columnMoments,
  normalize,
  normalizeGradient,
  scaleGradient,
} from "../../../src/tensor/batch-norm.js";
import { im2col } from "../../../src/tensor/im2col.js";
import { matmul } from "../../../src/tensor/matmul.js";
import { maxPool, maxPoolGradient } from "../../../src/tensor/max-pool.js";
import { relu } from "../../../src/tensor/relu.js";
import { addRow, columnDots, columnSums } from "../../../src/tensor/rows.js";
import type { Shape } from "../../../src/tensor/shape.js";
import { decodeArguments, encodeArguments, type Job, MOST_ARGUMENTS } from "../../../src/tensor/simd/job.js";
import type { Share } from "../../../src/tensor/simd/threads.js";
import type { Tensor } from "../../../src/tensor/tensor.js";
import { adamUpdate } from "../../../src/tensor/update.js";
import { slidingWindow } from "../../../src/tensor/window.js";
import { normalTensor } from "../../helpers/random-tensor.js";
import { expectSameBits } from "../../helpers/simd.js";

/*
 * What a job promises to the threads: its units may be done one by one, in any order, by whatever thread, from its
 * arguments alone. Here it is kept to that without threads: unit by unit, forwards or backwards, in turns.
 */

const order = vi.hoisted(() => ({ isBackwards: false, mostUnits: 0 }));

vi.mock("../../../src/tensor/simd/threads.js", () => {
  const THREADS = 3;
  const run = (job: Job, args: Readonly<Record<string, number>>, { units }: Share): void => {
    order.mostUnits = Math.max(order.mostUnits, units);
    const list = new Float64Array(MOST_ARGUMENTS);
    encodeArguments(job, args, list);
    for (let i = 0; i < units; i++) {
      const unit = order.isBackwards ? units - 1 - i : i;
      job.run(decodeArguments(job, list), unit, unit + 1, unit % THREADS);
    }
  };
  return { run, threadLimit: () => THREADS };
});

const same = slidingWindow("test", [9, 7, 13], { kernelSize: 3, strides: 2, padding: "same" });
const dilated = slidingWindow("test", [9, 7, 13], {
  kernelSize: 2,
  strides: 1,
  dilationRate: 2,
  padding: "same",
});
const pool = slidingWindow("test", [9, 7, 13], { kernelSize: 2, strides: 2, padding: "valid" });

const images = [3, 9, 7, 13];
const outputs = (F: number, { OH, OW } = same): Shape => [3, OH, OW, F];
const kernel = ({ KH, KW, C } = same): number => KH * KW * C;

/** Makes a tensor of other numbers each time. */
type Make = (shape: Shape) => Tensor;

const operations: Readonly<Record<string, (make: Make) => void>> = {
  relu: (make) => relu(make([2500]), { out: make([2500]) }),
  adamUpdate: (make) => {
    const [theta, g, m, v] = [make([2500]), make([2500]), make([2500]), make([2500])];
    const powers = { beta1Power: 0.9, beta2Power: 0.999 };
    const numbers = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, ...powers, epsilon: 1e-7 };
    v.data.set(v.data.map(Math.abs));
    adamUpdate(theta, g, m, v, numbers);
  },
  "a · b of many columns": (make) => matmul(make([21, 30]), make([30, 200]), { out: make([21, 200]) }),
  "a · b of few columns": (make) => matmul(make([70, 390]), make([390, 10]), { out: make([70, 10]) }),
  "a · b, added": (make) =>
    matmul(make([70, 390]), make([390, 40]), { out: make([70, 40]), accumulate: true }),
  "a · bᵀ": (make) => matmul(make([30, 400]), make([50, 400]), { transposeB: true, out: make([30, 50]) }),
  "aᵀ · b": (make) => matmul(make([30, 200]), make([30, 50]), { transposeA: true, out: make([200, 50]) }),
  "patches · b": (make) =>
    matmul(im2col(make(images), same), make([kernel(), 21]), { out: make(outputs(21)) }),
  "patches · b, added": (make) => {
    const out = make(outputs(21));
    matmul(im2col(make(images), same), make([kernel(), 21]), { out, accumulate: true });
  },
  "patchesᵀ · b": (make) => {
    const [x, dy] = [im2col(make(images), same), make(outputs(21))];
    matmul(x, dy, { transposeA: true, out: make([kernel(), 21]) });
  },
  "dilated patchesᵀ · b, added": (make) => {
    const [x, dy] = [im2col(make(images), dilated), make(outputs(21, dilated))];
    matmul(x, dy, { transposeA: true, out: make([kernel(dilated), 21]), accumulate: true });
  },
  "a · bᵀ into patches": (make) => {
    const [dy, W] = [make(outputs(21)), make([kernel(), 21])];
    matmul(dy, W, { transposeB: true, out: im2col(make(images), same) });
  },
  "a · bᵀ into patches, added": (make) => {
    const [dy, W] = [make(outputs(21, dilated)), make([kernel(dilated), 21])];
    matmul(dy, W, { transposeB: true, out: im2col(make(images), dilated), accumulate: true });
  },
  "max-pool, both ways": (make) => {
    const [out, winners] = [make(outputs(13, pool)), make(outputs(13, pool))];
    maxPool(make(images), pool, { out, winners });
    maxPoolGradient(out, pool, { out: make(images), winners });
  },
  "average pool, both ways": (make) => {
    avgPool(make(images), pool, { out: make(outputs(13, pool)) });
    avgPoolGradient(make(outputs(13, pool)), pool, { out: make(images) });
  },
  "addRow and columnSums": (make) => {
    const [x, row] = [make([5, 70, 37]), make([37])];
    addRow(x, row);
    columnSums(x, { out: row, accumulate: true });
    columnDots(x, make([5, 70, 37]), { out: row, accumulate: true });
  },
  "batch normalisation, both ways": (make) => {
    const shape = [5, 70, 37];
    const [x, xHat, out] = [make(shape), make(shape), make(shape)];
    const [mean, variance, gamma, inverse, beta] = [
      make([37]),
      make([37]),
      make([37]),
      make([37]),
      make([37]),
    ];
    columnMoments(x, { out: { mean, variance } });
    normalize(x, { mean, inverse, gamma, beta }, { xHat, out });
    normalizeGradient(out, xHat, { gamma, inverse, sumDy: mean, sumDyXHat: beta }, { out: make(shape) });
    scaleGradient(out, { gamma, inverse }, { out: x });
  },
};

describe.each([{ way: "forwards" }, { way: "backwards" }])("units done one by one, $way,", ({ way }) => {
  test.each(Object.entries(operations))("give the plain code's bits: %s", (_name, operation) => {
    order.isBackwards = way === "backwards";
    order.mostUnits = 0;
    expectSameBits((place) => {
      let seed = 0;
      operation((shape) => place(normalTensor(shape, seed++)));
    });
    expect(order.mostUnits).toBeGreaterThan(2); // or there was nothing to put in order
  });
});
