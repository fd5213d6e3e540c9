import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import type { Layer, LayerOptions } from "../../src/layers/layer.js";
import { createLayer, LAYERS } from "../../src/model/layer-table.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { describe as describeValue } from "../../src/tensor/expect.js";
import { formatShape, type Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { normalTensor } from "../helpers/random-tensor.js";
import { RecordingWorkspace } from "../helpers/recording-workspace.js";
import { givenTo, passesOf, type Run, runs } from "../layer-cases/passes.js";
import { build, LAYER_TYPES, type Subject, subjects } from "../layer-cases/subject.js";
import { LAYER_CASES } from "../layer-cases/table.js";

/** The shapes that are longer by one on one axis. */
const longerThan = (shape: Shape): Shape[] => shape.map((length, axis) => shape.with(axis, length + 1));

describe.each(LAYER_TYPES)("%s, as any layer,", (type) => {
  const { defaults, refusedOptions, refusedShapes } = LAYER_CASES[type];

  /** Runs a check with some layers of all options. */
  function check(predicate: (subject: Subject, run: Run) => void): void {
    fc.assert(fc.property(subjects(type), runs(), predicate), { numRuns: 8 });
  }

  test("refuses to run before it is built, and to go back before it went forward", () => {
    check((subject) => {
      const unbuilt = subject.make();
      const x = new Tensor([1, ...subject.sampleShape]);
      const remedy = "expected a built layer, got one without an input shape. Add it to a Sequential first.";
      expect(() => unbuilt.forward(x)).toThrow(new Error(`${type}.forward: ${remedy}`));
      expect(() => unbuilt.backward(x)).toThrow(new Error(`${type}.backward: ${remedy}`));
      const { layer, outputShape } = build(subject, 0);
      expect(() => layer.backward(new Tensor([1, ...outputShape]))).toThrow(
        new Error(
          `${type}.backward: expected a call of forward before it, got none. The gradient is taken at its input.`,
        ),
      );
    });
  });

  test("refuses options that are no object, a name that is no text, and a trainable that is no boolean", () => {
    const LayerClass = LAYERS[type] as new (options: unknown) => Layer;
    for (const options of [3, null, []]) {
      expect(() => new LayerClass(options)).toThrow(
        `${type}: expected options to be an object, as in { name: value }, got ${describeValue(options)}.`,
      );
    }
    expect(() => new LayerClass({ name: 3 })).toThrow(`${type}: expected name to be a text, got 3 (number).`);
    expect(() => new LayerClass({ trainable: "no" })).toThrow(
      `${type}: expected trainable to be true or false, got "no" (string).`,
    );
  });

  test("refuses an x that is not what it was built for, and a dy that is not what it gave", () => {
    check((subject) => {
      const { layer, outputShape } = build(subject, 0);
      const refuses = (method: "forward" | "backward", shape: Shape, wanted: readonly (number | string)[]) =>
        expect(() => layer[method](new Tensor(shape))).toThrow(
          new ShapeError(
            `${type}.${method}: expected shape ${formatShape(wanted)}, got ${formatShape(shape)}.`,
          ),
        );
      const { sampleShape } = subject;
      for (const shape of [sampleShape, ...longerThan(sampleShape).map((longer) => [2, ...longer])]) {
        refuses("forward", shape, ["N", ...sampleShape]);
      }
      layer.forward(new Tensor([2, ...sampleShape]));
      for (const shape of [outputShape, ...longerThan([2, ...outputShape])]) {
        refuses("backward", shape, [2, ...outputShape]);
      }
    });
  });

  test("gives the shape that build promised, for a batch of any size, and dx of the shape of x", () => {
    check((subject, { seed, samples }) => {
      const { layer, outputShape } = build(subject, seed);
      for (const N of [samples, 0]) {
        expect(layer.forward(new Tensor([N, ...subject.sampleShape])).shape).toEqual([N, ...outputShape]);
        expect(layer.backward(new Tensor([N, ...outputShape]))?.shape).toEqual([N, ...subject.sampleShape]);
      }
    });
  });

  test("computes no dx that nobody asks for, if it has parameters to be asked for", () => {
    check((subject, run) => {
      const built = build(subject, run.seed);
      const { x, dy, training, step } = givenTo(subject, built, run);
      built.layer.forward(x, { training, step });
      const dx = built.layer.backward(dy, { inputGradient: false });
      if (built.layer.parameters.length > 0) expect(dx).toBeUndefined();
    });
  });

  test("leaves x and dy as they are, its parameters too, and y while it goes back", () => {
    check((subject, run) => {
      const built = build(subject, run.seed);
      const { x, dy, weights, training, step } = givenTo(subject, built, run);
      const [xBefore, dyBefore] = [x.clone(), dy.clone()];
      const y = built.layer.forward(x, { training, step });
      const yBefore = y.clone();
      built.layer.backward(dy);
      expect([x, dy, y]).toEqual([xBefore, dyBefore, yBefore]);
      for (const { name, value } of built.layer.parameters) expect(value).toEqual(weights[name]);
    });
  });

  test("uses its memory again from step to step, also for fewer samples", () => {
    check((subject, { seed }) => {
      const { layer, outputShape } = build(subject, seed);
      const x = normalTensor([3, ...subject.sampleShape], seed);
      const dy = normalTensor([3, ...outputShape], seed);
      const y = layer.forward(x, { training: true });
      const dx = layer.backward(dy);
      expect(layer.forward(x, { training: true }).data.buffer).toBe(y.data.buffer);
      expect(layer.backward(dy)?.data.buffer).toBe(dx?.data.buffer);
    });
  });

  test("gives for each batch what a new layer gives, after more samples or fewer", () => {
    check((subject, run) => {
      const used = build(subject, run.seed);
      for (const samples of [3, 1, 4, 2]) {
        const fresh = build(subject, run.seed);
        const given = givenTo(subject, fresh, { ...run, samples, seed: run.seed + samples });
        // the statistics have moved since
        for (const { name, value } of used.layer.state ?? []) value.data.set(given.weights[name]!.data);
        for (const { grad } of used.layer.parameters) grad.data.fill(0);
        expect(passesOf(used.layer, given)).toEqual(passesOf(fresh.layer, given));
      }
    });
  });

  test("asks for memory under names, each for one thing, and has parameters of the names of their memory", () => {
    check((subject, { seed }) => {
      const workspace = new RecordingWorkspace();
      const { layer } = build(subject, seed, workspace);
      const { names, tensors } = workspace;
      expect(names.every((name) => /^[a-zA-Z_]+$/.test(name))).toBe(true);
      expect(new Set(names).size).toBe(names.length);
      for (const { name, value } of [...layer.parameters, ...(layer.state ?? [])]) {
        expect(tensors.get(name)).toBe(value);
      }
      for (const { name, grad } of layer.parameters) expect(tensors.get(`d${name}`)).toBe(grad);
    });
  });

  test("draws the same from the same generator, and has nothing before it is built", () => {
    check((subject, { seed }) => {
      const unbuilt = subject.make();
      expect([unbuilt.parameters, unbuilt.state ?? [], unbuilt.multiplyAdds ?? 0]).toEqual([[], [], 0]);
      expect(build(subject, seed).weights).toEqual(build(subject, seed).weights);
      for (const { grad } of build(subject, seed).layer.parameters)
        expect(grad).toEqual(new Tensor(grad.shape));
    });
  });

  test("is made again by its config, which is plain JSON", () => {
    const again = (config: object) => createLayer("test", JSON.parse(JSON.stringify({ type, ...config })));
    check((subject) => {
      const layer = subject.make();
      expect(layer).toMatchObject({ type, name: undefined });
      const config = layer.config();
      expect(config).toMatchObject(subject.options);
      // an option that is not drawn would not be tested
      const drawn = Object.keys({ name: undefined, trainable: true, ...subject.options });
      expect(drawn.sort()).toEqual(Object.keys(config).sort());
      expect(again(layer.config()).config()).toEqual(layer.config());
      const named: LayerOptions = { name: "mine", trainable: false };
      expect(subject.make(named)).toMatchObject(named);
      expect(subject.make(named).config()).toMatchObject({ ...subject.options, ...named });
      expect(again(subject.make(named).config()).config()).toEqual(subject.make(named).config());
    });
  });

  test("has the defaults that its case states", () => {
    const layer = createLayer("test", { type, ...defaults.given });
    expect(layer.config()).toEqual({ name: undefined, trainable: true, ...defaults.all });
    expect(layer).toMatchObject({ type, name: undefined, trainable: true });
  });

  for (const { options, error } of refusedOptions) {
    test(`refuses the options ${JSON.stringify(options)}`, () => {
      expect(() => createLayer("test", { type, ...options })).toThrow(error);
    });
  }

  for (const { options, shape, error } of refusedShapes) {
    test(`refuses samples of shape [${shape}] with the options ${JSON.stringify(options)}`, () => {
      const layer = createLayer("test", { type, ...options });
      expect(() => buildLayer(layer, shape)).toThrow(error);
    });
  }
});
