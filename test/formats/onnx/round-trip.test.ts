import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exportOnnx, importOnnx } from "../../../src/formats/onnx/index.js";
import type { Sequential, Tensor } from "../../../src/index.js";
import { createNetwork, NETWORKS } from "../../../src/mnist/networks.js";
import { decodeExport } from "../../helpers/decode-export.js";
import { canBeProbabilities, randomModels } from "../../helpers/random-model.js";
import { normalTensor } from "../../helpers/random-tensor.js";

const options = fc.record({
  inputLayout: fc.constantFrom("NHWC" as const, "NCHW" as const),
  activation: fc.constantFrom("softmax" as const, "none" as const),
});

/** Whether there is an operator that is a layer; a model of others is refused. */
function hasLayer(bytes: Uint8Array): boolean {
  const { node } = decodeExport(bytes).graph;
  return node.some(({ opType }) => opType !== "Identity" && opType !== "Transpose");
}

function weightsOf({ weights }: Sequential): Record<string, Tensor> {
  return Object.fromEntries(weights.map(({ name, value }) => [name, value.clone()]));
}

describe("a model that is exported and imported again", () => {
  test.each(NETWORKS)("has the same layers, under the same names: %s", (name) => {
    const model = createNetwork(name);
    const again = importOnnx(exportOnnx(model, { activation: "none" }));
    const layersOf = (of: Sequential) => of.config().layers.map(({ type, name }) => [type, name]);
    expect(layersOf(again)).toEqual(layersOf(model));
    expect(again.inputShape).toEqual(model.inputShape);
  });

  test("has the same weights under the same names, and gives the same outputs, bit for bit", () => {
    fc.assert(
      fc.property(randomModels, options, fc.nat(), (model, { inputLayout, ...chosen }, seed) => {
        const activation = canBeProbabilities(model) ? chosen.activation : "none";
        const bytes = exportOnnx(model, { inputLayout, activation });
        fc.pre(hasLayer(bytes));
        // a convolution or a pool tells where the channels of images are
        const isTold = model.layers.some(({ type }) => type.endsWith("2D"));
        const again = importOnnx(bytes, isTold ? {} : { inputLayout });

        const description = JSON.stringify(model.config());
        expect(again.inputShape, description).toEqual(model.inputShape);
        // a normalisation may have more: ones for gamma, zeros for beta; and a Rescaling becomes a bias where there is none
        expect(weightsOf(again), description).toMatchObject(weightsOf(model));
        const x = normalTensor([3, ...model.inputShape], seed);
        // a Rescaling that changes nothing is left out: it would have made 0 of -0
        const [actual, expected] = [again, model].map((one) =>
          one.predict(x, { activation }).data.map((value) => value + 0),
        );
        expect(actual, description).toEqual(expected);
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
