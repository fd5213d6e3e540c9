import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadCheckpoint, saveCheckpoint } from "../../src/formats/checkpoint.js";
import { loadModel, saveModel } from "../../src/formats/model-file.js";
import { exportOnnx, importOnnx } from "../../src/formats/onnx/index.js";
import { Dense } from "../../src/layers/dense.js";
import { Flatten } from "../../src/layers/flatten.js";
import type { Callback } from "../../src/model/callback.js";
import { Sequential } from "../../src/model/sequential.js";
import { Adam } from "../../src/optim/adam.js";
import { Random } from "../../src/tensor/random.js";
import { bitsOf } from "../helpers/models.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { drawWeights, LAYER_TYPES, type Subject, subjects } from "../layer-cases/subject.js";

/** A model of the layer and of a head that makes two classes of what it gives. */
function modelOf({ make, sampleShape }: Subject, seed: number): Sequential {
  const layers = [make(), new Flatten(), new Dense({ units: 2 })];
  const model = new Sequential({ inputShape: sampleShape, seed }, layers);
  for (const layer of layers) drawWeights(layer, new Random(seed));
  return model;
}

/** Seven samples, of two classes in turn. */
function dataOf({ sampleShape }: Subject, seed: number) {
  return { images: normalTensor([7, ...sampleShape], seed), labels: Int32Array.of(0, 1, 0, 1, 0, 1, 0) };
}

const seeds = fc.nat(1e6);

describe.each(LAYER_TYPES)("%s in files", (type) => {
  test("is saved and loaded again with the same bits", () => {
    fc.assert(
      fc.property(subjects(type), seeds, (subject, seed) => {
        const model = modelOf(subject, seed);
        const again = loadModel(saveModel(model));
        expect(again.config()).toEqual(model.config());
        expect(bitsOf(again)).toEqual(bitsOf(model));
        const { images } = dataOf(subject, seed);
        const options = { activation: "none" } as const;
        expect(again.predict(images, options)).toEqual(model.predict(images, options));
      }),
      { numRuns: 5 },
    );
  });

  test("goes on from a checkpoint to the bits of the training that was not stopped", async () => {
    const goesOn = fc.asyncProperty(subjects(type), seeds, async (subject, seed) => {
      const data = dataOf(subject, seed);
      const saved: Uint8Array[] = [];
      const save: Callback = {
        onCheckpoint: ({ model, state }) => void saved.push(saveCheckpoint(model, state())),
      };
      const model = modelOf(subject, seed);
      const options = () => ({ epochs: 2, batchSize: 3, optimizer: new Adam() });
      await model.fit(data, { ...options(), callbacks: [save] });
      const { model: again, state } = loadCheckpoint(saved[1]!);
      expect(bitsOf(again)).not.toEqual(bitsOf(model));
      await again.fit(data, { ...options(), resume: state });
      expect(bitsOf(again)).toEqual(bitsOf(model));
    });
    await fc.assert(goesOn, { numRuns: 3 });
  });

  test("is exported to ONNX and imported again with the same bits", () => {
    const layouts = fc.constantFrom("NHWC" as const, "NCHW" as const);
    fc.assert(
      fc.property(subjects(type), seeds, layouts, (subject, seed, inputLayout) => {
        const model = modelOf(subject, seed);
        const bytes = exportOnnx(model, { inputLayout, activation: "none" });
        const again = importOnnx(bytes, { inputLayout });
        const { images } = dataOf(subject, seed);
        const options = { activation: "none" } as const;
        expect(again.predict(images, options)).toEqual(model.predict(images, options));
      }),
      { numRuns: 10 },
    );
  });
});
