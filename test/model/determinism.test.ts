import { expect, test } from "vitest";
import {
  Adam,
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  MaxPool2D,
  Random,
  ReLU,
  Rescaling,
  Sequential,
} from "../../src/index.js";
import { sha256 } from "../../src/mnist/files.js";

// These are the same on every machine, in every engine and every version of Node: whoever changes one has changed the
// numbers that all users get from the same seed, and says so in the changelog.
const FIRST_WEIGHTS = "401fd452cada8a2518095991262420224e7b61ce0ea97872d3395cdfbafd9f66";
const TRAINED_WEIGHTS = "2660db1f46166de7a2c748769bd43ba136f792387dde05cd89965cfd2bad8b48";
const PROBABILITIES = "043e5af349763964a21eb8eff02f9aa817e66f613850b16596d82c2afa95a945";

test("the same seed gives the same weights, bit for bit, in every engine", async () => {
  const random = new Random(7);
  const images = {
    data: Uint8Array.from({ length: 40 * 14 * 14 }, () => random.integer(256)),
    shape: [40, 14, 14, 1],
  };
  const labels = Uint8Array.from({ length: 40 }, () => random.integer(10));
  const model = new Sequential({ inputShape: [14, 14, 1], seed: 42 }, [
    new Rescaling({ scale: 1 / 255 }),
    new Conv2D({ filters: 4, kernelSize: 5, padding: "same" }),
    new BatchNormalization(),
    new ReLU(),
    new MaxPool2D({ poolSize: 2 }),
    new Conv2D({ filters: 8, kernelSize: 3, kernelInitializer: "heNormal" }),
    new ReLU(),
    new MaxPool2D({ poolSize: 2 }),
    new Flatten(),
    new Dropout({ rate: 0.25 }),
    new Dense({ units: 10 }),
  ]);
  const hash = async (tensors: readonly { readonly data: Float32Array }[]): Promise<string> => {
    const view = new DataView(new ArrayBuffer(4 * tensors.reduce((sum, { data }) => sum + data.length, 0)));
    let offset = 0;
    for (const value of tensors.flatMap(({ data }) => [...data])) {
      view.setFloat32(offset, value, true); // little-endian on every machine
      offset += 4;
    }
    return sha256(new Uint8Array(view.buffer));
  };

  expect(await hash(model.getWeights())).toBe(FIRST_WEIGHTS);
  await model.fit(
    { images, labels },
    { epochs: 2, batchSize: 8, optimizer: new Adam({ learningRate: 0.01 }) },
  );
  expect(model.steps).toBe(10);
  expect(await hash(model.getWeights())).toBe(TRAINED_WEIGHTS);
  expect(await hash([model.predict(images)])).toBe(PROBABILITIES);
});
