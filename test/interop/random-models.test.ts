import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exportOnnx } from "../../src/formats/onnx/export-onnx.js";
import type { Sequential } from "../../src/index.js";
import { canBeProbabilities, randomModels } from "../helpers/random-model.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { LAYER_TYPES } from "../layer-cases/subject.js";
import { toChannelsFirst, toChannelsLast } from "./channels.js";
import { OnnxModel } from "./onnx-runtime.js";
import { IS_SKIPPED } from "./packages.js";

// INTEROP_MODELS and INTEROP_SEED in the environment: the long form, and other models
const numRuns = Number(process.env.INTEROP_MODELS ?? 200);
const seed = Number(process.env.INTEROP_SEED ?? 1);
const timeout = 30_000 + 100 * numRuns;

/** A share of the largest output: sums of another order, and other approximations of exp and tanh. */
const TOLERANCE = 1e-5;

const settings = fc.record({
  batch: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(),
  inputLayout: fc.constantFrom("NHWC" as const, "NCHW" as const),
  activation: fc.constantFrom("softmax" as const, "none" as const),
});

test("random models have every layer of the library", () => {
  const drawn = fc.sample(randomModels, { numRuns, seed }).flatMap((model) => model.layers);
  const types = new Set(drawn.map(({ type }) => type));
  expect([...types].sort()).toEqual([...LAYER_TYPES].sort());
});

describe.skipIf(IS_SKIPPED)("onnxruntime-web on random models of all layers", () => {
  const exports = fc.asyncProperty(randomModels, settings, async (model, { batch, ...chosen }) => {
    const { inputLayout } = chosen;
    const activation = canBeProbabilities(model) ? chosen.activation : "none";
    const x = normalTensor([batch, ...model.inputShape], chosen.seed);
    const expected = model.predict(x, { activation });
    const file = await OnnxModel.open(exportOnnx(model, { inputLayout, activation }));
    try {
      expect(file.inputNames).toEqual(["input"]);
      expect(file.outputNames).toEqual([activation === "softmax" ? "probabilities" : "output"]);
      const y = await file.run(inputLayout === "NCHW" ? toChannelsFirst(x) : x);
      const actual = inputLayout === "NCHW" ? toChannelsLast(y) : y;
      const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(actual, describeModel(model)).toBeAllclose(expected, { rtol: 0, atol: TOLERANCE * largest });
    } finally {
      await file.close();
    }
  });

  test("says what tinyconv says", () => fc.assert(exports, { numRuns, seed }), timeout);
});

function describeModel(model: Sequential): string {
  return JSON.stringify(model.config());
}
