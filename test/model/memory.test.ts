import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { Conv2D } from "../../src/layers/conv2d.js";
import { Dense } from "../../src/layers/dense.js";
import { Dropout } from "../../src/layers/dropout.js";
import { Flatten } from "../../src/layers/flatten.js";
import { MaxPool2D } from "../../src/layers/max-pool2d.js";
import { ReLU } from "../../src/layers/relu.js";
import { Sequential } from "../../src/model/sequential.js";
import { Adam } from "../../src/optim/adam.js";
import type { Shape } from "../../src/tensor/shape.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { type Batch, HeapWorkspace } from "../../src/tensor/workspace.js";
import { smallDataset } from "../helpers/models.js";

/** Notes all memory that it gives. */
class WatchedWorkspace extends HeapWorkspace {
  readonly given = new Set<ArrayBufferLike>();

  override tensor(name: string, shape: Shape): Tensor {
    return this.#note(super.tensor(name, shape));
  }

  override batch(name: string, sampleShape: Shape): Batch {
    const batch = super.batch(name, sampleShape);
    return { of: (n) => this.#note(batch.of(n)) };
  }

  #note(tensor: Tensor): Tensor {
    this.given.add(tensor.data.buffer);
    return tensor;
  }
}

/** A network with layers of all kinds, in memory that is watched. */
function network(workspace: WatchedWorkspace): Sequential {
  return new Sequential({ inputShape: [6, 6, 1], seed: 1, workspace }, [
    new Conv2D({ filters: 4, kernelSize: 3 }),
    new BatchNormalization(),
    new ReLU(),
    new MaxPool2D(),
    new Flatten(),
    new Dropout({ rate: 0.25 }),
    new Dense({ units: 3 }),
  ]);
}

test("layers take all their memory in the first step, and none in the 1,000 after it", () => {
  const workspace = new WatchedWorkspace();
  const model = network(workspace);
  const options = { optimizer: new Adam() };
  model.trainOnBatch(smallDataset(8, 1), options);
  const first = workspace.given.size;
  expect(first).toBeGreaterThan(10);
  for (let step = 0; step < 1000; step++) model.trainOnBatch(smallDataset(1 + (step % 8), step), options);
  expect(workspace.given.size).toBe(first);
});

test("1,000 steps of training leave nothing behind on the heap", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  const inUse = (): number => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const model = network(new WatchedWorkspace());
  const data = smallDataset(80, 1);
  const options = { epochs: 100, batchSize: 8, optimizer: new Adam() };
  await model.fit(data, options); // 1,000 steps, in which the engine compiles what it will use
  const before = inUse();
  await model.fit(data, options);
  // a single batch kept from each step would be 1.2 MB
  expect(inUse() - before).toBeLessThan(2 ** 19);
});
