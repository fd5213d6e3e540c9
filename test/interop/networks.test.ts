import { beforeAll, describe, expect, test } from "vitest";
import { type ExportOnnxOptions, exportOnnx } from "../../src/formats/onnx/export-onnx.js";
import { argmax, type Pixels, type Sequential, Tensor } from "../../src/index.js";
import { createNetwork, type IdxDataset, NETWORKS, trainByRecipe } from "../../src/mnist/index.js";
import { findMnistData, type MnistData, readMnistFolder } from "../../src/node/index.js";
import { toChannelsFirst } from "./channels.js";
import { OnnxModel } from "./onnx-runtime.js";
import { IS_SKIPPED } from "./packages.js";

const TRAINING_IMAGES = 2000;
const MIN_ACCURACY = 0.9;
const MAX_DIFFERENCE = 1e-5; // of probabilities; of outputs as they are, as a share of the largest
const BATCH = 500;

const MODES: readonly Required<ExportOnnxOptions>[] = [
  { inputLayout: "NHWC", activation: "softmax" },
  { inputLayout: "NCHW", activation: "none" },
];

describe.skipIf(IS_SKIPPED)("onnxruntime-web on the 10,000 test images of MNIST", () => {
  let data: MnistData;
  beforeAll(async () => {
    data = await readMnistFolder(findMnistData(), { official: true });
  });

  describe.each(NETWORKS)("%s, trained", (name) => {
    let model: Sequential;
    beforeAll(async () => {
      model = createNetwork(name, { seed: 1 });
      await trainByRecipe(model, first(data.train, TRAINING_IMAGES), {
        epochs: 2,
        batchSize: 32,
        augmentation: false,
      });
    }, 120_000);

    test.each(MODES)("gives what tinyconv gives: $inputLayout, $activation", async (options) => {
      const { images, labels } = data.test;
      const expected = model.predict(images, { activation: options.activation });
      expect(shareOfEqual(argmax(expected), labels)).toBeGreaterThan(MIN_ACCURACY); // it knows digits
      const actual = await runInBatches(exportOnnx(model, options), images, options);
      expect(actual.shape).toEqual([10_000, 10]);
      expect(largestDifference(actual, expected) / largest(expected)).toBeLessThan(MAX_DIFFERENCE);
      expect(argmax(actual)).toEqual(argmax(expected));
    });
  });
});

/** The first n images of digits, and their labels. */
function first({ images, labels }: IdxDataset, n: number): IdxDataset {
  const [N, ...sample] = images.shape;
  const data = images.data.subarray(0, (n * images.data.length) / N!);
  return { images: { data, shape: [n, ...sample] }, labels: labels.slice(0, n) };
}

/** The file's output for all images, which are handed over in its layout. */
async function runInBatches(
  file: Uint8Array,
  { data, shape }: Pixels,
  { inputLayout }: ExportOnnxOptions,
): Promise<Tensor> {
  const [N, ...sample] = shape;
  const size = data.length / N!;
  const model = await OnnxModel.open(file);
  const outputs: Tensor[] = [];
  for (let start = 0; start < N!; start += BATCH) {
    const pixels = Float32Array.from(data.subarray(start * size, (start + BATCH) * size));
    const x = new Tensor([pixels.length / size, ...sample], pixels);
    outputs.push(await model.run(inputLayout === "NCHW" ? toChannelsFirst(x) : x));
  }
  await model.close();
  return Tensor.from(
    outputs.flatMap((y) => [...y.data]),
    [N!, ...outputs[0]!.shape.slice(1)],
  );
}

function shareOfEqual(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let equal = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) equal++;
  return equal / a.length;
}

function largestDifference(a: Tensor, b: Tensor): number {
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);
}

function largest({ data }: Tensor): number {
  return data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
