import {
  Adam,
  Conv2D,
  Dense,
  Flatten,
  type Layer,
  MaxPool2D,
  type Optimizer,
  ReLU,
  Rescaling,
  Sequential,
  SGD,
} from "tinyconv";
import { AdamWithoutCorrection } from "./adam-without-correction.js";
import { lostSum } from "./lost-sum.js";

/** One of the two trainings of an experiment. */
export interface Setup {
  readonly model: Sequential;
  readonly optimizer: Optimizer;
  /** Pieces that a batch is cut into, whose gradients are added up before the step. */
  readonly pieces: number;
  /** How an answer is made of the ten probabilities. */
  readonly answer: (probabilities: ArrayLike<number>) => number;
  readonly steps: number;
}

/** What goes wrong in practice, beside what should be. */
export interface Experiment {
  readonly id: string;
  readonly title: string;
  readonly symptom: string;
  readonly why: string;
  readonly right: () => Setup;
  readonly broken: () => Setup;
}

const STEPS = 100;

/** The digit with the highest probability. */
function argmax(probabilities: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < probabilities.length; k++) if (probabilities[k]! > probabilities[best]!) best = k;
  return best;
}

/** Probabilities become 0 or 1 first, and then the largest is taken: of ten zeros, that is the first. */
function thresholdThenArgmax(probabilities: ArrayLike<number>): number {
  return argmax(Array.from(probabilities, (p) => (p > 0.5 ? 1 : 0)));
}

interface Parts {
  readonly scale?: number;
  readonly optimizer?: Optimizer;
  readonly zeros?: boolean;
  readonly last?: Layer;
  readonly pieces?: number;
  readonly answer?: Setup["answer"];
  readonly steps?: number;
}

/** A small network as it should be trained, but for the parts that are given. */
function setup({
  scale = 1 / 255,
  optimizer,
  zeros = false,
  last,
  pieces = 1,
  answer = argmax,
  steps = STEPS,
}: Parts = {}): Setup {
  const kernelInitializer = zeros ? "zeros" : "heNormal";
  const model = new Sequential({ inputShape: [28, 28, 1], seed: 1 }, [
    new Rescaling({ scale }),
    new Conv2D({ filters: 6, kernelSize: 5, strides: 2, kernelInitializer }),
    new ReLU(),
    new MaxPool2D({ poolSize: 2 }),
    new Flatten(),
    last ?? new Dense({ units: 10, kernelInitializer: zeros ? "zeros" : "glorotUniform" }),
  ]);
  return { model, optimizer: optimizer ?? new SGD({ learningRate: 0.2 }), pieces, answer, steps };
}

/** The experiments of the page. */
export const EXPERIMENTS: readonly Experiment[] = [
  {
    id: "scale",
    title: "No division by 255",
    symptom: "The loss jumps up at once, and the network ends no better than a guess.",
    why: "Inputs 255 times as large make outputs and gradients that are as much too large: the first step throws the weights away.",
    right: () => setup(),
    broken: () => setup({ scale: 1 }),
  },
  {
    id: "rate",
    title: "Learning rate too high",
    symptom: "The loss leaps about or explodes, instead of falling.",
    why: "The gradient says where down is here, not where down ends: a step that is too long lands on the other side, higher up.",
    right: () => setup(),
    broken: () => setup({ optimizer: new SGD({ learningRate: 20 }) }),
  },
  {
    id: "zeros",
    title: "All weights begin at zero",
    symptom: "The loss stays at 2.3, which is ln 10: all ten digits are equally likely.",
    why: "With a kernel of zeros behind it, no layer gets a gradient, and with zeros before it, the last has nothing to work with. Only the biases learn.",
    right: () => setup(),
    broken: () => setup({ zeros: true }),
  },
  {
    id: "adam",
    title: "Adam without bias correction",
    symptom: "The first steps are about three times too long, and the loss shoots up before it falls.",
    why: "Adam keeps two running means: m of the gradient, and v of its square. Both begin at 0. After one step m is a tenth of the gradient and √v a thirtieth: their ratio is 3, where it should be 1.",
    right: () => setup({ optimizer: new Adam({ learningRate: 0.03 }) }),
    broken: () => setup({ optimizer: new AdamWithoutCorrection(0.03) }),
  },
  {
    id: "sum",
    title: "A lost += in a gradient",
    symptom:
      "It learns, but more slowly and less steadily. No gradient check sees it: each single gradient is right.",
    why: "Each batch is computed in eight pieces, whose gradients should add up. If each replaces the one before, only the last piece counts.",
    right: () => setup({ pieces: 8 }),
    broken: () => setup({ pieces: 8, last: lostSum(10) }),
  },
  {
    id: "threshold",
    title: "A threshold of 0.5 before the largest is picked",
    symptom: "The same network, with the same loss, suddenly takes many digits for a 0.",
    why: "Where no probability is above 0.5, all become 0, and the first of ten equal numbers wins. The digit with the highest probability needs no threshold.",
    right: () => setup({ steps: 30 }),
    broken: () => setup({ steps: 30, answer: thresholdThenArgmax }),
  },
];
