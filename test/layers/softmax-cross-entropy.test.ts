import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  SoftmaxCrossEntropy,
  type SoftmaxCrossEntropyOptions,
} from "../../src/layers/softmax-cross-entropy.js";
import { numericGradient } from "../../src/model/numeric-gradient.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { oneHot } from "../../src/tensor/one-hot.js";
import { Random } from "../../src/tensor/random.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { normalTensor } from "../helpers/random-tensor.js";

const LN2 = Math.LN2;

/** Rows of probabilities. */
function softTargets(N: number, K: number, seed: number): Tensor {
  const random = new Random(seed);
  const t = Tensor.zeros([N, K]);
  for (let n = 0; n < N; n++) {
    const row = Array.from({ length: K }, () => random.uniform() + 0.01);
    const sum = row.reduce((a, b) => a + b, 0);
    for (let k = 0; k < K; k++) t.data[n * K + k] = row[k]! / sum;
  }
  return t;
}

interface Case {
  readonly N: number;
  readonly K: number;
  readonly labelSmoothing: number;
  readonly weighted: boolean;
  readonly soft: boolean;
  readonly seed: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  N: fc.integer({ min: 1, max: 5 }),
  K: fc.integer({ min: 2, max: 7 }),
  labelSmoothing: fc.constantFrom(0, 0.1, 0.5),
  weighted: fc.boolean(),
  soft: fc.boolean(),
  seed: fc.nat(1000),
});

function setUp({ N, K, labelSmoothing, weighted, soft, seed }: Case) {
  const random = new Random(seed);
  const classWeights = weighted ? Array.from({ length: K }, () => random.uniform() * 3) : undefined;
  const labels = Array.from({ length: N }, () => random.integer(K));
  const t = soft ? softTargets(N, K, seed) : oneHot(labels, K);
  const loss = new SoftmaxCrossEntropy({ labelSmoothing, ...(classWeights && { classWeights }) });
  return { loss, z: normalTensor([N, K], seed), targets: soft ? t : labels, t, classWeights };
}

describe("SoftmaxCrossEntropy", () => {
  test("is minus the logarithm of the label's probability", () => {
    const loss = new SoftmaxCrossEntropy();
    // two equal logits: both have probability 1/2
    expect(loss.forward(Tensor.from([[5, 5]]), [0])).toBeCloseTo(LN2, 15);
    expect(loss.backward().toArray()).toEqual([[-0.5, 0.5]]);
    // the probabilities are 1/4 and 3/4
    const z = Tensor.from([[0, Math.log(3)]]);
    expect(loss.forward(z, [0])).toBeCloseTo(Math.log(4), 7);
    expect(loss.backward()).toBeAllclose([[-0.75, 0.75]]);
    expect(loss.forward(z, [1])).toBeCloseTo(Math.log(4 / 3), 7);
    expect(loss.backward()).toBeAllclose([[0.25, -0.25]]);
  });

  test("is the mean over the batch", () => {
    const loss = new SoftmaxCrossEntropy();
    const z = Tensor.from([
      [5, 5, 5, 5],
      [1, 1, 1, 1],
    ]);
    expect(loss.forward(z, [3, 0])).toBeCloseTo(2 * LN2, 15);
    expect(loss.backward().toArray()).toEqual([
      [0.125, 0.125, 0.125, -0.375],
      [-0.375, 0.125, 0.125, 0.125],
    ]);
  });

  test("takes soft targets", () => {
    const loss = new SoftmaxCrossEntropy();
    const z = Tensor.from([[0, Math.log(3)]]);
    // −1/2·log 1/4 − 1/2·log 3/4, and p − t = (1/4 − 1/2, 3/4 − 1/2)
    expect(loss.forward(z, Tensor.from([[0.5, 0.5]]))).toBeCloseTo(-0.5 * Math.log(3 / 16), 7);
    expect(loss.backward()).toBeAllclose([[-0.25, 0.25]]);
  });

  test("spreads a share of the targets over the classes", () => {
    const loss = new SoftmaxCrossEntropy({ labelSmoothing: 0.5 });
    // t = (1, 0) becomes (3/4, 1/4)
    expect(loss.forward(Tensor.from([[0, Math.log(3)]]), [0])).toBeCloseTo(
      -0.75 * Math.log(1 / 4) - 0.25 * Math.log(3 / 4),
      7,
    );
    expect(loss.backward()).toBeAllclose([[-0.5, 0.5]]);
  });

  test("weighs the classes, and still divides by the number of samples", () => {
    const loss = new SoftmaxCrossEntropy({ classWeights: [1, 3] });
    const z = Tensor.zeros([2, 2]);
    expect(loss.forward(z, [0, 1])).toBeCloseTo((1 * LN2 + 3 * LN2) / 2, 15);
    expect(loss.backward().toArray()).toEqual([
      [-0.25, 0.25],
      [0.75, -0.75],
    ]);
  });

  // the largest error of 20,000 cases was 1.3e-6
  test("has the gradient that differences give", () => {
    fc.assert(
      fc.property(cases, (options) => {
        const { loss, z, targets } = setUp(options);
        loss.forward(z, targets);
        const dz = loss.backward().clone();
        const numeric = numericGradient(() => loss.forward(z, targets), z.data, 1e-2);
        for (const [i, { value }] of numeric.entries()) {
          expect(Math.abs(dz.data[i]! - value)).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("equals direct loops over the formulas", () => {
    fc.assert(
      fc.property(cases, (options) => {
        const { loss, z, targets, t, classWeights } = setUp(options);
        const [N, K] = z.shape as [number, number];
        const alpha = options.labelSmoothing;
        let wanted = 0;
        const gradient: number[] = [];
        for (let n = 0; n < N; n++) {
          const e = Array.from({ length: K }, (_, k) => Math.exp(z.at(n, k)));
          const sum = e.reduce((a, b) => a + b, 0);
          const u = e.map((_, k) => (classWeights?.[k] ?? 1) * ((1 - alpha) * t.at(n, k) + alpha / K));
          for (let j = 0; j < K; j++) {
            wanted -= (u[j]! * Math.log(e[j]! / sum)) / N;
            gradient.push(((e[j]! / sum) * u.reduce((a, b) => a + b, 0) - u[j]!) / N);
          }
        }
        expect(loss.forward(z, targets)).toBeAllclose(wanted);
        expect(loss.backward().data).toBeAllclose(gradient);
      }),
      { numRuns: 50 },
    );
  });

  // from PyTorch 1.13.1, whose "mean" would divide by the sum of the labels' weights, and not by 3:
  //
  //   import torch
  //   from torch.nn.functional import cross_entropy
  //
  //   torch.set_default_dtype(torch.float64)
  //   torch.set_printoptions(precision=7)
  //   z = torch.tensor([[1.2, -0.5, 0.3, 2], [-1, 0.7, 1.5, 0], [0.4, 2.5, -1.3, -0.2]], requires_grad=True)
  //   labels, weights = torch.tensor([2, 0, 1]), torch.tensor([0.5, 2, 1, 3])
  //   for weight, smoothing in [(None, 0.1), (weights, 0), (weights, 0.1)]:
  //       loss = cross_entropy(z, labels, weight, reduction="sum", label_smoothing=smoothing) / 3
  //       print(loss.detach(), *torch.autograd.grad(loss, z))
  test.each<{ title: string; options: SoftmaxCrossEntropyOptions; value: number; dz: number[][] }>([
    {
      title: "smoothed labels",
      options: { labelSmoothing: 0.1 },
      value: 1.8444649,
      dz: [
        [0.0790458, 0.0076294, -0.2728076, 0.1861325],
        [-0.2927386, 0.0770315, 0.1816495, 0.0340576],
        [0.0253446, -0.0333133, -0.0021809, 0.0101495],
      ],
    },
    {
      title: "class weights",
      options: { classWeights: [0.5, 2, 1, 3] },
      value: 1.384863,
      dz: [
        [0.0873791, 0.0159627, -0.2978076, 0.1944658],
        [-0.1588693, 0.0426824, 0.0949914, 0.0211955],
        [0.067356, -0.1166265, 0.0123048, 0.0369657],
      ],
    },
    {
      title: "smoothed labels and class weights",
      options: { labelSmoothing: 0.1, classWeights: [0.5, 2, 1, 3] },
      value: 1.5447689,
      dz: [
        [0.0886736, 0.0002937, -0.2705873, 0.1816199],
        [-0.1446149, 0.0356193, 0.1080312, 0.0009644],
        [0.0619264, -0.0769398, 0.0037408, 0.0112726],
      ],
    },
  ])("gives PyTorch's values with $title", ({ options, value, dz }) => {
    const loss = new SoftmaxCrossEntropy(options);
    const z = Tensor.from([
      [1.2, -0.5, 0.3, 2],
      [-1, 0.7, 1.5, 0],
      [0.4, 2.5, -1.3, -0.2],
    ]);
    expect(loss.forward(z, [2, 0, 1])).toBeAllclose(value);
    expect(loss.backward()).toBeAllclose(dz);
  });

  test("takes labels and one-hot rows for the same", () => {
    const loss = new SoftmaxCrossEntropy({ labelSmoothing: 0.1, classWeights: [1, 2, 3] });
    const z = normalTensor([4, 3], 1);
    const value = loss.forward(z, [2, 0, 1, 1]);
    const dz = loss.backward().clone();
    expect(loss.forward(z, oneHot([2, 0, 1, 1], 3))).toBe(value);
    expect(loss.backward()).toEqual(dz);
    expect(loss.forward(z, Uint8Array.of(2, 0, 1, 1))).toBe(value);
  });

  test("does not depend on what is added to all logits of a sample", () => {
    const loss = new SoftmaxCrossEntropy();
    const z = Tensor.from([[1, -2, 0.5]]);
    const moved = Tensor.from([[1025, 1022, 1024.5]]);
    expect(loss.forward(moved, [1])).toBe(loss.forward(z, [1]));
  });

  test("takes the largest logit of each sample from that sample alone", () => {
    const z = Tensor.from([
      [0, 0],
      [1e4, 0],
    ]);
    // of the second sample, the loss is 0
    expect(new SoftmaxCrossEntropy().forward(z, [0, 0])).toBeAllclose(Math.log(2) / 2);
  });

  test("is exact for logits of ±1e4", () => {
    const loss = new SoftmaxCrossEntropy();
    const z = Tensor.from([[1e4, -1e4]]);
    expect(loss.forward(z, [0])).toBe(0);
    expect(loss.backward()).toBeAllclose([[0, 0]], { atol: 0 });
    expect(loss.forward(z, [1])).toBe(20_000);
    expect(loss.backward().toArray()).toEqual([[1, -1]]);
  });

  test("keeps the small loss of a sample that is almost sure", () => {
    // log(1 + e⁻³⁰) = e⁻³⁰, though p itself rounds to 1 in float32
    expect(new SoftmaxCrossEntropy().forward(Tensor.from([[30, 0]]), [0])).toBeCloseTo(Math.exp(-30), 15);
    expect(new SoftmaxCrossEntropy().forward(Tensor.from([[30, 0]]), [0])).toBeGreaterThan(0);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "is not finite where a logit is %d",
    (logit) => {
      const loss = new SoftmaxCrossEntropy();
      const z = Tensor.from([
        [0, 1],
        [0, logit],
      ]);
      expect(loss.forward(z, [0, 0])).toBeNaN();
      expect(Number.isFinite(loss.forward(z, [0, 1]))).toBe(false);
    },
  );

  test("leaves the prediction and the targets as they were", () => {
    const loss = new SoftmaxCrossEntropy({ labelSmoothing: 0.1 });
    const z = normalTensor([2, 3], 1);
    const t = softTargets(2, 3, 1);
    const before = [z.clone(), t.clone()];
    loss.forward(z, t);
    loss.backward();
    expect([z, t]).toEqual(before);
  });

  test("uses its memory again, and is right for a smaller batch after a larger one", () => {
    const loss = new SoftmaxCrossEntropy();
    const large = normalTensor([5, 3], 1);
    const small = normalTensor([2, 3], 2);
    loss.forward(large, [0, 1, 2, 0, 1]);
    const dz = loss.backward();
    loss.forward(large, [0, 0, 0, 0, 0]);
    expect(loss.backward()).toBe(dz);
    const fresh = new SoftmaxCrossEntropy();
    expect(loss.forward(small, [2, 1])).toBe(fresh.forward(small, [2, 1]));
    expect(loss.backward()).toEqual(fresh.backward());
  });

  test("writes the gradient to out", () => {
    const loss = new SoftmaxCrossEntropy();
    loss.forward(Tensor.from([[5, 5]]), [0]);
    const out = Tensor.from([[9, 9]]);
    expect(loss.backward({ out })).toBe(out);
    expect(out.toArray()).toEqual([[-0.5, 0.5]]);
    expect(() => loss.backward({ out: Tensor.zeros([2, 1]) })).toThrow(
      new ShapeError("SoftmaxCrossEntropy.backward (out): expected shape [1, 2], got [2, 1]."),
    );
  });

  test("is made again by its config", () => {
    expect(new SoftmaxCrossEntropy().config()).toEqual({ labelSmoothing: 0, classWeights: undefined });
    const options = { labelSmoothing: 0.1, classWeights: [1, 2] };
    expect(new SoftmaxCrossEntropy(options).config()).toEqual(options);
    const again = new SoftmaxCrossEntropy(new SoftmaxCrossEntropy(options).config());
    expect(again.config()).toEqual(options);
    expect(again.fromLogits).toBe(true);
    expect(again.type).toBe("SoftmaxCrossEntropy");
  });

  test.each([1, -0.1, Number.NaN])("refuses a label smoothing of %d", (labelSmoothing) => {
    expect(() => new SoftmaxCrossEntropy({ labelSmoothing })).toThrow(
      new RangeError(
        `SoftmaxCrossEntropy: expected labelSmoothing to be a finite number >= 0 and < 1, got ${labelSmoothing} (number).`,
      ),
    );
  });

  test("refuses class weights that are no numbers >= 0, one for each class", () => {
    expect(() => new SoftmaxCrossEntropy({ classWeights: [1, -2] })).toThrow(
      new RangeError(
        "SoftmaxCrossEntropy: expected classWeights[1] to be a finite number >= 0, got -2 (number).",
      ),
    );
    const holes = new Array<number>(2 ** 32 - 1); // and is not walked to its end
    expect(() => new SoftmaxCrossEntropy({ classWeights: holes })).toThrow(
      new RangeError(
        "SoftmaxCrossEntropy: expected classWeights[0] to be a finite number >= 0, got undefined.",
      ),
    );
    // @ts-expect-error: what JavaScript may pass
    expect(() => new SoftmaxCrossEntropy({ classWeights: null })).toThrow(
      new TypeError("SoftmaxCrossEntropy: expected classWeights to be an array of numbers, got null."),
    );
    // @ts-expect-error: what JavaScript may pass
    expect(() => new SoftmaxCrossEntropy({ classWeights: { 0: 1, 1: 2 } })).toThrow(
      new TypeError("SoftmaxCrossEntropy: expected classWeights to be an array of numbers, got an object."),
    );
    expect(() =>
      new SoftmaxCrossEntropy({ classWeights: [1, 2, 3] }).forward(Tensor.zeros([1, 2]), [0]),
    ).toThrow(
      new ShapeError("SoftmaxCrossEntropy.forward: expected 2 class weights, one for each class, got 3."),
    );
  });

  test("refuses predictions and targets that do not fit", () => {
    const loss = new SoftmaxCrossEntropy();
    expect(() => loss.forward(Tensor.zeros([0, 10]), [])).toThrow(
      new ShapeError(
        "SoftmaxCrossEntropy.forward: expected a prediction of at least one sample, got shape [0, 10].",
      ),
    );
    expect(() => loss.forward(Tensor.zeros([2, 3, 10]), [0, 0])).toThrow(
      new ShapeError(
        "SoftmaxCrossEntropy.forward: expected shape [N, K], got [2, 3, 10]. Put a Flatten in front of the last Dense.",
      ),
    );
    expect(() => loss.forward(Tensor.zeros([2, 1]), [0, 0])).toThrow(
      new ShapeError(
        "SoftmaxCrossEntropy.forward: expected logits of at least 2 classes, got [2, 1]. Use one unit for each class.",
      ),
    );
    expect(() => loss.forward(Tensor.zeros([4, 10]), [1, 2, 3, 12])).toThrow(
      new RangeError("SoftmaxCrossEntropy.forward: expected labels from 0 to 9, got 12 at index 3."),
    );
    expect(() => loss.forward(Tensor.zeros([1, 2]), Tensor.from([[1, -1]]))).toThrow(
      new RangeError(
        "SoftmaxCrossEntropy.forward: expected targets to be finite numbers >= 0, got -1 in sample 0.",
      ),
    );
  });

  test("refuses a gradient without a forward before it, or after one that failed", () => {
    const message =
      "SoftmaxCrossEntropy.backward: expected a call of forward before it, got none. The gradient is taken at its input.";
    const loss = new SoftmaxCrossEntropy();
    expect(() => loss.backward()).toThrow(new Error(message));
    loss.forward(Tensor.zeros([1, 2]), [0]);
    expect(() => loss.forward(Tensor.zeros([1, 2]), [2])).toThrow(RangeError);
    expect(() => loss.backward()).toThrow(new Error(message));
  });
});
