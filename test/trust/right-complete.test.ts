import { describe, expect, test } from "vitest";
import * as tinyconv from "../../src/index.js";
import { NETWORKS } from "../../src/mnist/networks.js";
import { createLayer, LAYERS } from "../../src/model/layer-table.js";
import * as allSchedules from "../../src/optim/schedule.js";
import { makeLoss, makeOptimizer } from "../../trust/right/made.js";
import {
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
  });

  test("of each schedule", () => {
    expect(sorted(schedules.map(({ type }) => type))).toEqual(Object.keys(allSchedules).sort());
    expect(SCHEDULES).toEqual(Object.keys(allSchedules).sort());
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

  test.each(OPTIMIZERS)("of %s", (type) => {
    const references = optimizers.filter((optimizer) => optimizer.type === type);
    const fields = Object.keys(makeOptimizer(references[0]!, undefined)).filter((field) => field !== "type");
    for (const option of [...fields, "learningRate"]) {
      expect(references.some(({ options }) => option in options)).toBe(true);
    }
  });
});
