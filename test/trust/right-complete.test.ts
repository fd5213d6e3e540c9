import { describe, expect, test } from "vitest";
import type {
  AdamOptions,
  AdamWOptions,
  CosineDecayOptions,
  ExponentialDecayOptions,
  OneCycleOptions,
  SGDOptions,
  StepDecayOptions,
  WeightAverageOptions,
} from "../../src/index.js";
import * as tinyconv from "../../src/index.js";
import { NETWORKS } from "../../src/mnist/networks.js";
import { createLayer, LAYERS } from "../../src/model/layer-table.js";
import * as allSchedules from "../../src/optim/schedule.js";
import { makeLoss } from "../../trust/right/made.js";
import {
  averages,
  clips,
  layers,
  losses,
  networks,
  optimizers,
  schedules,
  smallNetworks,
  trainings,
} from "../../trust/right/references.js";

/** What the entry "." exports with all of these methods, and with none of the others. */
function exportsWith(methods: readonly string[], without: readonly string[] = []): string[] {
  const found = Object.entries(tinyconv).filter(([, value]) => {
    const prototype: object = Object(typeof value === "function" ? value.prototype : undefined);
    return methods.every((name) => name in prototype) && !without.some((name) => name in prototype);
  });
  return found.map(([name]) => name);
}

const TYPES = Object.keys(LAYERS).sort();
const LOSSES = exportsWith(["forward", "backward", "config"], ["build", "fit"]);
const OPTIMIZERS = exportsWith(["step"]);
const SCHEDULES = Object.keys(tinyconv).filter((name) => name in allSchedules);

/** Every option by name: the compiler demands a new one here, and the tests then demand references of it. */
type Names<Options> = Readonly<Record<keyof Options, true>>;
const RATE = { learningRate: true } as const;
const ADAM: Names<AdamOptions> = { ...RATE, beta1: true, beta2: true, epsilon: true };
const OPTIMIZER_OPTIONS: {
  readonly SGD: Names<SGDOptions>;
  readonly Adam: Names<AdamOptions>;
  readonly AdamW: Names<AdamWOptions>;
} = {
  SGD: { ...RATE, momentum: true, nesterov: true },
  Adam: ADAM,
  AdamW: { ...ADAM, weightDecay: true, decay: true },
};
const SCHEDULE_OPTIONS: {
  readonly stepDecay: Names<StepDecayOptions>;
  readonly exponentialDecay: Names<ExponentialDecayOptions>;
  readonly cosineDecay: Names<CosineDecayOptions>;
  readonly oneCycle: Names<OneCycleOptions>;
} = {
  stepDecay: { initial: true, factor: true, every: true },
  exponentialDecay: { initial: true, decayRate: true, decaySteps: true, staircase: true },
  cosineDecay: { initial: true, decaySteps: true, final: true },
  oneCycle: { peak: true, totalSteps: true, warmup: true, startFactor: true, endFactor: true },
};
const AVERAGE_OPTIONS: Names<WeightAverageOptions> = { decay: true, warmUp: true };

/** The names of all options that some references are made with. */
const given = (references: readonly { readonly options: unknown }[]): string[] =>
  sorted(references.flatMap(({ options }) => Object.keys(Object(options))));

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

describe("there are reference values", () => {
  test("of each layer, alone and in a training", () => {
    expect(exportsWith(["build", "forward", "backward"])).toEqual(TYPES);
    expect(sorted(layers.map(({ layer }) => layer.type))).toEqual(TYPES);
    expect(sorted(smallNetworks.flatMap((network) => network.layers.map(({ type }) => type)))).toEqual(TYPES);
  });

  test("of each loss", () => {
    expect(LOSSES).toEqual(["MeanSquaredError", "SoftmaxCrossEntropy"]); // or the search finds nothing
    expect(sorted(losses.map(({ type }) => type))).toEqual(LOSSES);
    expect(sorted(smallNetworks.map(({ loss }) => loss.type))).toEqual(LOSSES);
  });

  test("of each optimizer", () => {
    expect(OPTIMIZERS).toEqual(["Adam", "AdamW", "SGD"]);
    expect(sorted(optimizers.map(({ type }) => type))).toEqual(OPTIMIZERS);
    expect(sorted(Object.keys(OPTIMIZER_OPTIONS))).toEqual(OPTIMIZERS);
  });

  test("of clipping, where it changes the gradients and where it does not", () => {
    const changes = clips.map(({ maxNorm, norm: [norm] }) => norm > maxNorm);
    expect(new Set(changes)).toEqual(new Set([true, false]));
  });

  test("of each schedule", () => {
    expect(sorted(schedules.map(({ type }) => type))).toEqual(Object.keys(allSchedules).sort());
    expect(SCHEDULES).toEqual(Object.keys(allSchedules).sort());
    expect(sorted([...Object.keys(SCHEDULE_OPTIONS), "constant"])).toEqual(SCHEDULES); // which has a rate, and no options
  });

  test("of 20 steps of training with each optimizer under each schedule", () => {
    expect(trainings.every((training) => training.losses.length === 20)).toBe(true);
    const pairs = trainings.map(({ optimizer, schedule }) => `${optimizer.type} ${schedule?.type}`);
    expect(pairs).toEqual(
      expect.arrayContaining(
        OPTIMIZERS.flatMap((type) => SCHEDULES.map((schedule) => `${type} ${schedule}`)),
      ),
    );
  });

  test("of each network for MNIST in its real size", () => {
    expect(networks.map(({ name }) => name)).toEqual(NETWORKS);
  });

  test.each(["BatchNormalization", "Dropout"])("of %s in training and in inference", (type) => {
    const modes = layers.filter(({ layer }) => layer.type === type).map(({ training }) => training);
    expect(new Set(modes)).toEqual(new Set([true, false]));
  });
});

describe("there are reference values for every option", () => {
  test.each(TYPES)("of %s", (type) => {
    const references = layers.map(({ layer }) => layer).filter((layer) => layer.type === type);
    const options = Object.keys(createLayer("Here", references[0]!).config());
    // neither changes a number here: weights are given, and a layer that is not to be trained has its gradients all the same
    const named = ["name", "trainable", "kernelInitializer"];
    expect(options.filter((option) => !named.includes(option))).toEqual(
      options.filter((option) => references.some((layer) => option in layer) && !named.includes(option)),
    );
  });

  test.each(LOSSES)("of %s", (type) => {
    const references = losses.filter((loss) => loss.type === type);
    for (const option of Object.keys(makeLoss(references[0]!).config())) {
      expect(references.some(({ options }) => option in options)).toBe(true);
    }
  });

  test.each(Object.entries(OPTIMIZER_OPTIONS))("of %s", (type, options) => {
    expect(given(optimizers.filter((optimizer) => optimizer.type === type))).toEqual(
      sorted(Object.keys(options)),
    );
  });

  test.each(Object.entries(SCHEDULE_OPTIONS))("of %s", (type, options) => {
    expect(given(schedules.filter((schedule) => schedule.type === type))).toEqual(
      sorted(Object.keys(options)),
    );
  });

  test("of WeightAverage", () => {
    expect(given(averages)).toEqual(sorted(Object.keys(AVERAGE_OPTIONS)));
  });
});
