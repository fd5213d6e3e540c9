import { describe, expect, test } from "vitest";
import { saveModel } from "../../src/formats/model-file.js";
import { createNetwork, NETWORKS } from "../../src/mnist/networks.js";
import { Adam } from "../../src/optim/adam.js";
import { Random } from "../../src/tensor/random.js";

/** The totals of parameters, state included, and of multiply-adds, as the summary has them. */
function totals(summary: string): string[] {
  return /^total +([\d,]+) +([\d,]+)$/m.exec(summary)!.slice(1);
}

describe("createNetwork", () => {
  test("makes the networks that the docs describe", () => {
    expect(NETWORKS).toEqual(["reference", "lenet", "compact"]);
    expect(createNetwork("lenet").summary()).toBe(
      [
        "layer                           output  parameters  multiply-adds",
        "------------------------  ------------  ----------  -------------",
        "input                      [28, 28, 1]",
        "rescaling_1 (Rescaling)    [28, 28, 1]           0              0",
        "conv2d_1 (Conv2D)          [28, 28, 8]         208        156,800",
        "relu_1 (ReLU)              [28, 28, 8]           0              0",
        "max_pool2d_1 (MaxPool2D)   [14, 14, 8]           0              0",
        "conv2d_2 (Conv2D)         [14, 14, 16]       3,216        627,200",
        "relu_2 (ReLU)             [14, 14, 16]           0              0",
        "max_pool2d_2 (MaxPool2D)    [7, 7, 16]           0              0",
        "flatten_1 (Flatten)              [784]           0              0",
        "dense_1 (Dense)                   [10]       7,850          7,840",
        "total                                       11,274        791,840",
        "11,274 parameters are trained, 0 are not.",
      ].join("\n"),
    );
    // 200 + 3,620 + 24·24·20·128 + 128 + 1,290 weights
    expect(totals(createNetwork("reference").summary())).toEqual(["1,479,798", "3,671,120"]);
    // 26,506 are trained, 2·(16 + 24 + 32 + 48) are moving averages
    expect(totals(createNetwork("compact").summary())).toEqual(["26,746", "1,132,608"]);
  });

  for (const name of NETWORKS) {
    test(`makes ${name} for 28 x 28 pixels and ten classes, the same for the same seed, and trainable`, () => {
      const model = createNetwork(name, { seed: 1 });
      expect(model.inputShape).toEqual([28, 28, 1]);
      expect(model.outputShape).toEqual([10]);
      const file = saveModel(model);
      expect(Buffer.compare(saveModel(createNetwork(name, { seed: 1 })), file)).toBe(0);
      expect(createNetwork(name).weights[0]!.value).not.toEqual(model.weights[0]!.value);

      const random = new Random(1);
      const data = Uint8Array.from({ length: 4 * 784 }, () => random.integer(256));
      const batch = { images: { data, shape: [4, 28, 28, 1] }, labels: [3, 1, 4, 1] };
      const optimizer = new Adam();
      const losses = [1, 2, 3].map(() => model.trainOnBatch(batch, { optimizer }).loss);
      expect(losses[2]).toBeLessThan(losses[0]!);
    });
  }

  test("refuses another name", () => {
    expect(() => createNetwork("resnet" as never)).toThrow(
      new RangeError(
        'createNetwork: expected name to be "reference" or "lenet" or "compact", got "resnet" (string).',
      ),
    );
    expect(() => createNetwork("lenet", { seed: -1 })).toThrow(
      new RangeError("createNetwork: expected seed to be a whole number >= 0, got -1 (number)."),
    );
  });
});
