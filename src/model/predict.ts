import { ShapeError } from "../tensor/errors.js";
import { expectInteger, expectOneOf, expectOptions } from "../tensor/expect.js";
import { formatShape } from "../tensor/shape.js";
import { chooseThreads, withThreads } from "../tensor/simd/threads.js";
import { softmax } from "../tensor/softmax.js";
import { Tensor } from "../tensor/tensor.js";
import { expectImages, type Images, sliceImages, sliceTensor } from "./dataset.js";
import type { Sequential } from "./sequential.js";

/** Options of `Sequential.predict`. */
export interface PredictOptions {
  /** Images that go through the model at a time; the results do not depend on it. @default 128 (in Keras, 32) */
  readonly batchSize?: number;
  /**
   * How many threads may share the work, at most. The results are the same bits for any number. @default the cores
   * available
   */
  readonly threads?: number | undefined;
  /** "softmax" turns the outputs into probabilities, unless the last layer has done so. @default "softmax" */
  readonly activation?: "softmax" | "none" | undefined;
}

/** The output for any number of images; see `Sequential.predict`. */
export function predictImages(model: Sequential, images: Images, options: PredictOptions = {}): Tensor {
  const { batchSize = 128, activation = "softmax", threads } = expectOptions("Sequential.predict", options);
  const n = expectImages("Sequential.predict", images, model.inputShape);
  expectInteger("Sequential.predict", "batchSize", batchSize, { min: 1 });
  const limit = chooseThreads("Sequential.predict", threads);
  expectOneOf("Sequential.predict", "activation", activation, ["softmax", "none"]);
  if (activation === "softmax" && model.outputShape.at(-1) === 1) {
    throw new ShapeError(
      `Sequential.predict: expected at least 2 outputs to make probabilities of, got shape ${formatShape(model.outputShape)}. ` +
        'Take the outputs as they are with { activation: "none" }.',
    );
  }
  const result = new Tensor([n, ...model.outputShape]);
  for (let start = 0; start < n; start += batchSize) {
    const end = Math.min(start + batchSize, n);
    const batch = sliceImages(images, start, end);
    const out = sliceTensor(result, start, end);
    withThreads(limit, () => {
      if (activation === "softmax") softmax(model.logits(batch), { out });
      else out.data.set(model.forward(batch).data);
    });
  }
  return result;
}
