import { describe, expect, test } from "vitest";
import { predictInTurns } from "../../src/mnist/predict-in-turns.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { smallDataset, smallNetwork } from "../helpers/models.js";

const { images } = smallDataset(230, 1); // two chunks and a part of one

describe("predictInTurns", () => {
  test("gives the logits that predict gives", async () => {
    const model = smallNetwork(1);
    expect(await predictInTurns(model, images)).toEqual(model.predict(images, { activation: "none" }));
  });

  test("ends with the signal's reason", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const work = predictInTurns(smallNetwork(1), images, { signal: controller.signal });
    controller.abort(reason);
    await expect(work).rejects.toBe(reason);
  });

  test("refuses images that the model does not take", async () => {
    const model = smallNetwork(1);
    await expect(predictInTurns(model, new Tensor([0, 6, 6, 1]))).rejects.toThrow(
      new RangeError("predictInTurns: expected at least one image, got none."),
    );
    await expect(predictInTurns(model, new Tensor([2, 5, 5, 1]))).rejects.toThrow(
      new ShapeError("predictInTurns: expected images of shape [N, 6, 6, 1], got [2, 5, 5, 1]."),
    );
  });

  test("refuses to answer where a logit is not finite, and says where it comes from", async () => {
    const message = "predictInTurns: expected finite logits, got NaN or an infinity.";
    const model = smallNetwork(1);
    model.weights[2]!.value.data[0] = Number.NaN;
    await expect(predictInTurns(model, images)).rejects.toThrow(
      new Error(
        `${message} The first layer whose output is not finite is dense_1, the first weight that is not is dense_1/kernel.`,
      ),
    );
    const wrong = images.clone();
    wrong.data[150 * 36] = Number.POSITIVE_INFINITY;
    await expect(predictInTurns(smallNetwork(1), wrong)).rejects.toThrow(
      new Error(`${message} The images of this batch hold a value that is not finite.`),
    );
  });
});
