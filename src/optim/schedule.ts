import { cos } from "../tensor/cos.js";
import { expectBoolean, expectInteger, expectNumber, expectOptions } from "../tensor/expect.js";
import { pow } from "../tensor/pow.js";
import type { Schedule } from "./optimizer.js";

/*
 * Each schedule is a function of the step, counted from 0, that returns its learning rate. It keeps nothing, so it
 * can be asked for any step in any order, and printed or drawn before training.
 */

/**
 * The same rate in every step.
 *
 * @throws RangeError if the rate is not a finite number >= 0.
 */
export function constant(rate: number): Schedule {
  expectNumber("constant", "rate", rate, { min: 0 });
  return () => rate;
}

/** Options of `stepDecay`. */
export interface StepDecayOptions {
  /** The rate of the first steps. */
  readonly initial: number;
  /** What the rate is multiplied by, as 0.1. */
  readonly factor: number;
  /** After how many steps, again and again. */
  readonly every: number;
}

/**
 * A staircase: initial, then initial·factor from step `every` on, initial·factor² from step 2·every on, ...
 *
 *     rate = initial·factor^⌊step / every⌋
 *
 * @throws RangeError if an option is out of range.
 */
export function stepDecay(options: StepDecayOptions): Schedule {
  const { initial, factor, every } = expectOptions("stepDecay", options);
  expectNumber("stepDecay", "initial", initial, { min: 0 });
  expectNumber("stepDecay", "factor", factor, { above: 0 });
  expectInteger("stepDecay", "every", every, { min: 1 });
  return (step) => initial * pow(factor, Math.floor(step / every));
}

/** Options of `exponentialDecay`. */
export interface ExponentialDecayOptions {
  /** The rate of step 0. */
  readonly initial: number;
  /** What `decaySteps` steps multiply the rate by, as 0.96. */
  readonly decayRate: number;
  /** The steps that it takes to do so. */
  readonly decaySteps: number;
  /** Multiply once every `decaySteps` steps in place of a little in each step. @default false */
  readonly staircase?: boolean;
}

/**
 * A rate that falls by the same factor in every step:
 *
 *     rate = initial·decayRate^(step / decaySteps)
 *
 * @throws RangeError if an option is out of range; TypeError if `staircase` is not true or false.
 */
export function exponentialDecay(options: ExponentialDecayOptions): Schedule {
  const { initial, decayRate, decaySteps, staircase = false } = expectOptions("exponentialDecay", options);
  expectNumber("exponentialDecay", "initial", initial, { min: 0 });
  expectNumber("exponentialDecay", "decayRate", decayRate, { above: 0 });
  expectInteger("exponentialDecay", "decaySteps", decaySteps, { min: 1 });
  expectBoolean("exponentialDecay", "staircase", staircase);
  if (staircase) return stepDecay({ initial, factor: decayRate, every: decaySteps });
  return (step) => initial * pow(decayRate, step / decaySteps);
}

/** Options of `cosineDecay`. */
export interface CosineDecayOptions {
  /** The rate of step 0. */
  readonly initial: number;
  /** The step that has reached the final rate, which all later ones keep. */
  readonly decaySteps: number;
  /** The rate at the end. @default 0 */
  readonly final?: number;
}

/**
 * Half a wave of the cosine, flat at both ends, from initial in step 0 to final in step `decaySteps`:
 *
 *     rate = final + ½·(initial − final)·(1 + cos(π·step / decaySteps))
 *
 * Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (2017), equation 5, without
 * restarts.
 *
 * @throws RangeError if an option is out of range.
 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const { initial, decaySteps, final = 0 } = expectOptions("cosineDecay", options);
  expectNumber("cosineDecay", "initial", initial, { min: 0 });
  expectInteger("cosineDecay", "decaySteps", decaySteps, { min: 1 });
  expectNumber("cosineDecay", "final", final, { min: 0 });
  return (step) => alongCosine(initial, final, Math.min(step / decaySteps, 1));
}

/** Options of `oneCycle`. */
export interface OneCycleOptions {
  /** The highest rate. */
  readonly peak: number;
  /** The steps of the whole training: epochs times batches. */
  readonly totalSteps: number;
  /** The share of the steps that lead up to the peak, 0 <= warmup < 1. @default 0.15 */
  readonly warmup?: number;
  /** Step 0 has the rate peak / startFactor. @default 25 */
  readonly startFactor?: number;
  /** The last step has the rate peak / endFactor. @default 1000 */
  readonly endFactor?: number;
}

/**
 * One cycle: up in a straight line while the weights find their bearings, then down along a cosine.
 *
 *     step 0             peak / startFactor
 *     step top           peak,  with top = ⌊warmup·last⌋
 *     step last          peak / endFactor,  with last = totalSteps − 1
 *
 * Steps after the last keep its rate.
 *
 * Source: Smith and Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates"
 * (2019); the cosine on the way down, in place of the paper's straight lines, is that of `cosineDecay`.
 *
 * @throws RangeError if an option is out of range.
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const {
    peak,
    totalSteps,
    warmup = 0.15,
    startFactor = 25,
    endFactor = 1000,
  } = expectOptions("oneCycle", options);
  expectNumber("oneCycle", "peak", peak, { min: 0 });
  expectInteger("oneCycle", "totalSteps", totalSteps, { min: 1 });
  expectNumber("oneCycle", "warmup", warmup, { min: 0, below: 1 });
  const start = peak / expectNumber("oneCycle", "startFactor", startFactor, { above: 0 });
  const end = peak / expectNumber("oneCycle", "endFactor", endFactor, { above: 0 });
  const last = totalSteps - 1;
  const top = Math.floor(warmup * last);
  return (step) => {
    if (step >= last) return end;
    if (step < top) return start + (peak - start) * (step / top);
    return alongCosine(peak, end, (step - top) / (last - top));
  };
}

/** From `from` at progress 0 to `to` at progress 1, along half a wave of the cosine. */
function alongCosine(from: number, to: number, progress: number): number {
  return to + 0.5 * (from - to) * (1 + cos(Math.PI * progress));
}
