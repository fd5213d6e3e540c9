import fc from "fast-check";
import { expect, test } from "vitest";
import { createNetwork, type NetworkName } from "../../../src/mnist/networks.js";
import { Sequential, type SequentialConfig } from "../../../src/model/sequential.js";
import type { TrainOptions } from "../../../src/model/train-on-batch.js";
import { Adam } from "../../../src/optim/adam.js";
import { AdamW } from "../../../src/optim/adamw.js";
import { SGD } from "../../../src/optim/sgd.js";
import { WeightAverage } from "../../../src/optim/weight-average.js";
import { Random } from "../../../src/tensor/random.js";
import { inMemory, openMemory } from "../../../src/tensor/simd/memory.js";
import { SimdWorkspace } from "../../../src/tensor/simd/workspace.js";
import { HeapWorkspace, type Workspace } from "../../../src/tensor/workspace.js";
import { bitsOf } from "../../helpers/models.js";

/** How a model is to be trained; options with state are made anew for each run. */
interface Run {
  readonly steps: number;
  /** The sizes of the batches, in turn. */
  readonly batchSizes: readonly number[];
  readonly classes: number;
  readonly options: () => TrainOptions;
}

/** What training leaves behind: all losses, the bits of weights and state, and of the averages if there are any. */
function resultsOf(
  config: SequentialConfig,
  workspace: Workspace,
  { steps, batchSizes, classes, options }: Run,
) {
  const model = Sequential.fromConfig(config, { workspace });
  const random = new Random(1);
  const given = options();
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const n = batchSizes[step % batchSizes.length]!;
    const shape = [n, ...config.inputShape];
    const bytes = shape.reduce((a, b) => a * b);
    const images = { data: Uint8Array.from({ length: bytes }, () => random.integer(256)), shape };
    const labels = Uint8Array.from({ length: n }, () => random.integer(classes));
    losses.push(model.trainOnBatch({ images, labels }, given).loss);
  }
  const weights = bitsOf(model);
  const isInMemory = model.weights.every(({ value }) => inMemory(value.data));
  if (given.weightAverage) {
    given.weightAverage.swap(model.parameters);
    weights.push(...bitsOf(model));
  }
  return { losses, weights, isInMemory };
}

function expectSameTraining(config: SequentialConfig, run: Run): void {
  openMemory();
  const plain = resultsOf(config, new HeapWorkspace(), run);
  const simd = resultsOf(config, new SimdWorkspace(), run);
  expect(plain.isInMemory).toBe(false);
  expect(simd.isInMemory).toBe(true);
  expect(simd.losses).toEqual(plain.losses);
  expect(simd.weights.length).toBe(plain.weights.length);
  expect(simd.weights.findIndex((bits, i) => bits !== plain.weights[i])).toBe(-1);
}

test.each<{ name: NetworkName; optimizer: string; batchSizes: number[]; options: () => TrainOptions }>([
  {
    name: "reference",
    optimizer: "SGD with momentum",
    batchSizes: [2, 1],
    options: () => ({ optimizer: new SGD({ learningRate: 0.01, momentum: 0.9, nesterov: true }) }),
  },
  {
    name: "lenet",
    optimizer: "Adam and clipped gradients",
    batchSizes: [5, 5, 3],
    options: () => ({ optimizer: new Adam(), clipNorm: 1 }),
  },
  {
    name: "compact",
    optimizer: "AdamW and averaged weights",
    batchSizes: [3, 2],
    options: () => ({ optimizer: new AdamW(), weightAverage: new WeightAverage() }),
  },
])("50 steps of $name with $optimizer end with the plain code's bits", ({ name, batchSizes, options }) => {
  expectSameTraining(createNetwork(name, { seed: 3 }).config(), {
    steps: 50,
    batchSizes,
    classes: 10,
    options,
  });
});

const optimizers: readonly (() => TrainOptions)[] = [
  () => ({ optimizer: new SGD() }),
  () => ({ optimizer: new SGD({ momentum: 0.5 }), weightAverage: new WeightAverage() }),
  () => ({ optimizer: new Adam({ learningRate: 0.01 }) }),
  () => ({ optimizer: new AdamW({ weightDecay: 0.1 }), clipNorm: 0.5 }),
];

const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
const pairUpTo = (max: number) => fc.tuple(upTo(max), upTo(max));

/** A model in which every layer of the library comes at least once. */
const models: fc.Arbitrary<SequentialConfig> = fc
  .record({
    image: fc.tuple(upTo(13, 5), upTo(13, 5), upTo(5)),
    filters: pairUpTo(21),
    kernelSize: pairUpTo(5),
    strides: pairUpTo(2),
    dilationRate: pairUpTo(2),
    useBias: fc.boolean(),
    center: fc.boolean(),
    poolSize: pairUpTo(3),
    poolStrides: pairUpTo(3),
    seed: fc.nat(1000),
  })
  .map(
    ({
      image,
      filters,
      kernelSize,
      strides,
      dilationRate,
      useBias,
      center,
      poolSize,
      poolStrides,
      seed,
    }) => ({
      inputShape: image,
      seed,
      layers: [
        { type: "Rescaling", scale: 1 / 255, offset: -0.5 },
        { type: "Conv2D", filters: filters[0], kernelSize, strides, padding: "same", useBias },
        { type: "BatchNormalization", center },
        { type: "LeakyReLU" },
        { type: "MaxPool2D", poolSize, strides: poolStrides, padding: "same" },
        { type: "Dropout", rate: 0.25 },
        { type: "Conv2D", filters: filters[1], kernelSize: 3, dilationRate, padding: "same" },
        { type: "ReLU" },
        { type: "AvgPool2D", poolSize: 2, padding: "same" },
        { type: "Tanh" },
        { type: "Conv2D", filters: 4, kernelSize: 1 },
        { type: "Sigmoid" },
        { type: "GlobalAvgPool2D" },
        { type: "Flatten" },
        { type: "Dense", units: 4, useBias },
        { type: "Softmax" },
      ],
    }),
  );

test("a model of all layers, of any options, is trained to the plain code's bits", () => {
  fc.assert(
    fc.property(models, fc.constantFrom(...optimizers), (config, options) => {
      expectSameTraining(config, { steps: 4, batchSizes: [3, 5, 1], classes: 4, options });
    }),
    { numRuns: 25 },
  );
});
