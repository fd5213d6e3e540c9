import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadModel, saveModel } from "../../src/formats/model-file.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.js";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { Dense } from "../../src/layers/dense.js";
import { Dropout } from "../../src/layers/dropout.js";
import { Flatten } from "../../src/layers/flatten.js";
import { Sequential } from "../../src/model/sequential.js";
import { Adam } from "../../src/optim/adam.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { bitsOf, line, smallDataset, smallNetwork } from "../helpers/models.js";

const { images } = smallDataset(5, 1);

/** A network with every kind of weight, after a step of training. */
function trained(): Sequential {
  const model = smallNetwork(3, [new BatchNormalization(), new Dropout({ rate: 0.25 })]);
  model.trainOnBatch(smallDataset(8, 2), { optimizer: new Adam() });
  return model;
}

/** The file of `line(2, 1)` with other metadata or tensors. */
function changed(
  metadata: Record<string, string | undefined>,
  tensors: Record<string, Tensor> = {},
): Uint8Array {
  const file = decodeSafetensors(saveModel(line(2, 1)));
  for (const [key, text] of Object.entries(metadata)) {
    if (text === undefined) file.metadata.delete(key);
    else file.metadata.set(key, text);
  }
  for (const [name, tensor] of Object.entries(tensors)) file.tensors.set(name, tensor);
  return encodeSafetensors(file.tensors, file.metadata);
}

const withArchitecture = (architecture: unknown): Uint8Array =>
  changed({ architecture: JSON.stringify(architecture) });

describe("saveModel", () => {
  test("writes each weight under its full name, and what the model is made of", () => {
    const { tensors, metadata } = decodeSafetensors(saveModel(line(2, 1)));
    expect([...tensors]).toEqual([
      ["dense_1/kernel", Tensor.from([[2]])],
      ["dense_1/bias", Tensor.from([1])],
    ]);
    expect([...metadata.keys()]).toEqual(["format", "version", "architecture"]);
    expect(metadata.get("format")).toBe("tinyconv");
    expect(metadata.get("version")).toBe("1");
    expect(JSON.parse(metadata.get("architecture")!)).toEqual(line(2, 1).config());
  });

  test("writes the state too", () => {
    expect([...decodeSafetensors(saveModel(trained())).tensors.keys()].slice(-2)).toEqual([
      "batch_normalization_1/moving_mean",
      "batch_normalization_1/moving_variance",
    ]);
  });
});

describe("loadModel", () => {
  test("gives the same model: the same predictions, and the same file, bit for bit", () => {
    const model = trained();
    const bytes = saveModel(model);
    const loaded = loadModel(bytes);
    expect(loaded.config()).toEqual(model.config());
    expect(loaded.predict(images)).toEqual(model.predict(images));
    expect(saveModel(loaded)).toEqual(bytes);
    expect(saveModel(model)).toEqual(bytes);
  });

  test("gives a model of its own, which can be trained further", async () => {
    const bytes = saveModel(trained());
    const before = bytes.slice();
    const loaded = loadModel(bytes);
    const history = await loaded.fit(smallDataset(8, 2), {
      epochs: 30,
      optimizer: new Adam({ learningRate: 0.05 }),
    });
    expect(history.loss.at(-1)).toBeLessThan(history.loss[0]! / 2);
    expect(bytes).toEqual(before);
  });

  test("reads a file that lies anywhere in a buffer", () => {
    const bytes = saveModel(trained());
    const inside = new Uint8Array(bytes.length + 3);
    inside.set(bytes, 3);
    expect(bitsOf(loadModel(inside.subarray(3)))).toEqual(bitsOf(trained()));
  });

  test("makes layers of one's own through the table", () => {
    class Mine extends Flatten {
      override readonly type = "Mine" as "Flatten";
    }
    const model = new Sequential({ inputShape: [2, 2] }, [new Mine()]);
    expect(loadModel(saveModel(model), { layers: { Mine } }).layers[0]).toBeInstanceOf(Mine);
    expect(() => loadModel(saveModel(model))).toThrow(
      /^Sequential\.fromConfig: expected a layer type out of .*, got "Mine" \(string\)\./,
    );
  });
});

describe("loadModel, of what is no model,", () => {
  test("refuses a file cut off at any byte", () => {
    const bytes = saveModel(line(2, 1));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        expect(() => loadModel(bytes.subarray(0, length))).toThrow(/^decodeSafetensors: expected /);
      }),
    );
    expect(() => loadModel(bytes.subarray(0, bytes.length - 1))).toThrow(
      new Error(
        'decodeSafetensors: expected tensor "dense_1/bias" to end within 7 bytes of data, got 8. The file is truncated.',
      ),
    );
  });

  test("refuses a file with any bit flipped, or reads a model from it, but never fails otherwise", () => {
    const bytes = saveModel(line(2, 1));
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      try {
        expect(loadModel(flipped).weights).toHaveLength(2);
      } catch (error) {
        expect(String(error)).toMatch(/^\w*Error: [\w.]+( \([\w/]+\))?: expected .+, got /s);
      }
    }
  });

  test("refuses files of others", () => {
    const foreign = encodeSafetensors(new Map([["weight", new Tensor([1])]]));
    const remedy = "Read its tensors with decodeSafetensors.";
    expect(() => loadModel(foreign)).toThrow(
      new Error(
        `loadModel: expected a model saved by tinyconv, got a safetensors file of format undefined. ${remedy}`,
      ),
    );
    expect(() => loadModel(changed({ format: "pt" }))).toThrow(
      new Error(
        `loadModel: expected a model saved by tinyconv, got a safetensors file of format "pt". ${remedy}`,
      ),
    );
    expect(() => loadModel("model.safetensors" as never)).toThrow(
      new TypeError('loadModel: expected bytes to be a Uint8Array, got "model.safetensors" (string).'),
    );
  });

  test("refuses another version, whatever else is in the file", () => {
    for (const [version, got] of [
      ["2", '"2"'],
      ["1.0", '"1.0"'],
      [undefined, "undefined"],
    ] as const) {
      expect(() => loadModel(changed({ version, architecture: undefined }))).toThrow(
        new Error(`loadModel: expected format version "1", got ${got}. A newer tinyconv may read it.`),
      );
    }
  });

  test("refuses an architecture that is none", () => {
    const outline = "loadModel: expected the architecture to be { inputShape, seed, layers }, got";
    expect(() => loadModel(changed({ architecture: undefined }))).toThrow(
      new Error('loadModel: expected the architecture to be JSON, got "".'),
    );
    expect(() => loadModel(changed({ architecture: "{layers}" }))).toThrow(
      new Error('loadModel: expected the architecture to be JSON, got "{layers}".'),
    );
    for (const [architecture, got] of [
      [[], "[]"],
      [null, "null"],
      [{}, "an object"],
      [{ inputShape: 1, layers: [] }, "an object"],
      [{ inputShape: [1], layers: [3] }, "an object"],
    ] as const) {
      expect(() => loadModel(withArchitecture(architecture))).toThrow(new Error(`${outline} ${got}.`));
    }
    const deep = `${"[".repeat(51)}${"]".repeat(51)}`;
    expect(() => loadModel(changed({ architecture: deep }))).toThrow(
      new Error("loadModel: expected the architecture to nest at most 50 deep, got deeper nesting."),
    );
    expect(() => loadModel(changed({ architecture: '{"layers": [], "layers": []}' }))).toThrow(
      new Error('loadModel: expected the architecture to have every key once, got "layers" twice.'),
    );
  });

  test("refuses layers that do not exist, do not fit, or have options that are none", () => {
    const config = line(2, 1).config();
    const dense = config.layers[0]!;
    expect(() => loadModel(withArchitecture({ ...config, layers: [{ type: "constructor" }] }))).toThrow(
      /^Sequential\.fromConfig: expected a layer type out of .*, got "constructor" \(string\)\./,
    );
    expect(() => loadModel(withArchitecture({ ...config, layers: [{ ...dense, units: -1 }] }))).toThrow(
      new RangeError("Dense: expected units to be a whole number >= 1, got -1 (number)."),
    );
    expect(() => loadModel(withArchitecture({ ...config, inputShape: [2, 2] }))).toThrow(
      "Sequential.add: dense_1, layer 1 of the model, does not fit. Dense.build: expected shape [I], got [2, 2]. Put a Flatten in front of it.",
    );
    expect(() => loadModel(withArchitecture({ ...config, seed: "1" }))).toThrow(
      new RangeError('Sequential: expected seed to be a whole number >= 0, got "1" (string).'),
    );
    expect(() => loadModel(withArchitecture({ ...config, inputShape: [-1] }))).toThrow(
      new RangeError(
        "Sequential: expected inputShape to be the shape of one sample, such as [28, 28, 1], got [-1].",
      ),
    );
  });

  test("refuses tensors that are missing, left over or of another shape", () => {
    const config = line(2, 1).config();
    const renamed = { ...config, layers: [{ ...config.layers[0]!, name: "other" }] };
    expect(() => loadModel(withArchitecture(renamed))).toThrow(
      new Error('loadModel: expected a tensor "other/kernel", got none of that name.'),
    );
    expect(() => loadModel(changed({}, { "dense_2/bias": new Tensor([1]) }))).toThrow(
      new Error('loadModel: expected only the weights of the architecture, got "dense_2/bias" as well.'),
    );
    expect(() => loadModel(changed({}, { "dense_1/bias": new Tensor([1, 1]) }))).toThrow(
      new Error('loadModel: expected "dense_1/bias" to have shape [1], got [1, 1].'),
    );
  });

  test("refuses weights that are not finite, which decodeSafetensors gives as they are", () => {
    const remedy =
      "The training that made them has diverged; decodeSafetensors gives the tensors as they are.";
    const broken = saveModel(line(Number.NaN, 1));
    expect(() => loadModel(broken)).toThrow(
      new Error(`loadModel: expected finite weights, got NaN in "dense_1/kernel". ${remedy}`),
    );
    expect(decodeSafetensors(broken).tensors.get("dense_1/kernel")).toEqual(Tensor.from([[Number.NaN]]));
    expect(() => loadModel(saveModel(line(1, Number.NEGATIVE_INFINITY)))).toThrow(
      new Error(`loadModel: expected finite weights, got -Infinity in "dense_1/bias". ${remedy}`),
    );
    // the moving average of a batch normalization is a weight as well
    const model = new Sequential({ inputShape: [2] }, [new BatchNormalization()]);
    model.state[1]!.value.data[1] = Number.POSITIVE_INFINITY;
    expect(() => loadModel(saveModel(model))).toThrow(
      new Error(
        `loadModel: expected finite weights, got Infinity in "batch_normalization_1/moving_variance". ${remedy}`,
      ),
    );
  });

  test("refuses options that a layer does not have, since it would be another model without them", () => {
    const config = line(2, 1).config();
    const withOption = (option: object): Uint8Array =>
      withArchitecture({ ...config, layers: [{ ...config.layers[0]!, ...option }] });
    const newer = "A newer tinyconv may know it.";
    expect(() => loadModel(withOption({ activation: "relu" }))).toThrow(
      new Error(`loadModel: expected only options of Dense in layer 1, got "activation" as well. ${newer}`),
    );
    expect(() => loadModel(withArchitecture({ ...config, loss: "mse" }))).toThrow(
      new Error(
        `loadModel: expected only inputShape, seed and layers in the architecture, got "loss" as well. ${newer}`,
      ),
    );
  });

  test("lets a layer of one's own read an option that it no longer writes", () => {
    class Mine extends Flatten {
      override readonly type = "Mine" as "Flatten";
    }
    const architecture = { inputShape: [1], seed: 0, layers: [{ type: "Mine", old: 1 }] };
    const { metadata } = decodeSafetensors(withArchitecture(architecture));
    const withoutWeights = encodeSafetensors(new Map(), metadata);
    expect(loadModel(withoutWeights, { layers: { Mine } }).layers[0]).toBeInstanceOf(Mine);
  });

  test("takes keys that objects inherit for keys like others", () => {
    const text = JSON.stringify(line(2, 1).config());
    const newer = "A newer tinyconv may know it.";
    const first = (key: string) => text.replace('"units"', `"${key}": {"units": 9}, "units"`);
    for (const key of ["__proto__", "constructor", "toString"]) {
      expect(() => loadModel(changed({ architecture: first(key) }))).toThrow(
        new Error(`loadModel: expected only options of Dense in layer 1, got "${key}" as well. ${newer}`),
      );
    }
    const named = text.replace('"dense_1"', '"__proto__"');
    expect(() => loadModel(changed({ architecture: named }))).toThrow(
      new Error('loadModel: expected a tensor "__proto__/kernel", got none of that name.'),
    );
    expect(() => loadModel(changed({}, { ["__proto__"]: new Tensor([1]) }))).toThrow(
      new Error('loadModel: expected only the weights of the architecture, got "__proto__" as well.'),
    );
  });

  test("refuses layers of which the shapes do not chain", () => {
    const convolution = { type: "Conv2D", filters: 2, kernelSize: 3 };
    const stack = (inputShape: readonly number[], ...layers: readonly object[]) =>
      withArchitecture({ inputShape, seed: 0, layers });
    expect(() => loadModel(stack([4, 4, 1], convolution, convolution))).toThrow(
      new ShapeError(
        'Sequential.add: conv2d_2, layer 2 of the model, does not fit. Conv2D.build: expected a kernel no larger than its input of [2, 2], got [3, 3]. Use a smaller kernel, or padding "same".',
      ),
    );
    expect(() => loadModel(stack([4, 4, 1], convolution, { type: "Dense", units: 1 }))).toThrow(
      new ShapeError(
        "Sequential.add: dense_1, layer 2 of the model, does not fit. Dense.build: expected shape [I], got [2, 2, 2]. Put a Flatten in front of it.",
      ),
    );
    const pool = {
      type: "MaxPool2D",
      padding: [
        [2 ** 52, 2 ** 52],
        [0, 0],
      ],
      poolSize: 2 ** 53 - 1,
    };
    expect(() => loadModel(stack([1, 1, 1], pool))).toThrow(
      new ShapeError(
        'Sequential.add: max_pool2d_1, layer 1 of the model, does not fit. MaxPool2D.build: expected a kernel no larger than its input of [1, 1] and its padding, got [9007199254740991, 9007199254740991]. Use a smaller kernel, or padding "same".',
      ),
    );
  });

  test("refuses more layers and axes than a model can mean to have", () => {
    const layers = new Array(10_001).fill({ type: "ReLU" });
    expect(() => loadModel(withArchitecture({ inputShape: [1], seed: 0, layers }))).toThrow(
      new Error("loadModel: expected an architecture of at most 10000 layers, got 10001."),
    );
    const inputShape = new Array(33).fill(1);
    expect(() => loadModel(withArchitecture({ inputShape, seed: 0, layers: [] }))).toThrow(
      new Error("loadModel: expected an architecture of at most 32 axes in inputShape, got 33."),
    );
  });

  test("takes no memory that the file does not call for", () => {
    const huge = { inputShape: [1000], seed: 0, layers: [{ type: "Dense", units: 500_000 }] };
    expect(() => loadModel(withArchitecture(huge))).toThrow(
      new Error(
        "loadModel: expected an architecture for the 2 numbers in the file, got a kernel of shape [1000, 500000].",
      ),
    );
    // many layers, none of them too large by itself
    const layers = new Array(40).fill({ type: "Dense", units: 200 });
    expect(() => loadModel(withArchitecture({ inputShape: [200], seed: 0, layers }))).toThrow(
      /^loadModel: expected an architecture for the 2 numbers in the file, got a d?kernel of shape \[200, 200\]\.$/,
    );
  });

  test("allows each layer of the library the memory that it needs", () => {
    const model = new Sequential({ inputShape: [400_000] }, [
      new BatchNormalization({ center: false, scale: false }),
      new Dense({ units: 1 }),
    ]);
    expect(loadModel(saveModel(model)).weights).toHaveLength(4);
  });
});
