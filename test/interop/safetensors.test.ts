import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeSafetensors, type Shape, saveModel } from "../../src/index.js";
import { randomModels } from "../helpers/random-model.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { IS_SKIPPED, load } from "./packages.js";

/** What is used of @jax-js/loaders. */
interface Loaders {
  readonly safetensors: { parse(file: Uint8Array): SafetensorsFile };
}

interface SafetensorsFile {
  readonly tensors: Readonly<
    Record<string, { readonly dtype: string; readonly shape: Shape; readonly data: Float32Array }>
  >;
  readonly metadata?: Readonly<Record<string, string>>;
}

describe.skipIf(IS_SKIPPED)("the reader of jax-js", () => {
  let parse: Loaders["safetensors"]["parse"];
  beforeAll(async () => {
    const loaders = (await load("@jax-js/loaders")) as Loaders;
    parse = loaders.safetensors.parse;
  });

  test("finds the tensors and the texts of a file", () => {
    const kernel = normalTensor([3, 3, 2, 4], 1);
    const bias = normalTensor([4], 2);
    const tensors = new Map([
      ["kernel", kernel],
      ["größe/bias", bias],
    ]);
    const { tensors: read, metadata } = parse(encodeSafetensors(tensors, { note: 'of "two" tensors' }));
    expect(read).toEqual({
      kernel: { dtype: "F32", shape: [3, 3, 2, 4], data: kernel.data },
      "größe/bias": { dtype: "F32", shape: [4], data: bias.data },
    });
    expect(metadata).toEqual({ note: 'of "two" tensors' });
  });

  test("finds all weights of a saved model, in any model", () => {
    fc.assert(
      fc.property(randomModels, (model) => {
        const expected = model.weights.map(({ name, value: { shape, data } }) => [
          name,
          { dtype: "F32", shape, data: Float32Array.from(data) },
        ]);
        expect(parse(saveModel(model)).tensors).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 50, seed: 1 },
    );
  });
});
