import { BatchNormalization } from "../layers/batch-normalization.js";
import { Conv2D } from "../layers/conv2d.js";
import { Dense } from "../layers/dense.js";
import { Flatten } from "../layers/flatten.js";
import type { Layer } from "../layers/layer.js";
import { MaxPool2D } from "../layers/max-pool2d.js";
import { ReLU } from "../layers/relu.js";
import { Rescaling } from "../layers/rescaling.js";
import { Sequential } from "../model/sequential.js";
import { expectInteger, expectOneOf, expectOptions } from "../tensor/expect.js";

/** The networks by name: the same in the program, the benchmarks and the docs. */
export const NETWORKS = ["reference", "lenet", "compact"] as const;
/** One of `NETWORKS`. */
export type NetworkName = (typeof NETWORKS)[number];

/** Options of `createNetwork`. */
export interface NetworkOptions {
  /** Seed of the initial weights and of the order of the training images. @default 0 */
  readonly seed?: number;
}

/**
 * A network for the digits of MNIST, [28, 28, 1] with values 0 to 255, with ten outputs:
 *
 * - `reference`: Conv 20 3x3, Conv 20 3x3, Dense 128, Dense 10, the plain network of a Keras notebook.
 * - `lenet`: Conv 8 5x5 same, pool, Conv 16 5x5 same, pool, Dense 10; after LeCun et al., "Gradient-based learning
 *   applied to document recognition" (1998), in its shape though not in its sizes.
 * - `compact`: four 3x3 convolutions with batch normalisation; few parameters and the best accuracy.
 *
 * @throws RangeError for another name.
 */
export function createNetwork(name: NetworkName, options: NetworkOptions = {}): Sequential {
  const { seed = 0 } = expectOptions("createNetwork", options);
  expectInteger("createNetwork", "seed", seed, { min: 0 });
  expectOneOf("createNetwork", "name", name, NETWORKS);
  return new Sequential({ inputShape: [28, 28, 1], seed }, LAYERS[name]());
}

const LAYERS: Readonly<Record<NetworkName, () => Layer[]>> = {
  reference: () => [
    new Rescaling({ scale: 1 / 255 }),
    new Conv2D({ filters: 20, kernelSize: 3 }),
    new ReLU(),
    new Conv2D({ filters: 20, kernelSize: 3 }),
    new ReLU(),
    new Flatten(),
    new Dense({ units: 128 }),
    new ReLU(),
    new Dense({ units: 10 }),
  ],
  lenet: () => [
    new Rescaling({ scale: 1 / 255 }),
    new Conv2D({ filters: 8, kernelSize: 5, padding: "same" }),
    new ReLU(),
    new MaxPool2D({ poolSize: 2 }),
    new Conv2D({ filters: 16, kernelSize: 5, padding: "same" }),
    new ReLU(),
    new MaxPool2D({ poolSize: 2 }),
    new Flatten(),
    new Dense({ units: 10 }),
  ],
  compact: () => [
    // to mean 0 and deviation 1 over the training images
    new Rescaling({ scale: 1 / (255 * 0.3081), offset: -0.1307 / 0.3081 }),
    ...normalizedConv(16),
    new MaxPool2D({ poolSize: 2 }),
    ...normalizedConv(24),
    ...normalizedConv(32),
    new MaxPool2D({ poolSize: 2 }),
    ...normalizedConv(48),
    new Flatten(),
    new Dense({ units: 10, kernelInitializer: "heNormal" }),
  ],
};

/** A 3x3 convolution, batch normalisation in place of its bias, ReLU. */
function normalizedConv(filters: number): Layer[] {
  return [
    new Conv2D({ filters, kernelSize: 3, useBias: false, kernelInitializer: "heNormal" }),
    new BatchNormalization({ momentum: 0.9, epsilon: 1e-5 }),
    new ReLU(),
  ];
}
