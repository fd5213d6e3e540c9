import { describe, expect, test } from "vitest";
import { Softmax } from "../../src/layers/softmax.js";
import { predictLogits } from "../../src/model/predict-logits.js";
import { Sequential } from "../../src/model/sequential.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { smallDataset, smallNetwork } from "../helpers/models.js";

const { images } = smallDataset(230, 1); // two chunks and a part of one

describe("predictLogits", () => {
  test("gives the logits that predict gives", async () => {
    const model = smallNetwork(1);
    expect(await predictLogits(model, images)).toEqual(model.predict(images, { activation: "none" }));
  });

  test("leaves out a softmax at the end of the model", async () => {
    const logits = await predictLogits(smallNetwork(1), images);
    expect(await predictLogits(smallNetwork(1, [new Softmax()]), images)).toEqual(logits);
  });

  test("gives the same on any number of threads", async () => {
    const model = smallNetwork(1);
    const one = await predictLogits(model, images, { threads: 1 });
    expect(await predictLogits(model, images, { threads: 2 })).toEqual(one);
  });

  test("ends with the signal's reason", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const work = predictLogits(smallNetwork(1), images, { signal: controller.signal });
    controller.abort(reason);
    await expect(work).rejects.toBe(reason);
  });

  test("refuses images that the model does not take", async () => {
    const model = smallNetwork(1);
    await expect(predictLogits(model, new Tensor([0, 6, 6, 1]))).rejects.toThrow(
      new RangeError("predictLogits: expected at least one image, got none."),
    );
    await expect(predictLogits(model, new Tensor([2, 5, 5, 1]))).rejects.toThrow(
      new ShapeError("predictLogits: expected images of shape [N, 6, 6, 1], got [2, 5, 5, 1]."),
    );
  });

  test("refuses a model without layers, and options that are none", async () => {
    const model = smallNetwork(1);
    await expect(predictLogits(new Sequential({ inputShape: [6, 6, 1] }), images)).rejects.toThrow(
      new Error("predictLogits: expected a model with layers, got one without. Add them first."),
    );
    await expect(predictLogits(model, images, { threads: 0 })).rejects.toThrow(
      "predictLogits: expected threads to be a whole number >= 1",
    );
    await expect(predictLogits(model, images, { signal: "stop" as never })).rejects.toThrow(
      new TypeError(
        'predictLogits: expected signal to be an AbortSignal, got "stop" (string). An AbortController has it as `signal`.',
      ),
    );
  });

  test("refuses to answer where a logit is not finite, and says where it comes from", async () => {
    const message = "predictLogits: expected finite logits, got NaN or an infinity.";
    const model = smallNetwork(1);
    model.weights[2]!.value.data[0] = Number.NaN;
    await expect(predictLogits(model, images)).rejects.toThrow(
      new Error(
        `${message} The first layer whose output is not finite is dense_1, the first weight that is not is dense_1/kernel.`,
      ),
    );
    const wrong = images.clone();
    wrong.data[150 * 36] = Number.POSITIVE_INFINITY;
    await expect(predictLogits(smallNetwork(1), wrong)).rejects.toThrow(
      new Error(`${message} The images of this batch hold a value that is not finite.`),
    );
  });
});
