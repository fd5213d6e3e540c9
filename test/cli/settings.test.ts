import { describe, expect, test } from "vitest";
import { createOptimizer, OPTIMIZERS } from "../../src/cli/settings.js";

describe("createOptimizer", () => {
  test("makes each by its name, with its own learning rate", () => {
    const made = OPTIMIZERS.map((optimizer) => createOptimizer({ optimizer }));
    expect(made.map(({ type, learningRate }) => [type, learningRate])).toEqual([
      ["SGD", 0.01],
      ["Adam", 0.001],
      ["AdamW", 0.001],
    ]);
  });

  test("takes another learning rate", () => {
    for (const optimizer of OPTIMIZERS) {
      expect(createOptimizer({ optimizer, learningRate: 0.5 }).learningRate).toBe(0.5);
    }
  });
});
