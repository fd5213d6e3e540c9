import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { Dropout } from "../../src/layers/dropout.js";
import { Rescaling } from "../../src/layers/rescaling.js";
import { Softmax } from "../../src/layers/softmax.js";
import type { Images } from "../../src/model/dataset.js";
import { Sequential } from "../../src/model/sequential.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { line, smallDataset, smallNetwork } from "../helpers/models.js";

const { images } = smallDataset(7, 1);

describe("predict", () => {
  test("gives probabilities", () => {
    const model = new Sequential({ inputShape: [2] }, [new Rescaling({ scale: 0 })]);
    expect(
      model.predict(
        Tensor.from([
          [3, 4],
          [5, 6],
        ]),
      ),
    ).toEqual(
      Tensor.from([
        [0.5, 0.5],
        [0.5, 0.5],
      ]),
    );
  });

  test("gives rows that sum to 1", () => {
    const rows = smallNetwork(1).predict(images).toArray() as number[][];
    expect(rows).toHaveLength(7);
    for (const row of rows) expect(row.reduce((sum, p) => sum + p)).toBeCloseTo(1, 6);
  });

  test("gives the outputs as they are if asked to", () => {
    expect(line(2, 1).predict(Tensor.from([[1], [4]]), { activation: "none" })).toEqual(
      Tensor.from([[3], [9]]),
    );
  });

  test("applies softmax once where the model ends in Softmax", () => {
    const [bare, ended] = [smallNetwork(1), smallNetwork(1, [new Softmax()])];
    expect(ended.predict(images)).toEqual(bare.predict(images));
    expect(ended.predict(images, { activation: "none" })).toEqual(bare.predict(images));
  });

  test("gives the same bits in chunks of any size", () => {
    const more = [new Dropout({ rate: 0.5 }), new BatchNormalization()];
    const model = smallNetwork(1, more);
    const whole = model.predict(images, { batchSize: 7 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (batchSize) => {
        expect(model.predict(images, { batchSize })).toEqual(whole);
      }),
    );
    expect(model.predict(images, { batchSize: Number.MAX_SAFE_INTEGER })).toEqual(whole);
  });

  test("gives the same bits for pixels as for the same numbers in a tensor", () => {
    const data = Uint8Array.from({ length: 3 * 36 }, (_, i) => (i * 37) % 256);
    const shape = [3, 6, 6, 1];
    const pixels: Images = { data, shape };
    const model = smallNetwork(1);
    expect(model.predict(pixels, { batchSize: 2 })).toEqual(model.predict(Tensor.from(data, shape)));
  });

  test("gives a tensor of the caller's own", () => {
    const model = line(2, 1);
    const first = model.predict(Tensor.from([[1]]), { activation: "none" });
    model.predict(Tensor.from([[4]]), { activation: "none" });
    expect(first).toEqual(Tensor.from([[3]]));
  });

  test("runs the layers in inference", () => {
    const model = smallNetwork(1, [new Dropout({ rate: 0.5 })]);
    expect(model.predict(images)).toEqual(smallNetwork(1).predict(images));
  });

  test("refuses images that do not fit, and options that are none", () => {
    const model = smallNetwork(1);
    expect(() => model.predict(new Tensor([6, 6, 1]))).toThrow(
      new ShapeError(
        "Sequential.predict: expected images of shape [N, 6, 6, 1], got [6, 6, 1]. Add the batch axis: images.reshape([1, 6, 6, 1]).",
      ),
    );
    expect(() => model.predict(new Tensor([0, 6, 6, 1]))).toThrow(
      new RangeError("Sequential.predict: expected at least one image, got none."),
    );
    for (const [batchSize, got] of [
      [0, "0"],
      [Number.NaN, "NaN"],
      [1.5, "1.5"],
    ] as const) {
      expect(() => model.predict(images, { batchSize })).toThrow(
        new RangeError(
          `Sequential.predict: expected batchSize to be a whole number >= 1, got ${got} (number).`,
        ),
      );
    }
    // the softmax of a single output is 1, whatever the output
    expect(() => line(2, 1).predict(Tensor.from([[1]]))).toThrow(
      new ShapeError(
        'Sequential.predict: expected at least 2 outputs to make probabilities of, got shape [1]. Take the outputs as they are with { activation: "none" }.',
      ),
    );
    expect(() => model.predict(images, { activation: "sigmoid" as never })).toThrow(
      new RangeError(
        'Sequential.predict: expected activation to be "softmax" or "none", got "sigmoid" (string).',
      ),
    );
  });
});
