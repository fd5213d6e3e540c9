import { describe, expect, test } from "vitest";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { Conv2D } from "../../src/layers/conv2d.js";
import { Dense } from "../../src/layers/dense.js";
import { Flatten } from "../../src/layers/flatten.js";
import type { BackwardOptions, ForwardOptions, Layer } from "../../src/layers/layer.js";
import { MaxPool2D } from "../../src/layers/max-pool2d.js";
import { ReLU } from "../../src/layers/relu.js";
import { Rescaling } from "../../src/layers/rescaling.js";
import { Softmax } from "../../src/layers/softmax.js";
import { Sequential } from "../../src/model/sequential.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { HeapWorkspace } from "../../src/tensor/workspace.js";
import { bitsOf, smallDataset, smallNetwork } from "../helpers/models.js";
import { normalTensor } from "../helpers/random-tensor.js";

/** Two inputs, twice as much of each, and their sum plus 1: y = 2·x₁ + 2·x₂ + 1. */
function handModel(): Sequential {
  const model = new Sequential({ inputShape: [2] }, [new Rescaling({ scale: 2 }), new Dense({ units: 1 })]);
  model.setWeights([Tensor.from([[1], [1]]), Tensor.from([1])]);
  return model;
}

/** Passes everything on, and notes how it was called. */
class Spy implements Layer {
  readonly type = "Spy";
  readonly parameters = [];
  readonly forwards: (ForwardOptions | undefined)[] = [];
  readonly backwards: (BackwardOptions | undefined)[] = [];

  build(inputShape: readonly number[]): readonly number[] {
    return inputShape;
  }

  forward(x: Tensor, options?: ForwardOptions): Tensor {
    this.forwards.push(options);
    return x;
  }

  backward(dy: Tensor, options?: BackwardOptions): Tensor {
    this.backwards.push(options);
    return dy;
  }

  config() {
    return {};
  }
}

describe("Sequential, forward and backward,", () => {
  test("is the layers one after the other", () => {
    const model = handModel();
    expect(
      model.forward(
        Tensor.from([
          [3, 4],
          [0, 1],
        ]),
      ),
    ).toEqual(Tensor.from([[15], [3]]));
  });

  test("goes back by the chain rule, and adds to the gradients", () => {
    const model = handModel();
    model.forward(
      Tensor.from([
        [3, 4],
        [0, 1],
      ]),
    );
    const dy = Tensor.from([[1], [10]]);
    // the Dense gets 2·x: dW = [6·1 + 0·10, 8·1 + 2·10], db = 1 + 10
    expect(model.backward(dy)).toBeUndefined();
    expect(model.parameters.map(({ grad }) => grad.toArray())).toEqual([[[6], [28]], [11]]);
    // dx = 2·dy·Wᵀ
    expect(model.backward(dy, { inputGradient: true })).toEqual(
      Tensor.from([
        [2, 2],
        [20, 20],
      ]),
    );
    expect(model.parameters.map(({ grad }) => grad.toArray())).toEqual([[[12], [56]], [22]]);
    model.zeroGrad();
    expect(model.parameters.map(({ grad }) => grad.toArray())).toEqual([[[0], [0]], [0]]);
  });

  test("shows the output of each layer in the last pass", () => {
    const model = handModel();
    expect(model.outputs).toEqual([]);
    model.forward(Tensor.from([[3, 4]]));
    expect(model.outputs).toEqual([
      { name: "rescaling_1", value: Tensor.from([[6, 8]]) },
      { name: "dense_1", value: Tensor.from([[15]]) },
    ]);
  });

  test("leaves its input as it is, and takes bytes for the same images", () => {
    const model = handModel();
    const x = Tensor.from([[3, 4]]);
    const y = model.forward(x).clone();
    expect(x).toEqual(Tensor.from([[3, 4]]));
    expect(model.forward({ data: Uint8Array.of(3, 4), shape: [1, 2] })).toEqual(y);
  });

  test("computes no dx in its first layer, and runs nothing back below the first that is trained", () => {
    const [below, between, above] = [new Spy(), new Spy(), new Spy()];
    const dense = new Dense({ units: 2 });
    const model = new Sequential({ inputShape: [2] }, [
      below,
      dense,
      between,
      new Dense({ units: 1 }),
      above,
    ]);
    const passed: (BackwardOptions | undefined)[] = [];
    const backward = dense.backward.bind(dense);
    dense.backward = (dy, options) => {
      passed.push(options);
      return backward(dy, options);
    };
    model.forward(Tensor.from([[1, 2]]));
    model.backward(Tensor.from([[1]]));
    expect(above.backwards).toEqual([{ inputGradient: true }]);
    expect(between.backwards).toEqual([{ inputGradient: true }]);
    expect(passed).toEqual([{ inputGradient: false }]);
    expect(below.backwards).toEqual([]);

    model.backward(Tensor.from([[1]]), { inputGradient: true });
    expect(passed.at(-1)).toEqual({ inputGradient: true });
    expect(below.backwards).toEqual([{ inputGradient: true }]);

    dense.trainable = false; // now the second Dense is the first that is trained
    model.backward(Tensor.from([[1]]));
    expect(between.backwards).toHaveLength(2);
    expect(passed).toHaveLength(2);
  });

  test("runs nothing back if nothing is trained", () => {
    const spy = new Spy();
    const model = new Sequential({ inputShape: [2] }, [new Dense({ units: 2, trainable: false }), spy]);
    model.forward(Tensor.from([[1, 2]]));
    expect(model.backward(Tensor.from([[1, 1]]))).toBeUndefined();
    expect(spy.backwards).toEqual([]);
  });

  test("tells its layers whether they are trained, and the number of the step", () => {
    const spy = new Spy();
    const model = new Sequential({ inputShape: [1] }, [spy]);
    model.forward(Tensor.from([[1]]));
    model.steps = 7;
    model.forward(Tensor.from([[1]]), { training: true });
    model.forward(Tensor.from([[1]]), { training: true, step: 3 });
    expect(spy.forwards).toEqual([
      { training: false, step: 0 },
      { training: true, step: 7 },
      { training: true, step: 3 },
    ]);
  });

  test("without layers, passes everything on", () => {
    const model = new Sequential({ inputShape: [2] });
    const x = Tensor.from([[1, 2]]);
    expect(model.outputShape).toEqual([2]);
    expect(model.forward(x)).toEqual(x);
    expect(model.backward(x, { inputGradient: true })).toEqual(x);
    expect(model.backward(x)).toBeUndefined();
  });

  test("stops before a Softmax at its end where logits are asked for", () => {
    const model = new Sequential({ inputShape: [2] }, [new Rescaling({ scale: 2 }), new Softmax()]);
    expect(model.logits(Tensor.from([[1, 2]]))).toEqual(Tensor.from([[2, 4]]));
    expect(model.outputs.map(({ name }) => name)).toEqual(["rescaling_1"]);
    expect(model.backward(Tensor.from([[1, 1]]), { inputGradient: true })).toEqual(Tensor.from([[2, 2]]));
    // a Softmax that is not at the end is a layer like any other
    const inside = new Sequential({ inputShape: [2] }, [new Softmax(), new Rescaling({ scale: 2 })]);
    expect(inside.logits(Tensor.from([[5, 5]]))).toEqual(Tensor.from([[1, 1]]));
  });

  test("refuses to go back before it went forward, or from a wrong dy", () => {
    const model = handModel();
    const none = "Sequential.backward: expected a call of forward before it, got none.";
    expect(() => model.backward(Tensor.from([[1]]))).toThrow(new Error(none));
    model.forward(Tensor.from([[3, 4]]));
    expect(() => model.backward(Tensor.from([1]))).toThrow(
      new ShapeError("Sequential.backward: expected shape [1, 1], got [1]."),
    );
    expect(() => model.backward([[1]] as never)).toThrow(
      new TypeError("Sequential.backward: expected a Tensor, got [[1]]. Tensor.from makes one."),
    );
  });

  test("cannot go back from a pass that failed", () => {
    const spy = new Spy();
    const model = new Sequential({ inputShape: [1] }, [new Dense({ units: 1 }), spy]);
    model.forward(Tensor.from([[1]]));
    spy.forward = () => {
      throw new Error("broken");
    };
    expect(() => model.forward(Tensor.from([[1]]))).toThrow(new Error("broken"));
    expect(() => model.backward(Tensor.from([[1]]))).toThrow(
      new Error("Sequential.backward: expected a call of forward before it, got none."),
    );
  });

  test("refuses an input of another shape, in each of its passes", () => {
    const model = handModel();
    const x = Tensor.from([[1, 2, 3]]);
    for (const pass of ["forward", "logits"] as const) {
      expect(() => model[pass](x)).toThrow(
        new ShapeError(`Sequential.${pass}: expected images of shape [N, 2], got [1, 3].`),
      );
    }
  });
});

describe("Sequential, being built,", () => {
  test("works out the shapes, and names the layers", () => {
    const model = new Sequential({ inputShape: [28, 28, 1] })
      .add(new Conv2D({ filters: 8, kernelSize: 5 }))
      .add(new MaxPool2D())
      .add(new Conv2D({ filters: 16, kernelSize: 5, name: "second" }))
      .add(new Flatten())
      .add(new Dense({ units: 10 }));
    expect(model.outputShape).toEqual([10]);
    expect(model.layers.map(({ type }) => type)).toEqual([
      "Conv2D",
      "MaxPool2D",
      "Conv2D",
      "Flatten",
      "Dense",
    ]);
    expect(model.parameters.map(({ name, value }) => [name, ...value.shape])).toEqual([
      ["conv2d_1/kernel", 5, 5, 1, 8],
      ["conv2d_1/bias", 8],
      ["second/kernel", 5, 5, 8, 16],
      ["second/bias", 16],
      ["dense_1/kernel", 1024, 10],
      ["dense_1/bias", 10],
    ]);
  });

  test("lists parameters first and state behind them among the weights", () => {
    const model = new Sequential({ inputShape: [2] }, [
      new BatchNormalization({ center: false }),
      new Dense({ units: 1, useBias: false }),
    ]);
    expect(model.parameters.map(({ name }) => name)).toEqual([
      "batch_normalization_1/gamma",
      "dense_1/kernel",
    ]);
    expect(model.weights.map(({ name }) => name)).toEqual([
      "batch_normalization_1/gamma",
      "dense_1/kernel",
      "batch_normalization_1/moving_mean",
      "batch_normalization_1/moving_variance",
    ]);
  });

  test("refuses a layer that does not fit, naming it, what it expected and what it got", () => {
    const model = new Sequential({ inputShape: [28, 28, 1] }, [new Conv2D({ filters: 8, kernelSize: 3 })]);
    expect(() => model.add(new Dense({ units: 10, name: "scores" }))).toThrow(
      expect.objectContaining({
        name: "ShapeError",
        message:
          "Sequential.add: scores, layer 2 of the model, does not fit. " +
          "Dense.build: expected shape [I], got [26, 26, 8]. Put a Flatten in front of it.",
      }),
    );
    expect(() => model.add(new Conv2D({ filters: 8, kernelSize: 27 }))).toThrow(
      "Sequential.add: conv2d_2, layer 2 of the model, does not fit. " +
        "Conv2D.build: expected a kernel no larger than its input of [26, 26], got [27, 27]",
    );
    // the layer can still go where it fits, and the model goes on as if nothing had happened
    const dense = new Dense({ units: 10 });
    expect(() => model.add(dense)).toThrow(ShapeError);
    expect(model.add(new Flatten()).add(dense).outputShape).toEqual([10]);
  });

  test("names the layer where its options do not fit each other", () => {
    const model = new Sequential({ inputShape: [4, 4, 1] });
    const pool = new MaxPool2D({
      poolSize: 2,
      padding: [
        [2, 0],
        [0, 0],
      ],
    });
    expect(() => model.add(pool)).toThrow(
      expect.objectContaining({
        name: "RangeError",
        message: expect.stringMatching(
          /^Sequential\.add: max_pool2d_1, layer 1 of the model, does not fit\. MaxPool2D\.build: expected padding /,
        ),
      }),
    );
  });

  test("refuses a layer that stands in a model already", () => {
    const relu = new ReLU();
    const model = new Sequential({ inputShape: [2] }, [relu]);
    const twice =
      "buildLayer: expected a new layer, got a ReLU that is built already. Make a layer of its own for each place it is used in.";
    expect(() => model.add(relu)).toThrow(new Error(twice));
    expect(() => new Sequential({ inputShape: [2] }, [relu])).toThrow(new Error(twice));
    expect(model.layers).toEqual([relu]);
  });

  test("refuses what is no layer", () => {
    const model = new Sequential({ inputShape: [2] });
    const refused: [unknown, string][] = [
      [undefined, "undefined"],
      [null, "null"],
      [ReLU, "a value of type Function"],
      [[new ReLU()], "[a value of type ReLU]"],
      ["relu", '"relu" (string)'],
    ];
    for (const [value, got] of refused) {
      expect(() => model.add(value as never)).toThrow(
        new TypeError(`Sequential.add: expected a layer, got ${got}.`),
      );
    }
    const layer = Object.assign(new ReLU(), { trainable: "no" });
    expect(() => model.add(layer as never)).toThrow(
      new TypeError('Sequential.add: expected trainable of a ReLU to be true or false, got "no" (string).'),
    );
  });

  test("refuses a layer whose tensors could not be told apart in a file", () => {
    const value = new Tensor([1]);
    const state = [
      { name: "mean", value },
      { name: "mean", value },
    ];
    const layer = Object.assign(new Spy(), { state });
    expect(() => new Sequential({ inputShape: [1] }, [layer])).toThrow(
      new RangeError(
        "Sequential.add: expected parameters and state of different names, got spy_1/mean twice.",
      ),
    );
  });

  test("refuses a workspace that is none", () => {
    for (const workspace of [{}, null]) {
      expect(() => new Sequential({ inputShape: [2], workspace: workspace as never })).toThrow(
        new TypeError(
          `Sequential: expected workspace to be a Workspace, got ${workspace ? "an object" : "null"}. Leave it out for the default.`,
        ),
      );
    }
  });

  test("refuses an input shape that is none, and a seed that is none", () => {
    const wanted = "Sequential: expected inputShape to be the shape of one sample, such as [28, 28, 1], got";
    for (const [shape, got] of [
      [undefined, "undefined"],
      [784, "784 (number)"],
    ] as const) {
      expect(() => new Sequential({ inputShape: shape as never })).toThrow(
        new TypeError(`${wanted} ${got}.`),
      );
    }
    for (const [shape, got] of [
      [[], "[]"],
      [[28, 0, 1], "[28, 0, 1]"],
      [[2.5], "[2.5]"],
      [["28", 28] as never, '["28", 28]'],
      [[Number.NaN], "[NaN]"],
    ] as const) {
      expect(() => new Sequential({ inputShape: shape })).toThrow(new RangeError(`${wanted} ${got}.`));
    }
    expect(() => new Sequential({ inputShape: [2 ** 30, 2 ** 30] })).toThrow(
      new RangeError(
        "Sequential (inputShape): expected a shape of fewer than 2^53 elements, got [1073741824, 1073741824].",
      ),
    );
    for (const [seed, got] of [
      [-1, "-1"],
      [Number.NaN, "NaN"],
      [0.5, "0.5"],
    ] as const) {
      expect(() => new Sequential({ inputShape: [1], seed })).toThrow(
        new RangeError(`Sequential: expected seed to be a whole number >= 0, got ${got} (number).`),
      );
    }
  });

  test("keeps its input shape when the caller's array changes", () => {
    const inputShape = [2];
    const model = new Sequential({ inputShape });
    inputShape[0] = 3;
    expect(model.inputShape).toEqual([2]);
  });

  test("takes its memory from the workspace that it is given", () => {
    const workspace = new HeapWorkspace();
    const names: string[] = [];
    const tensor = workspace.tensor.bind(workspace);
    workspace.tensor = (name, shape) => {
      names.push(name);
      return tensor(name, shape);
    };
    new Sequential({ inputShape: [2], workspace }, [new Dense({ units: 1 })]);
    expect(names).toEqual(["kernel", "dkernel", "bias", "dbias"]);
  });

  test("draws the same weights from the same seed, and others from another", () => {
    expect(bitsOf(smallNetwork(1))).toEqual(bitsOf(smallNetwork(1)));
    expect(bitsOf(smallNetwork(1))).not.toEqual(bitsOf(smallNetwork(2)));
  });
});

describe("Sequential's weights", () => {
  test("are given as copies, and put back as copies", () => {
    const model = handModel();
    const saved = model.getWeights();
    expect(saved).toEqual([Tensor.from([[1], [1]]), Tensor.from([1])]);
    saved[0]!.data.fill(9);
    expect(model.weights[0]!.value).toEqual(Tensor.from([[1], [1]]));

    model.setWeights(saved);
    expect(model.weights[0]!.value).toEqual(Tensor.from([[9], [9]]));
    saved[0]!.data.fill(5);
    expect(model.weights[0]!.value).toEqual(Tensor.from([[9], [9]]));
  });

  test("make another model of the same layers the same", () => {
    const [model, other] = [smallNetwork(1), smallNetwork(2)];
    other.setWeights(model.getWeights());
    const { images } = smallDataset(4, 1);
    expect(other.predict(images)).toEqual(model.predict(images));
  });

  test("are refused if they do not fit, and then none has changed", () => {
    const model = handModel();
    const W = Tensor.from([[7], [7]]);
    const before = model.getWeights();
    expect(() => model.setWeights(undefined as never)).toThrow(
      new TypeError("Sequential.setWeights: expected an array of tensors, got undefined."),
    );
    expect(() => model.setWeights([W])).toThrow(
      new ShapeError("Sequential.setWeights: expected 2 tensors, got 1."),
    );
    expect(() => model.setWeights([W, Tensor.from([1, 2])])).toThrow(
      new ShapeError("Sequential.setWeights (dense_1/bias): expected shape [1], got [2]."),
    );
    expect(() => model.setWeights([W, [1] as never])).toThrow(
      new TypeError(
        "Sequential.setWeights (dense_1/bias): expected a Tensor, got [1]. Tensor.from makes one.",
      ),
    );
    expect(model.getWeights()).toEqual(before);
  });

  test("of layers that are not trainable are left out of those to train", () => {
    const model = smallNetwork(1);
    const names = (): string[] => model.trainableParameters.map(({ name }) => name);
    expect(names()).toEqual(["conv2d_1/kernel", "conv2d_1/bias", "dense_1/kernel", "dense_1/bias"]);
    model.layers[0]!.trainable = false;
    expect(names()).toEqual(["dense_1/kernel", "dense_1/bias"]);
    expect(model.parameters).toHaveLength(4);
  });
});

describe("Sequential.config and fromConfig", () => {
  test("say what the model is made of, in plain JSON", () => {
    const model = new Sequential({ inputShape: [2], seed: 3 }, [
      new ReLU(),
      new Dense({ units: 4, name: "scores", trainable: false }),
    ]);
    const config = model.config();
    expect(config).toEqual({
      inputShape: [2],
      seed: 3,
      layers: [
        { type: "ReLU", name: "relu_1", trainable: true },
        {
          type: "Dense",
          name: "scores",
          trainable: false,
          units: 4,
          useBias: true,
          kernelInitializer: "glorotUniform",
        },
      ],
    });
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
  });

  test("make the same model again, down to its first weights", () => {
    const model = smallNetwork(5, [new Softmax()]);
    const again = Sequential.fromConfig(JSON.parse(JSON.stringify(model.config())));
    expect(again.config()).toEqual(model.config());
    expect(bitsOf(again)).toEqual(bitsOf(model));
    expect(again.summary()).toBe(model.summary());
  });

  test("make layers of one's own through the table", () => {
    const model = new Sequential({ inputShape: [1] }, [new Spy()]);
    expect(Sequential.fromConfig(model.config(), { layers: { Spy } }).layers[0]).toBeInstanceOf(Spy);
    expect(() => Sequential.fromConfig(model.config())).toThrow(
      /^Sequential\.fromConfig: expected a layer type out of AvgPool2D, .*, Tanh, got "Spy" \(string\)\. Pass a class of your own as \{ layers: \{ MyLayer \} \}\.$/,
    );
  });

  test("refuse what is no config", () => {
    const refused: [unknown, string][] = [
      [undefined, "undefined"],
      [null, "null"],
      [[], "[]"],
      [{ inputShape: [1] }, "an object"],
      ["{}", '"{}" (string)'],
    ];
    for (const [config, got] of refused) {
      expect(() => Sequential.fromConfig(config as never)).toThrow(
        new TypeError(`Sequential.fromConfig: expected { inputShape, seed, layers }, got ${got}.`),
      );
    }
  });

  test("refuse options that a layer refuses, in the layer's own words", () => {
    const make = (layer: object) => () =>
      Sequential.fromConfig({ inputShape: [2], seed: 0, layers: [layer as { type: string }] });
    expect(make({ type: "Dense", units: "4" })).toThrow(
      new RangeError('Dense: expected units to be a whole number >= 1, got "4" (string).'),
    );
    expect(make({ type: "Dense", units: { constructor: { name: 3 } } })).toThrow(
      new RangeError("Dense: expected units to be a whole number >= 1, got an object."),
    );
    expect(make({ type: "Dense", units: 4, useBias: null })).toThrow(
      new TypeError("Dense: expected useBias to be true or false, got null."),
    );
    expect(make({ type: "ReLU", trainable: 1 })).toThrow(
      new TypeError("ReLU: expected trainable to be true or false, got 1 (number)."),
    );
    expect(make({ type: "ReLU", name: { toString: null } })).toThrow(
      new TypeError("ReLU: expected name to be a text, got an object."),
    );
  });

  test("take no workspace out of a config, which may come from a file", () => {
    const config = { ...smallNetwork(1).config(), workspace: {} };
    expect(Sequential.fromConfig(config).outputShape).toEqual([3]);
  });
});

describe("Sequential's gradient", () => {
  test("of a batch is the sum of the gradients of its samples", () => {
    const model = smallNetwork(1);
    const x = normalTensor([2, 6, 6, 1], 3);
    const dy = normalTensor([2, 3], 4);
    const half = (tensor: Tensor, i: number): Tensor =>
      new Tensor(
        [1, ...tensor.shape.slice(1)],
        tensor.data.slice((i * tensor.size) / 2, ((i + 1) * tensor.size) / 2),
      );
    const gradients = (): Tensor[] => model.parameters.map(({ grad }) => grad.clone());

    model.forward(x);
    model.backward(dy);
    const both = gradients();
    model.zeroGrad();
    for (const i of [0, 1]) {
      model.forward(half(x, i));
      model.backward(half(dy, i));
    }
    for (const [i, gradient] of gradients().entries()) expect(gradient).toBeAllclose(both[i]!);
  });
});
