import { expect, test } from "vitest";
import { takesRawPixels } from "../../src/cli/pixel-range.js";
import { ReLU, Rescaling, Sequential } from "../../src/index.js";
import { createNetwork, NETWORKS } from "../../src/mnist/networks.js";

const model = (...rescalings: Rescaling[]): Sequential =>
  new Sequential({ inputShape: [2] }, [...rescalings, new ReLU()]);

test.each(NETWORKS)("%s scales raw pixels itself", (name) => {
  expect(takesRawPixels(createNetwork(name))).toBe(true);
});

test("several Rescalings work together", () => {
  const divided = new Rescaling({ scale: 1 / 255 });
  const mean = new Rescaling({ scale: 1, offset: -0.1307 });
  expect(takesRawPixels(model(divided, mean, new Rescaling({ scale: 1 / 0.3081 })))).toBe(true);
});

test("a model without, or one for numbers that were divided before, does not", () => {
  expect(takesRawPixels(model())).toBe(false);
  expect(takesRawPixels(model(new Rescaling({ scale: 1 / 0.3081, offset: -0.1307 / 0.3081 })))).toBe(false);
});

test("Rescalings alone count, and those behind another layer do not", () => {
  const divided = (): Rescaling => new Rescaling({ scale: 1 / 255 });
  expect(takesRawPixels(new Sequential({ inputShape: [2] }, [divided()]))).toBe(true);
  expect(takesRawPixels(new Sequential({ inputShape: [2] }, [new ReLU(), divided()]))).toBe(false);
  const late = new Rescaling({ scale: 1000 });
  expect(takesRawPixels(new Sequential({ inputShape: [2] }, [divided(), new ReLU(), late]))).toBe(true);
});
