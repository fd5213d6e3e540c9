import { expect, test } from "vitest";
import { expectFiniteWeights } from "../../src/formats/finite-weights.js";
import { Tensor } from "../../src/tensor/tensor.js";

const weights = (...numbers: readonly number[]) => [
  { name: "a", value: Tensor.from([1, -3.4e38]) },
  { name: "b", value: Tensor.from(numbers) },
];

test("expectFiniteWeights names the first weight that is not finite, what is in it, and the remedy", () => {
  expect(() =>
    expectFiniteWeights("load", weights(2, Number.NaN, Number.POSITIVE_INFINITY), "Train."),
  ).toThrow(new Error('load: expected finite weights, got NaN in "b". Train.'));
  expect(() => expectFiniteWeights("load", weights(Number.NEGATIVE_INFINITY), "Train.")).toThrow(
    new Error('load: expected finite weights, got -Infinity in "b". Train.'),
  );
});

test("expectFiniteWeights lets all others through", () => {
  expect(() => expectFiniteWeights("load", weights(0, -0, 1e-45), "Train.")).not.toThrow();
  expect(() => expectFiniteWeights("load", [], "Train.")).not.toThrow();
});
