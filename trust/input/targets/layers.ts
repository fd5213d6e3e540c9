import {
  AvgPool2D,
  BatchNormalization,
  buildLayer,
  Conv2D,
  createParameter,
  Dense,
  Dropout,
  expectBuilt,
  expectForward,
  Flatten,
  GlobalAvgPool2D,
  type Layer,
  LeakyReLU,
  MaxPool2D,
  MeanSquaredError,
  ReLU,
  Rescaling,
  Sigmoid,
  Softmax,
  SoftmaxCrossEntropy,
  Tanh,
  zeroGrad,
} from "../../../src/index.js";
import { aContext, aTensor, runLayer, someParameters } from "../samples.js";
import { aConstructor, accessorsOf, aFunction, methodsOf, type Parameters, type Target } from "../target.js";

/** A class of layers, options that have every field, and the shape of a batch that suits it. */
interface LayerClass {
  readonly type: new (options: never) => Layer;
  readonly options: () => Parameters;
  readonly shape: readonly number[];
  readonly accessors?: readonly string[];
}

const own = { name: "mine", trainable: true };
const window = {
  strides: [1, 1],
  padding: [
    [1, 0],
    [0, 1],
  ],
};
const image = [2, 3, 3, 2];
const weights = ["parameters", "multiplyAdds"];

const LAYER_CLASSES: readonly LayerClass[] = [
  { type: AvgPool2D, options: () => ({ ...own, ...window, poolSize: [2, 2] }), shape: image },
  {
    type: BatchNormalization,
    options: () => ({ ...own, momentum: 0.9, epsilon: 1e-3 }),
    shape: image,
    accessors: ["parameters", "state"],
  },
  {
    type: Conv2D,
    options: () => ({
      ...own,
      ...window,
      filters: 2,
      kernelSize: [2, 2],
      dilationRate: [1, 1],
      useBias: true,
      kernelInitializer: "heNormal",
    }),
    shape: image,
    accessors: weights,
  },
  {
    type: Dense,
    options: () => ({ ...own, units: 2, useBias: true, kernelInitializer: "heNormal" }),
    shape: [2, 3],
    accessors: weights,
  },
  { type: Dropout, options: () => ({ ...own, rate: 0.5, seed: 1 }), shape: [2, 3] },
  { type: Flatten, options: () => own, shape: image },
  { type: GlobalAvgPool2D, options: () => own, shape: image },
  { type: LeakyReLU, options: () => ({ ...own, negativeSlope: 0.1 }), shape: [2, 3] },
  { type: MaxPool2D, options: () => ({ ...own, ...window, poolSize: [2, 2] }), shape: image },
  { type: ReLU, options: () => own, shape: [2, 3] },
  { type: Rescaling, options: () => ({ ...own, scale: 0.5, offset: 1 }), shape: [2, 3] },
  { type: Sigmoid, options: () => own, shape: [2, 3] },
  { type: Softmax, options: () => own, shape: [2, 3] },
  { type: Tanh, options: () => own, shape: [2, 3] },
];

function layerTargets({ type, options, shape, accessors = [] }: LayerClass): Target[] {
  const { name } = type;
  const make = (): Layer => Reflect.construct(type, [options()]);
  const x = (): Parameters => ({ x: aTensor(shape), options: { training: true, step: 1 } });
  const run = (): Layer => runLayer(make(), aTensor(shape));
  const outputShape = run().forward(aTensor(shape)).shape;
  const values = (layer: Layer): unknown =>
    layer.parameters.map(({ value, grad }) => [value.data, grad.data]);
  return [
    aConstructor(name, type, () => ({ options: options() })),
    ...methodsOf(name, make, { config: () => ({}) }),
    ...methodsOf(
      name,
      run,
      {
        forward: { parameters: x, words: { x: ["shape", "Tensor"] } },
        backward: {
          parameters: () => ({ dy: aTensor(outputShape), options: { inputGradient: true } }),
          words: { dy: ["shape", "Tensor"] },
        },
      },
      values,
    ),
    ...accessorsOf(name, run, accessors),
  ];
}

const prediction = (): Parameters => ({ prediction: aTensor([2, 3]), targets: [0, 2] });

/** Layers, losses, and the tools for layers of one's own. */
export const LAYERS: readonly Target[] = [
  ...LAYER_CLASSES.flatMap(layerTargets),
  aConstructor("SoftmaxCrossEntropy", SoftmaxCrossEntropy, () => ({
    options: { labelSmoothing: 0.1, classWeights: [1, 2, 3] },
  })),
  aConstructor("MeanSquaredError", MeanSquaredError, () => ({})),
  ...[SoftmaxCrossEntropy, MeanSquaredError].flatMap((type) =>
    methodsOf(
      type.name,
      () => {
        const loss = new type();
        loss.forward(aTensor([2, 3]), [0, 2]);
        return loss;
      },
      {
        forward: {
          parameters: prediction,
          words: { prediction: ["Tensor", "logits", "shape", "labels"], targets: ["labels"] },
        },
        backward: () => ({ options: { out: aTensor([2, 3]) } }),
        config: () => ({}),
      },
    ),
  ),
  aFunction(
    "buildLayer",
    buildLayer,
    () => ({
      layer: new Dense({ units: 2 }),
      inputShape: [3],
      context: aContext(),
    }),
    { alsoNamed: ["Dense.build", "createParameter"], words: { inputShape: ["shape"] } },
  ),
  aFunction(
    "createParameter",
    createParameter,
    () => ({
      name: "kernel",
      shape: [2, 3],
      initializer: "heNormal",
      context: aContext(),
    }),
    { alsoNamed: ["Tensor", "initialize"] },
  ),
  aFunction("expectBuilt", expectBuilt, () => ({ where: "expectBuilt", built: 1 }), { kept: ["where"] }),
  aFunction("expectForward", expectForward, () => ({ where: "expectForward", kept: 1 }), {
    kept: ["where"],
    words: { kept: ["forward"] },
  }),
  aFunction("zeroGrad", zeroGrad, () => ({ parameters: someParameters() }), {
    words: { value: ["shape"], grad: ["gradient"] },
  }),
];
