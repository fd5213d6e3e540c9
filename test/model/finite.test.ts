import { describe, expect, test } from "vitest";
import { explainNonFinite, firstNonFinite } from "../../src/model/finite.js";
import { Tensor } from "../../src/tensor/tensor.js";

const tensors = [[1, 2], [0, Number.NEGATIVE_INFINITY], [Number.NaN]].map((values, i) => ({
  name: `t${i}`,
  value: Tensor.from(values),
}));

test("firstNonFinite finds the first tensor with NaN or an infinity in it", () => {
  expect(firstNonFinite(tensors)?.name).toBe("t1");
  expect(firstNonFinite(tensors.toReversed())?.name).toBe("t2");
  expect(firstNonFinite(tensors.slice(0, 1))).toBeUndefined();
});

describe("explainNonFinite", () => {
  const [good, broken] = tensors as [(typeof tensors)[0], (typeof tensors)[0]];
  const images = good.value;

  test("names the images before a layer, a layer before the loss, and the weight beside the layer", () => {
    const explain = (pass: object) =>
      explainNonFinite({ images, weights: [good], outputs: [good], ...pass }, "Do this.");
    expect(explain({ images: broken.value, outputs: [broken] })).toBe(
      "The images of this batch hold a value that is not finite.",
    );
    expect(explain({ outputs: tensors, weights: tensors.slice(2) })).toBe(
      "The first layer whose output is not finite is t1, the first weight that is not is t2. Do this.",
    );
    expect(explain({ outputs: [good, broken] })).toBe(
      "The first layer whose output is not finite is t1. Do this.",
    );
    expect(explain({})).toBe("The outputs of all layers are finite, so it comes from the loss itself.");
  });

  test("ends without a remedy where there is none", () => {
    expect(explainNonFinite({ images, weights: [], outputs: [broken] })).toBe(
      "The first layer whose output is not finite is t1.",
    );
  });
});
