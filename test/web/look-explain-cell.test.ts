import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Conv2D,
  Dense,
  type Layer,
  LeakyReLU,
  MaxPool2D,
  ReLU,
  Rescaling,
  Sequential,
  type Shape,
  Softmax,
} from "../../src/index.js";
import { createNetwork, NETWORKS } from "../../src/mnist/networks.js";
import { explainCell } from "../../web/src/look/explain-cell.js";
import type { ConvolutionExplanation, DenseExplanation } from "../../web/src/look/explanation.js";
import { extentOf, type Pass } from "../../web/src/look/pass.js";
import { Playground } from "../../web/src/playground.js";
import { randomModels } from "../helpers/random-model.js";

/** What the page has of a model that was given these pixels. */
function passOf(model: Sequential, pixels: Uint8Array): Pass {
  model.forward({ data: pixels, shape: [1, ...model.inputShape] });
  const outputs = model.outputs.map(({ name, value }, i) => ({
    name,
    type: model.layers[i]!.type,
    shape: value.shape.slice(1),
    data: value.data.slice(),
  }));
  return { model, pixels, outputs };
}

function passThrough(layers: readonly Layer[], inputShape: Shape, pixels: readonly number[]): Pass {
  return passOf(new Sequential({ inputShape, seed: 3 }, layers), Uint8Array.from(pixels));
}

function cellAt({ outputs }: Pass, layer: number, i: number) {
  const { W, C } = extentOf(outputs[layer]!.shape);
  return { layer, h: Math.floor(i / (W * C)), w: Math.floor(i / C) % W, c: i % C };
}

/** Compares the explanation of some cells of every layer with what the library computed. */
function expectExplained(pass: Pass, step: number): void {
  for (const [layer, { name, data }] of pass.outputs.entries()) {
    for (let i = step % data.length; i < data.length; i += step) {
      const { result } = explainCell(pass, cellAt(pass, layer, i))!;
      const distance = Math.abs(result - data[i]!);
      expect(distance, `${name}[${i}]`).toBeLessThan(1e-5 * Math.max(1, sizeOfTerms(pass, layer, i)));
    }
  }
}

/** Rounding grows with what is added up, which may be far larger than the sum. */
function sizeOfTerms(pass: Pass, layer: number, i: number): number {
  const explanation = explainCell(pass, cellAt(pass, layer, i))!;
  if (explanation.kind === "convolution") {
    return explanation.channels
      .flatMap(({ taps }) => taps)
      .reduce((size, { product }) => size + Math.abs(product), 0);
  }
  if (explanation.kind === "dense") {
    return explanation.largest.reduce((size, { product }) => size + Math.abs(product), 0);
  }
  if (explanation.kind === "formula")
    return Math.max(...explanation.symbols.map(({ value }) => Math.abs(value)));
  return Math.abs(explanation.result);
}

const pixels = Uint8Array.from({ length: 784 }, (_, i) => (i * 7919) % 256);
const zero = { h: 0, w: 0, c: 0 };

describe("explainCell", () => {
  test.each(NETWORKS)("adds up to what the library computes, in every layer of %s", (name) => {
    const playground = new Playground(createNetwork(name, { seed: 5 }));
    playground.setPixels(pixels);
    expectExplained(playground, 97);
  });

  test("adds up to what the library computes, in layers of all kinds and options", () => {
    fc.assert(
      fc.property(randomModels, fc.integer({ min: 1, max: 9 }), (model, seed) => {
        const size = model.inputShape.reduce((product, length) => product * length, 1);
        expectExplained(
          passOf(
            model,
            Uint8Array.from({ length: size }, (_, i) => (i * 31 * seed) % 7),
          ),
          5,
        );
      }),
      { numRuns: 150 },
    );
  });

  test("writes a convolution out: each channel's sum of its taps, the largest first, and the bias", () => {
    const conv = new Conv2D({ filters: 2, kernelSize: 2 });
    const pass = passThrough([conv], [2, 2, 2], [1, 10, 2, 20, 3, 30, 4, 40]);
    conv.parameters[0]!.value.data.set([1, 0, -1, 0, 2, 0, -2, 0, 3, 0, -3, 0, 4, 0, -4, 0]);
    conv.parameters[1]!.value.data.set([0.5, 9]);
    const explanation = explainCell(pass, { layer: 0, ...zero }) as ConvolutionExplanation;
    expect(explanation.channels.map(({ channel, sum }) => [channel, sum])).toEqual([
      [1, -300],
      [0, 30],
    ]);
    expect(explanation.channels[1]!.taps).toEqual([
      { ky: 0, kx: 0, inside: true, weight: 1, value: 1, product: 1 },
      { ky: 0, kx: 1, inside: true, weight: 2, value: 2, product: 4 },
      { ky: 1, kx: 0, inside: true, weight: 3, value: 3, product: 9 },
      { ky: 1, kx: 1, inside: true, weight: 4, value: 4, product: 16 },
    ]);
    expect(explanation).toMatchObject({ kernelWidth: 2, bias: 0.5, result: -269.5 });
    expect(explanation.text).toBe("sum of 8 products −270 + bias 0.500 = −269.5");
  });

  test("counts the padding around the picture as 0, and does without a bias", () => {
    const conv = new Conv2D({ filters: 1, kernelSize: 3, padding: "same", useBias: false });
    const pass = passThrough([conv], [2, 2, 1], [1, 2, 3, 4]);
    conv.parameters[0]!.value.data.set([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const { channels, bias, text } = explainCell(pass, { layer: 0, ...zero }) as ConvolutionExplanation;
    const taps = channels[0]!.taps;
    expect(taps.map(({ inside }) => Number(inside))).toEqual([0, 0, 0, 0, 1, 1, 0, 1, 1]);
    expect(taps.map(({ product }) => product)).toEqual([0, 0, 0, 0, 5, 12, 0, 24, 36]);
    expect(bias).toBeUndefined();
    expect(text).toBe("sum of 9 products = 77");
  });

  test("writes the ten largest terms of a dense layer out, and the sum of the others", () => {
    const dense = new Dense({ units: 2 });
    const pass = passThrough([dense], [12], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    for (let i = 0; i < 12; i++) dense.parameters[0]!.value.data.set([i % 2 === 0 ? -1 : 1, 0], 2 * i);
    dense.parameters[1]!.value.data.set([0.25, 0]);
    const explanation = explainCell(pass, { layer: 0, ...zero }) as DenseExplanation;
    expect(explanation.largest.map(({ product }) => product)).toEqual([12, -11, 10, -9, 8, -7, 6, -5, 4, -3]);
    expect(explanation.largest[1]).toEqual({ input: 10, value: 11, weight: -1, product: -11 });
    expect(explanation).toMatchObject({ rest: { count: 2, sum: 1 }, bias: 0.25, result: 6.25 });
    expect(explanation.text).toBe("sum of 12 products 6 + bias 0.250 = 6.250");
  });

  test("marks the cell that won in a max-pool, the first of equal ones", () => {
    const pass = passThrough([new MaxPool2D({ poolSize: [2, 3] })], [2, 3, 1], [1, 7, 2, 7, 0, 3]);
    expect(explainCell(pass, { layer: 0, ...zero })).toEqual({
      kind: "pool",
      windowWidth: 3,
      cells: [
        { ky: 0, kx: 0, value: 1, winner: false },
        { ky: 0, kx: 1, value: 7, winner: true },
        { ky: 0, kx: 2, value: 2, winner: false },
        { ky: 1, kx: 0, value: 7, winner: false },
        { ky: 1, kx: 1, value: 0, winner: false },
        { ky: 1, kx: 2, value: 3, winner: false },
      ],
      text: "largest of 6 = 7",
      result: 7,
    });
  });

  test("leaves the cells out that a window has beyond the edge, and lets NaN win", () => {
    const rescaling = new Rescaling({ scale: 1 });
    const pass = passThrough([rescaling, new MaxPool2D({ padding: "same" })], [3, 3, 1], Array(9).fill(4));
    pass.outputs[0]!.data[8] = Number.NaN;
    pass.outputs[0]!.data[5] = Number.POSITIVE_INFINITY;
    expect(explainCell(pass, { layer: 1, h: 1, w: 1, c: 0 })).toMatchObject({
      cells: [
        { value: Number.NaN, winner: true },
        { value: undefined, winner: false },
        { value: undefined, winner: false },
        { value: undefined, winner: false },
      ],
      text: "largest of 1 = NaN",
    });
    pass.outputs[0]!.data[0] = Number.NaN;
    expect(explainCell(pass, { layer: 1, ...zero })!.result).toBeNaN(); // 4s came after it
  });

  test.each([
    { layer: new ReLU(), text: "max(3, 0) = 3" },
    { layer: new LeakyReLU(), text: "x = 3" },
    { layer: new Rescaling({ scale: 0.5, offset: -1 }), text: "0.500 · 3 + (−1) = 0.500" },
    { layer: new Softmax(), text: "exp(3 − 3) / 1.368 = 0.731" },
  ])("writes $layer.type with its numbers: $text", ({ layer, text }) => {
    expect(explainCell(passThrough([layer], [2], [3, 2]), { layer: 0, ...zero })!.text).toBe(text);
  });

  test("keeps NaN in a ReLU, so that it can be followed to where it began", () => {
    const pass = passThrough([new Rescaling({ scale: 1 }), new ReLU()], [1], [1]);
    pass.outputs[0]!.data[0] = Number.NaN;
    expect(explainCell(pass, { layer: 1, ...zero })!.text).toBe("max(NaN, 0) = NaN");
  });

  test("says nothing of a pixel, nor of a layer that is not the library's", () => {
    const own: Layer = {
      type: "Mine",
      parameters: [],
      build: (shape) => shape,
      forward: (x) => x,
      backward: (dy) => dy,
      config: () => ({}),
    };
    const pass = passThrough([own], [2], [1, 2]);
    expect(explainCell(pass, { layer: -1, ...zero })).toBeUndefined();
    expect(explainCell(pass, { layer: 0, ...zero })).toBeUndefined();
  });
});
