import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exportOnnx } from "../../../src/formats/onnx/export-onnx.js";
import { importOnnx } from "../../../src/formats/onnx/import-onnx.js";
import { Random, type Sequential, Tensor } from "../../../src/index.js";
import { createNetwork, NETWORKS } from "../../../src/mnist/networks.js";
import { canBeProbabilities, randomModels } from "../../helpers/random-model.js";

/** Random samples for a model. */
function samplesFor({ inputShape }: Sequential, seed: number): Tensor {
  const random = new Random(seed);
  const samples = new Tensor([3, ...inputShape]);
  for (let i = 0; i < samples.size; i++) samples.data[i] = random.normal();
  return samples;
}

/** The bits of some numbers, by which -0 differs from 0. */
const bitsOf = ({ data }: Tensor): Uint8Array => new Uint8Array(Float32Array.from(data).buffer);

/** Layers that the file has no node for. */
const LEFT_OUT = ["Dropout", "Flatten", "Rescaling"];

describe("a model that was exported and imported", () => {
  test.each(NETWORKS)("has the same weights, names and layers: %s", (name) => {
    const model = createNetwork(name, { seed: 5 });
    for (const inputLayout of ["NHWC", "NCHW"] as const) {
      const back = importOnnx(exportOnnx(model, { inputLayout, activation: "none" }));
      expect(back.config().layers.map(({ type, name }) => [type, name])).toEqual(
        model.config().layers.map(({ type, name }) => [type, name]),
      );
      expect(back.inputShape).toEqual(model.inputShape);
      for (const [i, { name, value }] of model.weights.entries()) {
        expect(back.weights[i]!.name).toBe(name);
        expect(Buffer.compare(bitsOf(back.weights[i]!.value), bitsOf(value))).toBe(0);
      }
    }
  });

  test("gives the same bits, whatever its layers", () => {
    fc.assert(
      fc.property(
        randomModels,
        fc.constantFrom("NHWC", "NCHW"),
        fc.constantFrom("softmax", "none"),
        fc.integer({ min: 0, max: 1000 }),
        (model, inputLayout, wanted, seed) => {
          const activation = canBeProbabilities(model) ? wanted : "none";
          const images = samplesFor(model, seed);
          // rows that end with a Flatten of channels first cannot be told from others
          const back = importOnnx(exportOnnx(model, { inputLayout, activation }), { inputLayout });
          expect(bitsOf(back.predict(images, { activation }))).toEqual(
            bitsOf(model.predict(images, { activation })),
          );
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  test("has the options that it had, of those that say what is computed", () => {
    fc.assert(
      fc.property(randomModels, (model) => {
        const back = importOnnx(exportOnnx(model, { activation: "none" }));
        const kept = (of: Sequential) => of.config().layers.filter(({ type }) => !LEFT_OUT.includes(type));
        expect(kept(back).map(({ type, name }) => [type, name])).toEqual(
          kept(model).map(({ type, name }) => [type, name]),
        );
        expect(back.outputShape).toEqual(model.outputShape);
      }),
      { seed: 2, numRuns: 100 },
    );
  });
});
