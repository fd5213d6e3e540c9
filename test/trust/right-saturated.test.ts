import { expect, test } from "vitest";
import { saturatedGradientError } from "../../trust/right/saturated.js";

test.each(["Sigmoid", "Softmax"] as const)("dx of a saturated %s is right to 6e-8 of dy", (type) => {
  const error = saturatedGradientError(type, 5000, 1);
  expect(error).toBeLessThan(6e-8);
  expect(error).toBeGreaterThan(1e-8); // float32 has less of 1 − y than that
});
