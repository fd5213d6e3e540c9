import { Conv2D } from "../../src/layers/conv2d.js";
import { Dense } from "../../src/layers/dense.js";
import { Flatten } from "../../src/layers/flatten.js";
import type { Layer } from "../../src/layers/layer.js";
import { MaxPool2D } from "../../src/layers/max-pool2d.js";
import { ReLU } from "../../src/layers/relu.js";
import { Sequential } from "../../src/model/sequential.js";
import { Random } from "../../src/tensor/random.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { normalTensor } from "./random-tensor.js";

export interface SmallDataset {
  readonly images: Tensor;
  readonly labels: Int32Array;
}

/** n images [6, 6, 1] of normal random numbers, of random classes out of 3. */
export function smallDataset(n: number, seed: number): SmallDataset {
  const random = new Random(seed);
  return {
    images: normalTensor([n, 6, 6, 1], seed),
    labels: Int32Array.from({ length: n }, () => random.integer(3)),
  };
}

/** A network for `smallDataset`: 3x3 convolution, ReLU, pool, dense; 3 classes. `more` are added at its end. */
export function smallNetwork(seed: number, more: readonly Layer[] = []): Sequential {
  return new Sequential({ inputShape: [6, 6, 1], seed }, [
    new Conv2D({ filters: 2, kernelSize: 3 }),
    new ReLU(),
    new MaxPool2D({ poolSize: 2 }),
    new Flatten(),
    new Dense({ units: 3 }),
    ...more,
  ]);
}

/** All weights of a model in one list, for comparison bit by bit. */
export function bitsOf(model: Sequential): number[] {
  return model
    .getWeights()
    .flatMap(({ data }) => [...new Uint32Array(data.buffer, data.byteOffset, data.length)]);
}

/** y = W·x + b for numbers: one weight, one bias, both given. */
export function line(W: number, b: number): Sequential {
  const model = new Sequential({ inputShape: [1] }, [new Dense({ units: 1 })]);
  model.setWeights([Tensor.from([[W]]), Tensor.from([b])]);
  return model;
}
