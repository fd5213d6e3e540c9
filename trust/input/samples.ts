import { weightBytes } from "../../src/formats/weight-bytes.js";
import {
  Adam,
  BatchNormalization,
  type BuildContext,
  buildLayer,
  Conv2D,
  type Dataset,
  Dense,
  Dropout,
  Flatten,
  HeapWorkspace,
  type Layer,
  type Parameter,
  Random,
  ReLU,
  Sequential,
  Tensor,
  type TrainingState,
} from "../../src/index.js";

/** A small tensor of numbers that are all different. */
export function aTensor(shape: readonly number[], offset = 0): Tensor {
  const tensor = new Tensor(shape);
  for (let i = 0; i < tensor.size; i++) tensor.data[i] = (((i + offset) * 7) % 11) / 4 - 1.2;
  return tensor;
}

/** A model with everything in it that has a state. */
export function aModel(): Sequential {
  return new Sequential({ inputShape: [2, 2, 1], seed: 1 }, [
    new Conv2D({ filters: 2, kernelSize: 2, padding: "same" }),
    new BatchNormalization(),
    new ReLU(),
    new Flatten(),
    new Dropout({ rate: 0.25 }),
    new Dense({ units: 3 }),
  ]);
}

/** Six images and their classes, for `aModel`. */
export function someData(): Dataset {
  return { images: aTensor([6, 2, 2, 1]), labels: [0, 1, 2, 0, 1, 2] };
}

/** What a model is: its weights, and what it predicts. */
export function stateOf(model: Sequential): unknown {
  return {
    weights: weightBytes(model),
    steps: model.steps,
    prediction: model.predict(aTensor([2, 2, 2, 1])).data,
  };
}

/** A layer that is built, and has gone forward. */
export function runLayer(layer: Layer, x: Tensor): Layer {
  buildLayer(layer, x.shape.slice(1));
  layer.forward(x, { training: true });
  return layer;
}

export function aContext(): BuildContext {
  return { workspace: new HeapWorkspace(), random: new Random(1) };
}

/** Two parameters with gradients. */
export function someParameters(): Parameter[] {
  return ["kernel", "bias"].map((name, i) => ({
    name,
    value: aTensor([2, 3], i),
    grad: aTensor([2, 3], i + 2),
  }));
}

/** A model in the middle of a training, and where it is. */
export async function aTraining(): Promise<{ model: Sequential; state: TrainingState }> {
  const model = aModel();
  let saved: TrainingState | undefined;
  const onCheckpoint = ({ step, state }: { step: number; state: () => TrainingState }): void => {
    if (step === 2) saved ??= state();
  };
  await model.fit(someData(), { optimizer: new Adam(), batchSize: 2, callbacks: [{ onCheckpoint }] });
  if (!saved) throw new Error("aTraining: expected a checkpoint after step 2, got none.");
  return { model, state: saved };
}
