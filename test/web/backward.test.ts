import { describe, expect, test } from "vitest";
import { type Sequential, SoftmaxCrossEntropy } from "../../src/index.js";
import { createNetwork, NETWORKS } from "../../src/mnist/networks.js";
import { flowBack } from "../../web/src/backward/gradient-flow.js";
import { checkLayer } from "../../web/src/backward/layer-check.js";

const pixels = Uint8Array.from({ length: 784 }, (_, i) => (i * 7919) % 256);
const images = { data: pixels, shape: [1, 28, 28, 1] };

describe.each(NETWORKS)("the gradients of %s", (name) => {
  const model: Sequential = createNetwork(name, { seed: 2 });

  test("flow back as in a training step", () => {
    const { loss, dLogits, dPixels, layers } = flowBack(model, pixels, 3);
    const p = model.predict(images).data;
    expect(loss).toBeCloseTo(-Math.log(p[3]!), 5);
    for (const [k, value] of dLogits.entries()) expect(value).toBeCloseTo(p[k]! - (k === 3 ? 1 : 0), 5);

    const crossEntropy = new SoftmaxCrossEntropy();
    crossEntropy.forward(model.logits(images), [3]);
    const dx = model.backward(crossEntropy.backward(), { inputGradient: true });
    expect(dPixels).toEqual(dx!.data.slice());
    model.zeroGrad();

    expect(layers.map(({ type }) => type)).toEqual(model.layers.map(({ type }) => type).reverse());
    expect(layers.at(-1)!.dx).toEqual(dPixels);
  });

  test("leave nothing behind in the model", () => {
    const before = model.getWeights();
    flowBack(model, pixels, 3);
    expect(model.getWeights()).toEqual(before);
    expect(model.parameters.every(({ grad }) => grad.data.every((value) => value === 0))).toBe(true);
  });
});

test("each layer of compact passes the check that its button runs", { timeout: 120_000 }, () => {
  const model = createNetwork("compact", { seed: 2 });
  model.forward(images);
  const outputs = model.outputs.map(({ value }) => value.clone());
  for (const [i, layer] of model.layers.entries()) {
    const before = outputs[i - 1];
    const rows = checkLayer({
      layer: model.config().layers[i]!,
      inputShape: before?.shape.slice(1) ?? [28, 28, 1],
      input: before?.data ?? Float32Array.from(pixels),
      weights: [...layer.parameters, ...(layer.state ?? [])].map(({ value }) => ({
        shape: value.shape,
        data: value.data.slice(),
      })),
    });
    expect(rows.map(({ name }) => name)).toEqual(["input", ...layer.parameters.map(({ name }) => name)]);
    for (const { error } of rows) expect(error, layer.type).toBeLessThan(1e-3);
  }
});
