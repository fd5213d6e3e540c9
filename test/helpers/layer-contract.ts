import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import type { Layer, LayerOptions } from "../../src/layers/layer.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { formatShape, type Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { normalTensor } from "./random-tensor.js";

/**
 * What every layer without parameters keeps: the order of calls, the checks of shapes, who owns the results, and
 * `config`. The layer is built for `sampleShape`, which has two axes or more.
 */
export function describeContract<Options extends object>(
  LayerClass: new (options: NoInfer<Options> & LayerOptions) => Layer,
  options: Options,
  sampleShape: Shape,
): void {
  const type = LayerClass.name;
  const make = (): { layer: Layer; outputShape: Shape } => {
    const layer = new LayerClass(options);
    return { layer, outputShape: buildLayer(layer, sampleShape) };
  };
  const batch = (n: number, seed = n): Tensor => normalTensor([n, ...sampleShape], seed);

  describe(`${type}, as any layer,`, () => {
    test("refuses to run before it is built, and to go back before it went forward", () => {
      const unbuilt = new LayerClass(options);
      const notBuilt =
        "expected a built layer, got one without an input shape. Add it to a Sequential first.";
      expect(() => unbuilt.forward(batch(1))).toThrow(new Error(`${type}.forward: ${notBuilt}`));
      expect(() => unbuilt.backward(batch(1))).toThrow(new Error(`${type}.backward: ${notBuilt}`));
      expect(() => make().layer.backward(batch(1))).toThrow(
        new Error(
          `${type}.backward: expected a call of forward before it, got none. The gradient is taken at its input.`,
        ),
      );
    });

    test("refuses an input that does not fit what it was built for, and a dy that does not fit the output", () => {
      const { layer, outputShape } = make();
      const wanted = formatShape(["N", ...sampleShape]);
      const got = formatShape(sampleShape);
      expect(() => layer.forward(new Tensor(sampleShape))).toThrow(
        new ShapeError(`${type}.forward: expected shape ${wanted}, got ${got}.`),
      );
      layer.forward(batch(2));
      const wantedBack = formatShape([2, ...outputShape]);
      const gotBack = formatShape([3, ...outputShape]);
      expect(() => layer.backward(new Tensor([3, ...outputShape]))).toThrow(
        new ShapeError(`${type}.backward: expected shape ${wantedBack}, got ${gotBack}.`),
      );
    });

    test("gives back the shape that build promised, and dx of the shape of x", () => {
      const { layer, outputShape } = make();
      const y = layer.forward(batch(3), { training: true });
      expect(y.shape).toEqual([3, ...outputShape]);
      expect(layer.backward(y.clone())?.shape).toEqual([3, ...sampleShape]);
      expect(layer.parameters).toEqual([]);
    });

    test("uses its memory again from step to step", () => {
      const { layer, outputShape } = make();
      const x = batch(3);
      const dy = normalTensor([3, ...outputShape], 7);
      const y = layer.forward(x, { training: true });
      const dx = layer.backward(dy);
      expect(layer.forward(x, { training: true }).data.buffer).toBe(y.data.buffer);
      expect(layer.backward(dy)?.data.buffer).toBe(dx?.data.buffer);
    });

    test("gives the same results for a batch of fewer samples after one of more, and the other way round", () => {
      const run = (layer: Layer, n: number): Float32Array[] => {
        const y = layer.forward(batch(n), { training: true });
        const dx = layer.backward(normalTensor(y.shape, 7));
        return [y.data.slice(), dx?.data.slice() ?? new Float32Array(0)];
      };
      const { layer } = make();
      for (const n of [3, 1, 0, 4]) expect(run(layer, n)).toEqual(run(make().layer, n));
    });

    test("leaves x and dy as they are, and gives the same dx when asked twice", () => {
      const { layer, outputShape } = make();
      const x = batch(2);
      const dy = normalTensor([2, ...outputShape], 7);
      layer.forward(x, { training: true });
      const first = layer.backward(dy)?.data.slice();
      expect(layer.backward(dy)?.data).toEqual(first);
      expect(x.data).toEqual(batch(2).data);
      expect(dy.data).toEqual(normalTensor([2, ...outputShape], 7).data);
    });

    test("is made again by its config, which is plain JSON", () => {
      const named = new LayerClass({ ...options, name: "mine", trainable: false });
      const config = named.config();
      expect(config).toMatchObject({ ...options, name: "mine", trainable: false });
      expect(new LayerClass(JSON.parse(JSON.stringify(config))).config()).toEqual(config);
      const plain = new LayerClass(options);
      expect(plain).toMatchObject({ type, name: undefined, trainable: true });
      expect(new LayerClass(JSON.parse(JSON.stringify(plain.config()))).config()).toEqual(plain.config());
    });
  });
}
