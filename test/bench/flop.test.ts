import { Dense, Flatten, Sequential } from "tinyconv";
import { createNetwork } from "tinyconv/mnist";
import { describe, expect, test } from "vitest";
import { trainingFlop } from "../../bench/flop.js";

describe("trainingFlop", () => {
  test("counts three products for each layer, but two for the first, which computes no dx", () => {
    const model = new Sequential({ inputShape: [2, 2, 1] }, [
      new Flatten(),
      new Dense({ units: 3 }), // 4 x 3 = 12 multiply-adds
      new Dense({ units: 5 }), // 3 x 5 = 15 multiply-adds
    ]);
    expect(trainingFlop(model)).toBe(2 * (2 * 12 + 3 * 15));
  });

  test("is 21.8 MFLOP for reference, of which 7.3 are the forward pass", () => {
    const conv1 = 26 * 26 * 9 * 20;
    const conv2 = 24 * 24 * 9 * 20 * 20;
    const dense = 24 * 24 * 20 * 128 + 128 * 10;
    expect((2 * (conv1 + conv2 + dense)) / 1e6).toBeCloseTo(7.3, 1);
    expect(trainingFlop(createNetwork("reference"))).toBe(2 * (2 * conv1 + 3 * (conv2 + dense)));
  });
});
