import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { zeroGrad } from "../../src/layers/layer.js";
import { gradientCheck } from "../../src/model/gradient-check.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { FLOAT32, FLOAT64 } from "../layer-cases/layer-case.js";
import { expectClose, givenTo, passesOf, runs } from "../layer-cases/passes.js";
import { build, LAYER_TYPES, subjects } from "../layer-cases/subject.js";
import { LAYER_CASES } from "../layer-cases/table.js";

const { fround } = Math;

describe.each(LAYER_TYPES)("%s", (type) => {
  const { gradients } = LAYER_CASES[type];

  test("equals the naive loops: in every bit in float32, closely in float64", () => {
    fc.assert(
      fc.property(subjects(type), runs(), (subject, run) => {
        const built = build(subject, run.seed);
        const given = givenTo(subject, built, run);
        const actual = passesOf(built.layer, given);
        const naive = { gradients: {}, state: {} };
        expect(actual).toEqual({ ...naive, ...subject.naive(given, FLOAT32) });
        expectClose(actual, { ...naive, ...subject.naive(given, FLOAT64) }, 1e-5);
      }),
      { numRuns: 40 },
    );
  });

  test("has the gradients that differences measure, of x and of every parameter", () => {
    const { x = normalTensor, minBatch = 1, step, tolerance } = gradients;
    fc.assert(
      fc.property(subjects(type, { side: 4, last: 3 }), runs(minBatch), (subject, run) => {
        const { layer } = build(subject, run.seed);
        const { samples, seed, training } = run;
        const report = gradientCheck(layer, x([samples, ...subject.sampleShape], seed), { step, training });
        const names = layer.parameters.map(({ name }) => name);
        expect(report.rows.map(({ name }) => name)).toEqual(["input", ...names]);
        expect(report.rows.map(({ skipped }) => skipped)).toEqual(report.rows.map(() => 0)); // no case comes near a kink
        expect(report.worst).toBeLessThan(tolerance);
      }),
      { numRuns: 15 },
    );
  });

  test("adds to the gradients of its parameters: twice backward is twice as much", () => {
    fc.assert(
      fc.property(subjects(type), runs(), (subject, run) => {
        const built = build(subject, run.seed);
        const { layer } = built;
        const { x, dy, training, step } = givenTo(subject, built, run);
        const gradientsOf = () => layer.parameters.map(({ grad }) => grad.clone());
        layer.forward(x, { training, step });
        const dx = layer.backward(dy)!.toArray();
        const once = gradientsOf();
        expect(layer.backward(dy)!.toArray()).toEqual(dx);
        const doubled = once.map(({ data }) => data.map((value) => 2 * value));
        expect(gradientsOf().map(({ data }) => data)).toEqual(doubled);

        // whatever is there, the finished sum is added to it once
        const there = layer.parameters.map(({ grad }) => normalTensor(grad.shape, run.seed));
        for (const [i, { grad }] of layer.parameters.entries()) grad.data.set(there[i]!.data);
        layer.backward(dy);
        for (const [i, { grad }] of layer.parameters.entries()) {
          expect(grad.data).toEqual(there[i]!.data.map((value, k) => fround(value + once[i]!.data[k]!)));
        }
        zeroGrad(layer.parameters);
        layer.backward(dy, { inputGradient: false });
        expect(gradientsOf()).toEqual(once);
      }),
      { numRuns: 20 },
    );
  });
});
