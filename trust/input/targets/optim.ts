import {
  Adam,
  AdamW,
  clipGradientsByGlobalNorm,
  constant,
  cosineDecay,
  exponentialDecay,
  oneCycle,
  type Parameter,
  SGD,
  stepDecay,
  WeightAverage,
} from "../../../src/index.js";
import { someParameters } from "../samples.js";
import { aConstructor, accessorsOf, aFunction, methodsOf, type Parameters, type Target } from "../target.js";

const adam = { learningRate: 0.01, beta1: 0.8, beta2: 0.9, epsilon: 1e-6 };

/** What is done with parameters that were trained before. */
const update = {
  parameters: ({ parameters }: { readonly parameters: Parameter[] }) => ({ parameters }),
  words: { parameters: ["average"], value: ["shape"], grad: ["gradient"], name: ["average"] },
};
const savedWords = {
  ...update.words,
  parameters: ["saved"],
  name: ["saved"],
  value: ["saved", "shape"],
  state: ["saved"],
  numbers: ["saved"],
  tensors: ["saved"],
};

const OPTIMIZERS = [
  { type: SGD, options: { learningRate: 0.01, momentum: 0.5, nesterov: true } },
  { type: Adam, options: adam },
  { type: AdamW, options: { ...adam, weightDecay: 0.01, decay: () => true } },
];

/** An optimizer that has done a step, and the parameters of it. */
function atWork(type: new (options: never) => SGD | Adam | AdamW, options: Parameters) {
  const optimizer: SGD | Adam | AdamW = Reflect.construct(type, [options]);
  const parameters = someParameters();
  optimizer.step(parameters);
  return Object.assign(optimizer, { parameters });
}

const optimizerTargets = OPTIMIZERS.flatMap(({ type, options }) => {
  const { name } = type;
  const make = () => atWork(type, options);
  return [
    aConstructor(name, type, () => ({ options })),
    ...methodsOf(
      name,
      make,
      {
        step: update,
        ...(type === Adam && { prepare: update }),
        saveState: { ...update, alsoNamed: ["Adam.saveState"] },
        restoreState: {
          alsoNamed: ["Adam.restoreState"],
          parameters: (optimizer) => ({
            parameters: optimizer.parameters,
            state: optimizer.saveState(optimizer.parameters),
          }),
          words: savedWords,
        },
      },
      (optimizer) => [
        optimizer.iterations,
        optimizer.parameters.map(({ value }) => value.data.slice()),
        structuredClone([...optimizer.saveState(optimizer.parameters).tensors].map(([, { data }]) => data)),
      ],
    ),
    ...accessorsOf(name, make, ["iterations", "learningRate"]),
  ];
});

function anAverage() {
  const average = new WeightAverage({ decay: 0.9 });
  const parameters = someParameters();
  average.update(parameters);
  return Object.assign(average, { parameters });
}

/** Optimizers, schedules and the average of the weights. */
export const OPTIM: readonly Target[] = [
  ...optimizerTargets,
  aConstructor("WeightAverage", WeightAverage, () => ({ options: { decay: 0.9, warmUp: true } })),
  ...methodsOf("WeightAverage", anAverage, {
    update,
    prepare: update,
    swap: update,
    saveState: update,
    restoreState: {
      parameters: (average) => ({
        parameters: average.parameters,
        state: average.saveState(average.parameters),
      }),
      words: savedWords,
    },
  }),
  aFunction(
    "clipGradientsByGlobalNorm",
    clipGradientsByGlobalNorm,
    () => ({
      parameters: someParameters(),
      maxNorm: 0.5,
    }),
    { words: update.words },
  ),
  aFunction("constant", constant, () => ({ rate: 0.1 })),
  aFunction("stepDecay", stepDecay, () => ({ options: { initial: 0.1, factor: 0.5, every: 10 } })),
  aFunction("exponentialDecay", exponentialDecay, () => ({
    options: { initial: 0.1, decayRate: 0.9, decaySteps: 10, staircase: true },
  })),
  aFunction("cosineDecay", cosineDecay, () => ({ options: { initial: 0.1, decaySteps: 10, final: 0.01 } })),
  aFunction("oneCycle", oneCycle, () => ({
    options: { peak: 0.1, totalSteps: 20, warmup: 0.2, startFactor: 10, endFactor: 100 },
  })),
];
