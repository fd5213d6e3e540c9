import { afterEach, describe, expect, test } from "vitest";
import { currentBackend, loadModel, Sequential, saveModel, setBackend } from "../../../src/index.js";
import { createNetwork } from "../../../src/mnist/networks.js";
import { inMemory } from "../../../src/tensor/simd/memory.js";

const kernelsOwn = (model: ReturnType<typeof createNetwork>): boolean =>
  inMemory(...model.weights.map(({ value }) => value.data));

describe("setBackend", () => {
  afterEach(() => setBackend("simd"));

  test("chooses the memory of the models that are built from then on, and of no other", () => {
    expect(currentBackend()).toBe("simd"); // the default here
    const first = createNetwork("lenet");
    setBackend("plain");
    expect(currentBackend()).toBe("plain");
    const second = createNetwork("lenet");
    setBackend("simd");
    expect([first, second, createNetwork("lenet")].map(kernelsOwn)).toEqual([true, false, true]);
  });

  test("holds for models that are loaded or made of a config too", () => {
    const model = createNetwork("lenet");
    expect(kernelsOwn(loadModel(saveModel(model)))).toBe(true);
    expect(kernelsOwn(Sequential.fromConfig(model.config()))).toBe(true);
    setBackend("plain");
    expect(kernelsOwn(loadModel(saveModel(model)))).toBe(false);
  });

  test("knows two words", () => {
    // @ts-expect-error no backend
    expect(() => setBackend("gpu")).toThrow(
      'setBackend: expected backend to be "simd" or "plain", got "gpu" (string).',
    );
  });
});
