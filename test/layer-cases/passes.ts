import fc from "fast-check";
import { expect } from "vitest";
import type { Layer } from "../../src/layers/layer.js";
import type { NestedNumbers } from "../../src/tensor/tensor.js";
import { normalTensor, wholeTensor } from "../helpers/random-tensor.js";
import type { Given, Passes } from "./layer-case.js";
import type { BuiltSubject, Subject } from "./subject.js";

/** One forward and one backward pass, but for the layer. */
export interface Run {
  readonly samples: number;
  readonly seed: number;
  readonly training: boolean;
  readonly step: number;
  /** Small whole numbers, among which there are ties and zeros, or normal ones. */
  readonly whole: boolean;
}

export const runs = (minBatch = 1): fc.Arbitrary<Run> =>
  fc.record({
    samples: fc.integer({ min: minBatch, max: minBatch + 2 }),
    seed: fc.nat(1e6),
    training: fc.boolean(),
    step: fc.nat(1000),
    whole: fc.boolean(),
  });

/** What the passes of a run depend on, as it is before them. */
export function givenTo({ sampleShape }: Subject, { outputShape, weights }: BuiltSubject, run: Run): Given {
  const { samples, seed, training, step, whole } = run;
  const draw = whole ? wholeTensor : normalTensor;
  return {
    x: draw([samples, ...sampleShape], seed + 1),
    dy: draw([samples, ...outputShape], seed + 2),
    weights: Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, value.clone()])),
    training,
    step,
  };
}

/** Both passes of a layer whose gradients are zero. */
export function passesOf(layer: Layer, { x, dy, training, step }: Given): Required<Passes> {
  const y = layer.forward(x, { training, step }).toArray();
  const dx = layer.backward(dy)!.toArray();
  return {
    y,
    dx,
    gradients: Object.fromEntries(layer.parameters.map(({ name, grad }) => [name, grad.toArray()])),
    state: Object.fromEntries((layer.state ?? []).map(({ name, value }) => [name, value.toArray()])),
  };
}

/** Expects each result within a share of its largest number, or of 1 if all are smaller. */
export function expectClose(actual: Required<Passes>, wanted: Passes, share: number): void {
  const expected = resultsOf(wanted);
  for (const [name, numbers] of Object.entries(resultsOf(actual))) {
    const atol = share * Math.max(1, largestOf(expected[name]!));
    expect(numbers, name).toBeAllclose(expected[name]!, { rtol: 0, atol });
  }
}

function resultsOf({ y, dx, gradients, state }: Passes): Record<string, NestedNumbers> {
  return { y, dx, ...gradients, ...state };
}

function largestOf(numbers: NestedNumbers): number {
  return typeof numbers === "number" ? Math.abs(numbers) : Math.max(...numbers.map(largestOf));
}
