import { expect, test } from "vitest";
import { firstNonFinite } from "../../src/model/finite.js";
import { Tensor } from "../../src/tensor/tensor.js";

test("firstNonFinite finds the first tensor with NaN or an infinity in it", () => {
  const tensors = [[1, 2], [0, Number.NEGATIVE_INFINITY], [Number.NaN]].map((values, i) => ({
    name: `t${i}`,
    value: Tensor.from(values),
  }));
  expect(firstNonFinite(tensors)?.name).toBe("t1");
  expect(firstNonFinite(tensors.toReversed())?.name).toBe("t2");
  expect(firstNonFinite(tensors.slice(0, 1))).toBeUndefined();
});
