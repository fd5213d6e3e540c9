import { clipGradientsByGlobalNorm, WeightAverage } from "../../src/index.js";
import { makeOptimizer, makeParameters, makeSchedule } from "./made.js";
import type { AverageReference, ClipReference, OptimizerReference, ScheduleReference } from "./references.js";
import type { Tally } from "./tally.js";

/** An optimizer: all parameters after each of a few steps with given gradients. */
export function compareOptimizer(reference: OptimizerReference, tally: Tally): void {
  const { shapes, before, gradients, after, schedule } = reference;
  const parameters = makeParameters(shapes, before);
  const optimizer = makeOptimizer(reference, schedule);
  for (const [step, given] of gradients.entries()) {
    const moving = parameters.filter(({ name }) => given[name] !== undefined);
    for (const { name, grad } of moving) grad.data.set(given[name]!);
    optimizer.step(moving);
    for (const { name, value } of parameters) {
      tally.compare(`${name} after step ${step}`, value.data, after[step]![name]!);
    }
  }
}

/** Clipping: the norm, and the gradients after it. */
export function compareClip({ maxNorm, shapes, before, norm, after }: ClipReference, tally: Tally): void {
  const parameters = makeParameters(shapes, before);
  for (const { value, grad } of parameters) grad.data.set(value.data);
  tally.compare("norm", [clipGradientsByGlobalNorm(parameters, maxNorm)], norm);
  for (const { name, grad } of parameters) tally.compare(name, grad.data, after[name]!);
}

/** The weight average: the averages after each update. */
export function compareAverage({ options, shapes, weights, averages }: AverageReference, tally: Tally): void {
  const parameters = makeParameters(shapes, weights[0]!);
  const average = new WeightAverage(options);
  for (const [update, values] of weights.entries()) {
    for (const { name, value } of parameters) value.data.set(values[name]!);
    average.update(parameters);
    average.swap(parameters);
    for (const { name, value } of parameters) {
      tally.compare(`${name} after update ${update}`, value.data, averages[update]![name]!);
    }
    average.swap(parameters);
  }
}

/** A schedule: the rates of its first steps. */
export function compareSchedule(reference: ScheduleReference, tally: Tally): void {
  const schedule = makeSchedule(reference);
  for (const [step, rate] of reference.rates.entries()) {
    tally.compare(`step ${step}`, [schedule(step)], [rate]);
  }
}
