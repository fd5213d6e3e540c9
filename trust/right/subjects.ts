import { currentBackend, setBackend } from "../../src/index.js";
import { BACKENDS } from "../../src/tensor/simd/backend.js";
import { compareLayer } from "./compare-layer.js";
import { compareLoss } from "./compare-loss.js";
import { compareNetwork } from "./compare-network.js";
import { compareAverage, compareClip, compareOptimizer, compareSchedule } from "./compare-optimizer.js";
import { compareTraining } from "./compare-training.js";
import { averages, clips, layers, losses, networks, optimizers, schedules, trainings } from "./references.js";
import { Tally } from "./tally.js";

/** One thing of the library, and all its cases. */
export interface Subject {
  readonly name: string;
  readonly cases: readonly Case[];
  /** The largest relative difference from PyTorch's numbers that it may have. */
  readonly limit: number;
}

export interface Case {
  readonly title: string;
  /** Compares on the current backend. */
  readonly compare: (tally: Tally) => void;
}

const LIMIT = 1e-5; // some hundred roundings to float32
const LIMIT_OF_RATES = 1e-12; // which are float64
const LIMIT_AFTER_20_STEPS = 1e-4;
const LIMIT_OF_NETWORKS = 1e-4; // their layers pass on what each rounds

/** Everything that there are reference values of. */
export const SUBJECTS: readonly Subject[] = [
  ...subjects(layers, compareLayer, {
    name: ({ layer }) => layer.type,
    title: ({ layer: { type: _, ...options }, xShape, training }) =>
      `${JSON.stringify(options)} of [${xShape}]${training ? " in training" : ""}`,
  }),
  ...subjects(losses, compareLoss, {
    name: ({ type }) => type,
    title: ({ options, shape, labels }) =>
      `${JSON.stringify(options)} of [${shape}] and ${labels ? "labels" : "targets"}`,
  }),
  ...subjects(optimizers, compareOptimizer, {
    name: ({ type }) => type,
    title: ({ options, schedule }) =>
      JSON.stringify(options) + (schedule ? ` by ${JSON.stringify(schedule)}` : ""),
  }),
  ...subjects(clips, compareClip, {
    name: () => "clipGradientsByGlobalNorm",
    title: ({ maxNorm, norm }) => `${norm} to ${maxNorm}`,
  }),
  ...subjects(averages, compareAverage, {
    name: () => "WeightAverage",
    title: ({ options }) => JSON.stringify(options),
  }),
  ...subjects(schedules, compareSchedule, {
    name: ({ type }) => type,
    title: ({ options }) => JSON.stringify(options),
    limit: LIMIT_OF_RATES,
  }),
  ...subjects(trainings, compareTraining, {
    name: ({ optimizer }) => `20 steps with ${optimizer.type}`,
    title: ({ network, optimizer, schedule, clipNorm, weightAverage }) =>
      `of ${network} ${JSON.stringify({ ...optimizer.options, schedule, clipNorm, weightAverage })}`,
    limit: LIMIT_AFTER_20_STEPS,
  }),
  ...subjects(networks, compareNetwork, {
    name: ({ name }) => `the network ${name}`,
    title: () => "in a first pass",
    limit: LIMIT_OF_NETWORKS,
  }),
];

interface Naming<Reference> {
  /** Of the subject. */
  readonly name: (reference: Reference) => string;
  /** Of the case. */
  readonly title: (reference: Reference) => string;
  readonly limit?: number;
}

/** References by the things they are of. */
function subjects<Reference>(
  references: readonly Reference[],
  compare: (reference: Reference, tally: Tally) => void,
  { name, title, limit = LIMIT }: Naming<Reference>,
): Subject[] {
  return [...new Set(references.map(name))].map((subject) => ({
    name: subject,
    limit,
    cases: references
      .filter((reference) => name(reference) === subject)
      .map((reference) => ({
        title: title(reference),
        compare: (tally) => compare(reference, tally),
      })),
  }));
}

/** Compares cases with both backends, and leaves the one that was chosen before. */
export function compareOnBackends(cases: readonly Case[]): Tally {
  const before = currentBackend();
  const tally = new Tally();
  try {
    for (const backend of BACKENDS) {
      setBackend(backend);
      for (const { compare } of cases) compare(tally);
    }
  } finally {
    setBackend(before);
  }
  return tally;
}
