import {
  Adam,
  ConfusionMatrix,
  confusionMatrix,
  Dense,
  decodeSafetensors,
  EarlyStopping,
  encodeSafetensors,
  GradientReport,
  gradientCheck,
  loadCheckpoint,
  loadModel,
  reestimateStatistics,
  Sequential,
  SoftmaxCrossEntropy,
  saveCheckpoint,
  saveModel,
  Tensor,
  WeightAverage,
} from "../../../src/index.js";
import { aModel, aTensor, aTraining, someData, stateOf } from "../samples.js";
import { aConstructor, accessorsOf, aFunction, methodsOf, type Parameters, type Target } from "../target.js";

const signal = new AbortController().signal;
const training = (): Parameters => ({
  optimizer: new Adam(),
  loss: new SoftmaxCrossEntropy(),
  clipNorm: 1,
  threads: 1,
  weightAverage: new WeightAverage(),
});
const measuring = (): Parameters => ({ loss: new SoftmaxCrossEntropy(), batchSize: 4, threads: 1, signal });

/** A model after a pass forward. */
function aModelAtWork(): Sequential {
  const model = aModel();
  model.forward(aTensor([2, 2, 2, 1]));
  return model;
}

const SEQUENTIAL: readonly Target[] = [
  aConstructor(
    "Sequential",
    Sequential,
    () => ({
      options: { inputShape: [3], seed: 1 },
      layers: [new Dense({ units: 2 })],
    }),
    { alsoNamed: ["Sequential.add", "buildLayer"], words: { layers: ["layer"], inputShape: ["shape"] } },
  ),
  aFunction(
    "Sequential.fromConfig",
    Sequential.fromConfig,
    () => ({
      config: { inputShape: [3], seed: 1, layers: [{ type: "Dense", units: 2, name: "dense_1" }] },
      options: { layers: { Dense } },
    }),
    {
      alsoNamed: ["Sequential", "Sequential.add", "Dense"],
      words: { layers: ["layer"], type: ["layer"], config: ["layer"] },
    },
  ),
  ...methodsOf(
    "Sequential",
    aModelAtWork,
    {
      add: () => ({ layer: new Dense({ units: 2 }) }),
      getWeights: () => ({}),
      setWeights: {
        parameters: (model) => ({ values: model.getWeights() }),
        words: { values: ["Tensor", "tensors", "shape"] },
      },
      forward: {
        parameters: () => ({ x: aTensor([2, 2, 2, 1]), options: { training: false, step: 1 } }),
        words: { x: ["images", "image"] },
      },
      logits: {
        parameters: () => ({ x: aTensor([2, 2, 2, 1]), options: { training: false, step: 1 } }),
        words: { x: ["images", "image"] },
      },
      backward: {
        parameters: () => ({ dy: aTensor([2, 3]), options: { inputGradient: true } }),
        words: { dy: ["shape", "Tensor"] },
      },
      zeroGrad: () => ({}),
      predict: () => ({
        images: { data: new Uint8Array(8), shape: [2, 2, 2, 1] },
        options: { batchSize: 4, threads: 1, activation: "none" },
      }),
      trainOnBatch: {
        parameters: () => ({ batch: someData(), options: training() }),
        words: { batch: ["dataset", "loss"], images: ["image", "loss"], labels: ["label", "class"] },
      },
      fit: {
        parameters: () => ({
          data: someData(),
          options: {
            ...training(),
            epochs: 2,
            batchSize: 4,
            shuffle: true,
            validationSplit: 0.5,
            callbacks: [
              { onTrainBegin() {}, onBatchEnd() {}, onEpochEnd() {}, onCheckpoint() {}, onTrainEnd() {} },
            ],
            signal,
          },
        }),
        words: {
          data: ["dataset", "pixels", "batch source", "loss"],
          images: ["image", "loss"],
          labels: ["label", "class"],
        },
        unbounded: ["epochs"],
      },
      evaluate: {
        parameters: () => ({ data: someData(), options: measuring() }),
        words: {
          data: ["dataset", "pixels", "batch source", "loss"],
          images: ["image", "loss"],
          labels: ["label", "class"],
        },
      },
      summary: () => ({}),
      config: () => ({}),
    },
    stateOf,
  ),
  ...accessorsOf("Sequential", aModelAtWork, [
    "layers",
    "outputShape",
    "parameters",
    "trainableParameters",
    "state",
    "weights",
    "outputs",
  ]),
];

const CALLBACKS: readonly Target[] = [
  aConstructor("EarlyStopping", EarlyStopping, () => ({
    options: { monitor: "loss", patience: 1, minDelta: 0.1, restoreBestWeights: true },
  })),
  ...methodsOf("EarlyStopping", () => new EarlyStopping({ monitor: "loss" }), {
    saveState: () => ({}),
    restoreState: (stopping) => ({ state: stopping.saveState() }),
  }),
  ...accessorsOf("EarlyStopping", () => new EarlyStopping(), ["bestEpoch", "bestValue"]),
];

const row = { name: "input", shape: [1], error: 0, at: 0, analytic: 1, numeric: 1, skipped: 0 };
const matrix = (): ConfusionMatrix =>
  new ConfusionMatrix([
    [1, 2],
    [3, 4],
  ]);

const CHECKS: readonly Target[] = [
  aFunction(
    "gradientCheck",
    gradientCheck,
    () => ({
      subject: new Dense({ units: 2 }),
      input: aTensor([2, 3]),
      options: { step: 0.1, floor: 0.1, training: true, seed: 1 },
    }),
    { alsoNamed: ["Dense.build"], words: { input: ["shape"] } },
  ),
  aConstructor("GradientReport", GradientReport, () => ({ rows: [row] })),
  ...methodsOf("GradientReport", () => new GradientReport([row]), { toString: () => ({}) }),
  ...accessorsOf("GradientReport", () => new GradientReport([row]), ["worst"]),
  aFunction(
    "confusionMatrix",
    confusionMatrix,
    () => ({ actual: [0, 1, 2], predicted: [0, 2, 2], classes: 3 }),
    {
      words: { actual: ["labels"], predicted: ["predictions", "labels"], classes: ["labels"] },
    },
  ),
  aConstructor("ConfusionMatrix", ConfusionMatrix, () => ({
    counts: [
      [1, 2],
      [3, 4],
    ],
  })),
  ...methodsOf("ConfusionMatrix", matrix, { toString: () => ({}) }),
  ...accessorsOf("ConfusionMatrix", matrix, ["support", "accuracy", "precision", "recall", "f1"]),
  aFunction(
    "reestimateStatistics",
    reestimateStatistics,
    () => ({
      model: aModel(),
      images: aTensor([4, 2, 2, 1]),
      options: { batchSize: 2, threads: 1, signal },
    }),
    { words: { model: ["Sequential"] } },
  ),
];

const ownLayers = { Dense };

/** What reads a file may find the fault in it, where it decodes the file or makes the model. */
const reading = {
  alsoNamed: ["decodeSafetensors", "Sequential.fromConfig", "Sequential.add"],
  words: { bytes: ["layer", "header"], layers: ["layer"], Dense: ["layer"] },
};

const FILES: readonly Target[] = [
  aFunction("saveModel", saveModel, () => ({ model: aModel() }), { words: { model: ["Sequential"] } }),
  aFunction(
    "loadModel",
    loadModel,
    () => ({ bytes: saveModel(aModel()), options: { layers: ownLayers } }),
    reading,
  ),
  aFunction("saveCheckpoint", saveCheckpoint, async () => ({ ...(await aTraining()), notes: "mine" }), {
    words: { model: ["Sequential"], state: ["training"], sums: ["training"] },
  }),
  aFunction(
    "loadCheckpoint",
    loadCheckpoint,
    async () => {
      const { model, state } = await aTraining();
      return { bytes: saveCheckpoint(model, state), options: { layers: ownLayers } };
    },
    reading,
  ),
  aFunction(
    "encodeSafetensors",
    encodeSafetensors,
    () => ({
      tensors: new Map([["x", Tensor.from([1])]]),
      metadata: { title: "mine" },
    }),
    { words: { tensors: ["tensor"] } },
  ),
  aFunction("decodeSafetensors", decodeSafetensors, () => ({ bytes: encodeSafetensors(new Map()) }), {
    words: { bytes: ["header"] },
  }),
];

/** Models, callbacks, checks and files. */
export const MODELS: readonly Target[] = [...SEQUENTIAL, ...CALLBACKS, ...CHECKS, ...FILES];
