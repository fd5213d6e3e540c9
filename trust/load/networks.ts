import {
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  MaxPool2D,
  ReLU,
  Rescaling,
  Sequential,
} from "tinyconv";
import { createNetwork } from "tinyconv/mnist";

/** The networks of this section by name, so that a child process can be told which. */
export const LOADED = {
  lenet: (seed: number) => createNetwork("lenet", { seed }),
  mixed: mixedNetwork,
  small: smallNetwork,
} as const;

export type LoadedName = keyof typeof LOADED;

/** A small network with layers of all kinds: those that keep statistics, those that draw masks, those that do neither. */
function mixedNetwork(seed: number): Sequential {
  return new Sequential({ inputShape: [6, 6, 1], seed }, [
    new Rescaling({ scale: 1 / 255 }),
    new Conv2D({ filters: 3, kernelSize: 3 }),
    new BatchNormalization(),
    new ReLU(),
    new MaxPool2D({ poolSize: 2 }),
    new Flatten(),
    new Dropout({ rate: 0.25 }),
    new Dense({ units: 10 }),
  ]);
}

/** A small network for `markedImages` of [8, 8, 1], which learns them. */
function smallNetwork(seed: number): Sequential {
  return new Sequential({ inputShape: [8, 8, 1], seed }, [
    new Rescaling({ scale: 1 / 255 }),
    new Conv2D({ filters: 4, kernelSize: 3, padding: "same" }),
    new ReLU(),
    new Flatten(),
    new Dense({ units: 10 }),
  ]);
}
