import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Dropout } from "../../src/layers/dropout.js";
import { CounterRandom } from "../../src/tensor/counter-random.js";
import { Random } from "../../src/tensor/random.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { HeapWorkspace } from "../../src/tensor/workspace.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { smallBatches } from "../helpers/small-batches.js";

function builtDropout(rate: number, sampleShape: Shape, seed = 0): Dropout {
  const layer = new Dropout({ rate });
  buildLayer(layer, sampleShape, { workspace: new HeapWorkspace(), random: new Random(seed) });
  return layer;
}

const ones = (...shape: number[]): Tensor =>
  new Tensor(shape, new Float32Array(shape.reduce((a, b) => a * b)).fill(1));
/** The mask that a layer draws: what it makes of a batch of ones. */
const maskOf = (layer: Dropout, step: number, shape: number[]): number[] => [
  ...layer.forward(ones(...shape), { training: true, step }).data,
];

describe("Dropout", () => {
  test("in training drops some elements and doubles the others at a rate of 1/2", () => {
    const x = Tensor.from([[1, 2, 3, 4, 5, 6, 7, 8]]);
    const layer = builtDropout(0.5, [8]);
    const y = layer.forward(x, { training: true });
    for (const [i, value] of y.data.entries()) expect([0, 2 * x.data[i]!]).toContain(value);
    expect(y.data).toContain(0);
    expect(y.data.some((value) => value > 0)).toBe(true);
  });

  test("drops the same elements of dy, and scales the others as much", () => {
    const layer = builtDropout(0.5, [8]);
    const y = layer.forward(ones(1, 8), { training: true }).clone();
    expect(layer.backward(ones(1, 8)).data).toEqual(y.data);
  });

  test("in inference, and at a rate of 0, passes x and dy as they are", () => {
    const x = normalTensor([2, 3], 1);
    const dy = normalTensor([2, 3], 2);
    const layer = builtDropout(0.5, [3]);
    layer.forward(x, { training: true });
    expect(layer.forward(x)).toBe(x);
    expect(layer.backward(dy)).toBe(dy);
    const none = builtDropout(0, [3]);
    expect(none.forward(x, { training: true })).toBe(x);
    expect(none.backward(dy)).toBe(dy);
  });

  test("equals x∘m with m from the counter-based generator, seeded when the layer is built", () => {
    fc.assert(
      fc.property(smallBatches(), fc.nat(1000), fc.constantFrom(0.2, 0.75), (x, step, rate) => {
        const layer = builtDropout(rate, x.shape.slice(1), 42);
        const random = new CounterRandom(new Random(42).uint32());
        const m = x.data.map((_, i) => (random.uniform(step, i) < rate ? 0 : 1 / (1 - rate)));
        const dy = normalTensor(x.shape, 9);
        expect(layer.forward(x, { training: true, step }).data).toEqual(
          x.data.map((value, i) => value * m[i]!),
        );
        expect(layer.backward(dy).data).toEqual(dy.data.map((value, i) => value * m[i]!));
      }),
      { numRuns: 50 },
    );
  });

  test("drops the share it was told to, and keeps the mean", () => {
    for (const rate of [0.1, 0.5, 0.8]) {
      const mask = maskOf(builtDropout(rate, [10_000]), 0, [1, 10_000]);
      const dropped = mask.filter((value) => value === 0).length / mask.length;
      const mean = mask.reduce((sum, value) => sum + value, 0) / mask.length;
      expect(Math.abs(dropped - rate)).toBeLessThan(0.02); // four standard deviations at 0.5
      expect(Math.abs(mean - 1)).toBeLessThan(0.1);
    }
  });

  test("keeps an element whose random number is the rate itself, since numbers begin at 0 and end below 1", () => {
    const rate = new CounterRandom(3).uniform(0, 0);
    const layer = new Dropout({ rate, seed: 3 });
    buildLayer(layer, [1]);
    expect(maskOf(layer, 0, [1, 1])).toEqual([Math.fround(1 / (1 - rate))]);
  });

  test("draws the same mask for the same step, and another for another step, seed or sample", () => {
    const layer = builtDropout(0.5, [64]);
    const first = maskOf(layer, 0, [2, 64]);
    expect(maskOf(layer, 1, [2, 64])).not.toEqual(first);
    expect(maskOf(layer, 0, [2, 64])).toEqual(first);
    expect(maskOf(builtDropout(0.5, [64]), 0, [2, 64])).toEqual(first);
    expect(maskOf(builtDropout(0.5, [64], 1), 0, [2, 64])).not.toEqual(first);
    expect(first.slice(64)).not.toEqual(first.slice(0, 64));
    expect(maskOf(layer, 0, [1, 64])).toEqual(first.slice(0, 64)); // whatever the size of the batch
  });

  test("draws one mask for each of two layers of a model", () => {
    const context = { workspace: new HeapWorkspace(), random: new Random(0) };
    const layers = [new Dropout({ rate: 0.5 }), new Dropout({ rate: 0.5 })];
    for (const layer of layers) buildLayer(layer, [64], context);
    expect(maskOf(layers[0]!, 0, [1, 64])).not.toEqual(maskOf(layers[1]!, 0, [1, 64]));
  });

  test("lets NaN through, dropped or not", () => {
    const x = new Tensor([1, 32], new Float32Array(32).fill(Number.NaN));
    const y = builtDropout(0.5, [32]).forward(x, { training: true });
    expect(y.data.every(Number.isNaN)).toBe(true);
  });
});
