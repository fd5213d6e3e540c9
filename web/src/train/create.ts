import {
  Adam,
  AdamW,
  Conv2D,
  Dense,
  Flatten,
  loadModel,
  MaxPool2D,
  type Optimizer,
  Random,
  ReLU,
  Rescaling,
  Sequential,
  SGD,
} from "tinyconv";
import { createNetwork } from "tinyconv/mnist";
import type { Settings } from "./protocol.js";

/** The model that training begins with. One that comes from a file takes the order of the digits from the seed, too. */
export function createModel({ model, seed }: Pick<Settings, "model" | "seed">): Sequential {
  if (model === "small") return createSmall(seed);
  if (typeof model === "string") return createNetwork(model, { seed });
  const loaded = loadModel(model);
  loaded.random.setState(new Random(seed).state());
  return loaded;
}

/** What changes the weights, with the defaults of the library but for the learning rate. */
export function createOptimizer({
  optimizer,
  learningRate,
}: Pick<Settings, "optimizer" | "learningRate">): Optimizer {
  if (optimizer === "sgd") return new SGD({ learningRate });
  if (optimizer === "adamw") return new AdamW({ learningRate });
  return new Adam({ learningRate });
}

/** Four filters and 1,554 weights: what can be read off them fits a screen. */
function createSmall(seed: number): Sequential {
  return new Sequential({ inputShape: [28, 28, 1], seed }, [
    new Rescaling({ scale: 1 / 255 }),
    new Conv2D({ filters: 4, kernelSize: 5 }),
    new ReLU(),
    new MaxPool2D({ poolSize: 4 }),
    new Flatten(),
    new Dense({ units: 10 }),
  ]);
}
