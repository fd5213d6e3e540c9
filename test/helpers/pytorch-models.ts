import { readFileSync } from "node:fs";
import { join } from "node:path";
import { permute } from "../../src/formats/onnx/permute.js";
import { Tensor } from "../../src/index.js";

/** A model that PyTorch exported, and what PyTorch makes of some images. */
export interface PytorchModel {
  readonly name: string;
  /** True if it has an operator that is not imported. */
  readonly refused: boolean;
  readonly file: Uint8Array;
  /** [N, H, W, C], or [N, I]. */
  readonly images: Tensor;
  /** What PyTorch's model gives for them in inference, [N, K]. */
  readonly output: Tensor;
}

/** What test/fixtures/pytorch-models.py has written. */
interface Fixture {
  readonly models: readonly {
    readonly name: string;
    readonly refused: boolean;
    readonly onnx: string;
    readonly inputShape: readonly number[];
    readonly input: readonly number[];
    readonly outputShape: readonly number[];
    readonly output: readonly number[];
  }[];
}

const path = join(import.meta.dirname, "..", "fixtures", "pytorch-models.json");
const { models } = JSON.parse(readFileSync(path, "utf8")) as Fixture;

/** The models of the fixture. */
export const pytorchModels: readonly PytorchModel[] = models.map(
  ({ name, refused, onnx, inputShape, input, outputShape, output }) => {
    const images = new Tensor(inputShape, Float32Array.from(input));
    return {
      name,
      refused,
      file: Uint8Array.from(Buffer.from(onnx, "base64")),
      images: inputShape.length === 4 ? permute(images, [0, 2, 3, 1]) : images,
      output: new Tensor(outputShape, Float32Array.from(output)),
    };
  },
);
