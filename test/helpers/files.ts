import { saveCheckpoint } from "../../src/formats/checkpoint.js";
import { saveModel } from "../../src/formats/model-file.js";
import { exportOnnx } from "../../src/formats/onnx/export-onnx.js";
import { AvgPool2D } from "../../src/layers/avg-pool2d.js";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { Conv2D } from "../../src/layers/conv2d.js";
import { Dense } from "../../src/layers/dense.js";
import { Dropout } from "../../src/layers/dropout.js";
import { Flatten } from "../../src/layers/flatten.js";
import { GlobalAvgPool2D } from "../../src/layers/global-avg-pool2d.js";
import { LeakyReLU } from "../../src/layers/leaky-relu.js";
import { MaxPool2D } from "../../src/layers/max-pool2d.js";
import { ReLU } from "../../src/layers/relu.js";
import { Rescaling } from "../../src/layers/rescaling.js";
import { Sigmoid } from "../../src/layers/sigmoid.js";
import { Softmax } from "../../src/layers/softmax.js";
import { Tanh } from "../../src/layers/tanh.js";
import type { Callback } from "../../src/model/callback.js";
import { EarlyStopping } from "../../src/model/early-stopping.js";
import type { FitOptions } from "../../src/model/fit.js";
import { Sequential } from "../../src/model/sequential.js";
import type { TrainingState } from "../../src/model/training-state.js";
import { Adam } from "../../src/optim/adam.js";
import { AdamW } from "../../src/optim/adamw.js";
import { SGD } from "../../src/optim/sgd.js";
import { WeightAverage } from "../../src/optim/weight-average.js";
import { line, smallDataset } from "./models.js";

/** Small models that have all layers of the library in them, for `smallDataset`. */
export function allLayers(): readonly Sequential[] {
  const inputShape = [6, 6, 1];
  return [
    new Sequential({ inputShape, seed: 1 }, [
      new Rescaling({ scale: 0.5, offset: -1 }),
      new Conv2D({ filters: 2, kernelSize: 3, padding: "same", useBias: false }),
      new BatchNormalization(),
      new ReLU(),
      new MaxPool2D(),
      new Flatten(),
      new Dropout({ rate: 0.25 }),
      new Dense({ units: 3 }),
      new Softmax(),
    ]),
    new Sequential({ inputShape, seed: 2 }, [
      new AvgPool2D({
        poolSize: 3,
        strides: [1, 2],
        padding: [
          [1, 0],
          [0, 1],
        ],
      }),
      new LeakyReLU({ name: "leaky" }),
      new Conv2D({ filters: 3, kernelSize: [2, 1], dilationRate: 2 }),
      new Tanh(),
      new GlobalAvgPool2D(),
      new Sigmoid(),
    ]),
  ];
}

/** These models as files, and one of two numbers. */
export function modelFiles(): readonly Uint8Array[] {
  return [...allLayers(), line(2, 1)].map(saveModel);
}

/** The models as ONNX files, of both layouts. */
export function onnxFiles(): readonly Uint8Array[] {
  return allLayers().flatMap((model) => [
    exportOnnx(model),
    exportOnnx(model, { inputLayout: "NCHW", activation: "none" }),
  ]);
}

/** A state with times that are the same in every run, so that the same faults come of the same seed. */
function withoutClock(state: TrainingState): TrainingState {
  const { history } = state;
  const imagesPerSecond = history.imagesPerSecond.map(() => 8.25);
  const times = { seconds: history.seconds.map(() => 1.25), imagesPerSecond };
  return { ...state, seconds: 0.75, history: { ...history, ...times } };
}

/** Trainings of these models, saved in their middle, with all that a checkpoint can have in it. */
export async function checkpointFiles(): Promise<readonly Uint8Array[]> {
  const stops = (monitor: "loss" | "val_loss") => new EarlyStopping({ monitor, patience: 3 });
  const settings: readonly FitOptions[] = [
    { optimizer: new Adam(), callbacks: [stops("val_loss"), stops("loss")], validationSplit: 0.25 },
    { optimizer: new SGD({ momentum: 0.9 }) },
    { optimizer: new AdamW(), weightAverage: new WeightAverage(), callbacks: [stops("loss")] },
    { optimizer: new SGD() },
  ];
  const files: Uint8Array[] = [];
  for (const [i, options] of settings.entries()) {
    const save: Callback = {
      onCheckpoint: ({ model, step, state }) => {
        if (step === 3) files.push(saveCheckpoint(model, withoutClock(state()), `training ${i}`));
      },
    };
    const callbacks = [...(options.callbacks ?? []), save];
    await allLayers()[i % 2]!.fit(smallDataset(8, 1), { ...options, epochs: 2, batchSize: 4, callbacks });
  }
  return files;
}
