import { describe, expect, test } from "vitest";
import { exportOnnx } from "../../../src/formats/onnx/export-onnx.js";
import { importOnnx } from "../../../src/formats/onnx/import-onnx.js";
import { TENSOR } from "../../../src/formats/onnx/onnx-schema.js";
import { ANY_LAYOUT } from "../../../src/formats/onnx/operators.js";
import { createMessage } from "../../../src/formats/onnx/protobuf.js";
import { Adam, type Sequential, Tensor } from "../../../src/index.js";
import { createNetwork } from "../../../src/mnist/networks.js";
import { type FileDraft, floats, integers, type NodeDraft, onnxFile, valueInfo } from "../../helpers/onnx.js";

/** The layers of the model in a file, as `Conv2D` and so on. */
function typesOf(model: Sequential): string[] {
  return model.layers.map(({ type }) => type);
}

/** The options of the n-th layer of the model in a file. */
function configOf(draft: FileDraft, layer = 0): Readonly<Record<string, unknown>> {
  return importOnnx(onnxFile(draft)).config().layers[layer]!;
}

/** What a model with outputs of its own gives for some samples. */
function run(draft: FileDraft, images: Tensor): number[] {
  return [...importOnnx(onnxFile(draft)).predict(images, { activation: "none" }).data];
}

/** The message of the error that a file is refused with. */
function refusalOf(draft: FileDraft): string {
  try {
    importOnnx(onnxFile(draft));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was imported");
}

const relu: NodeDraft = { op: "Relu", inputs: ["x"], output: "y", name: "a" };
const oneTap = floats([1, 1, 1, 1], [1]);

/** A file of one node, x → y, called "a". */
function single(op: string, draft: Partial<NodeDraft> & Omit<FileDraft, "nodes"> = {}): FileDraft {
  const { inputs = ["x"], attributes = {}, more = {}, ...file } = draft;
  return { ...file, nodes: [{ op, inputs, output: "y", name: "a", attributes, more }] };
}

/** A convolution of one channel with a kernel of KH x KW ones. */
function conv(KH: number, KW: number, attributes: NodeDraft["attributes"] = {}, H = 5, W = 5): FileDraft {
  const w = floats([1, 1, KH, KW], new Array(KH * KW).fill(1));
  return single("Conv", { inputs: ["x", "w"], attributes, constants: { w }, shape: ["N", 1, H, W] });
}

describe("importOnnx", () => {
  test("makes a model of a file, which computes what the file says", () => {
    // 2x + 3y of each pixel's two channels, plus 10; then the larger of each row of two, as a row
    const nodes: NodeDraft[] = [
      { op: "Conv", inputs: ["x", "w", "b"], output: "1" },
      { op: "MaxPool", inputs: ["1"], output: "2", attributes: { kernel_shape: [1, 2], strides: [1, 2] } },
      { op: "Flatten", inputs: ["2"], output: "3" },
    ];
    const constants = { w: floats([1, 2, 1, 1], [2, 3]), b: floats([1], [10]) };
    const gemm: NodeDraft = { op: "Gemm", inputs: ["3", "one"], output: "y" };
    const file = {
      nodes: [...nodes, gemm],
      constants: { ...constants, one: floats([2, 2], [1, 0, 0, 1]) },
      shape: ["N", 2, 2, 2],
    };
    const image = Tensor.from([
      [
        [
          [1, 0],
          [2, 0],
        ],
        [
          [0, 1],
          [0, 2],
        ],
      ],
    ]); // [1, 2, 2, 2], channels last
    expect(run(file, image)).toEqual([14, 16]);
  });

  test("gives a model that trains on", async () => {
    const before = createNetwork("lenet", { seed: 1 });
    const model = importOnnx(exportOnnx(before, { activation: "none" }));
    const images = new Tensor(
      [4, 28, 28, 1],
      Float32Array.from({ length: 4 * 784 }, (_, i) => (i * 37) % 256),
    );
    const batch = { images, labels: [3, 1, 4, 1] };
    const [one, two] = [new Adam({ learningRate: 1e-2 }), new Adam({ learningRate: 1e-2 })];
    for (let step = 0; step < 3; step++) {
      expect(model.trainOnBatch(batch, { optimizer: one })).toEqual(
        before.trainOnBatch(batch, { optimizer: two }),
      );
    }
    expect(model.getWeights()).toEqual(before.getWeights());
  });
});

describe("the rows of a product behind a Flatten", () => {
  // a pixel has the channels (1, 2), the other one (3, 4): the file flattens to 1 3 2 4, tinyconv to 1 2 3 4
  const image = Tensor.from([
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ]);
  const flatten: NodeDraft = { op: "Flatten", inputs: ["x"], output: "f" };
  const shape = ["N", 2, 1, 2];
  const picks = floats([4, 2], [1, 0, 0, 0, 0, 1, 0, 0]); // the first and the third

  test.each<[string, NodeDraft]>([
    ["Gemm", { op: "Gemm", inputs: ["f", "w"], output: "y" }],
    ["MatMul", { op: "MatMul", inputs: ["f", "w"], output: "y" }],
  ])("of %s come into tinyconv's order", (_, node) => {
    expect(run({ nodes: [flatten, node], constants: { w: picks }, shape }, image)).toEqual([1, 2]);
  });

  test("are those of the kernel transposed if Gemm says so", () => {
    const node: NodeDraft = { op: "Gemm", inputs: ["f", "w"], output: "y", attributes: { transB: 1 } };
    const w = floats([2, 4], [1, 0, 0, 0, 0, 0, 1, 0]);
    expect(run({ nodes: [flatten, node], constants: { w }, shape }, image)).toEqual([1, 2]);
  });

  test("and the statistics of a normalisation in between come into that order too", () => {
    const row = (numbers: readonly number[]) => floats([4], numbers);
    const nodes: NodeDraft[] = [
      flatten,
      { op: "BatchNormalization", inputs: ["f", "scale", "b", "mean", "var"], output: "n" },
      { op: "MatMul", inputs: ["n", "w"], output: "y" },
    ];
    const constants = {
      w: floats([4, 4], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
      scale: row([1, 1, 1, 1]),
      b: row([100, 300, 200, 400]),
      mean: row([0, 0, 0, 0]),
      var: row([1 - 1e-5, 1 - 1e-5, 1 - 1e-5, 1 - 1e-5]),
    };
    // as the file has them: 1 3 2 4 plus 100 300 200 400
    expect(run({ nodes, constants, shape }, image).map(Math.round)).toEqual([101, 303, 202, 404]);
  });

  test("stay as they are behind a Flatten of images with the channels last", () => {
    const nodes: NodeDraft[] = [
      { op: "Transpose", inputs: ["x"], output: "first", attributes: { perm: [0, 3, 1, 2] } },
      { op: "Transpose", inputs: ["first"], output: "last", attributes: { perm: [0, 2, 3, 1] } },
      { op: "Flatten", inputs: ["last"], output: "f" },
      { op: "MatMul", inputs: ["f", "w"], output: "y" },
    ];
    expect(run({ nodes, constants: { w: picks }, shape: ["N", 1, 2, 2] }, image)).toEqual([1, 3]);
  });
});

describe("padding", () => {
  test.each<[string, NodeDraft["attributes"], unknown]>([
    ["none", {}, "valid"],
    ["zeros", { pads: [0, 0, 0, 0] }, "valid"],
    ["as much as keeps the size", { pads: [1, 1, 1, 1] }, "same"],
    [
      "more than that",
      { pads: [2, 1, 1, 1] },
      [
        [2, 1],
        [1, 1],
      ],
    ],
    ["VALID", { auto_pad: "VALID" }, "valid"],
    ["SAME_UPPER", { auto_pad: "SAME_UPPER" }, "same"],
    [
      "SAME_LOWER",
      { auto_pad: "SAME_LOWER", strides: [2, 2] },
      [
        [1, 1],
        [1, 1],
      ],
    ],
    ["NOTSET", { auto_pad: "NOTSET" }, "valid"],
  ])("%s is that of Conv2D", (_, attributes, padding) => {
    expect(configOf(conv(3, 3, attributes))).toMatchObject({ padding });
  });

  test("that is odd goes to the top and the left by SAME_LOWER", () => {
    expect(configOf(conv(2, 4, { auto_pad: "SAME_LOWER" }))).toMatchObject({
      padding: [
        [1, 0],
        [2, 1],
      ],
    });
    expect(configOf(conv(2, 4, { pads: [0, 1, 1, 2] }))).toMatchObject({ padding: "same" });
  });
});

/** A BatchNormalization of C channels, with constants as a fresh one has them. */
function norm(C: number, draft: Partial<NodeDraft> & Omit<FileDraft, "nodes"> = {}): FileDraft {
  const row = (value: number) => floats([C], new Array<number>(C).fill(value));
  const constants = { gamma: row(1), beta: row(0), mean: row(0), variance: row(1) };
  return single("BatchNormalization", { inputs: ["x", ...Object.keys(constants)], constants, ...draft });
}

const LAYERS: [string, FileDraft, object][] = [
  [
    "Conv",
    conv(3, 2, { strides: [2, 1], dilations: [1, 2], group: 1, kernel_shape: [3, 2] }),
    { type: "Conv2D", filters: 1, kernelSize: [3, 2], strides: [2, 1], dilationRate: [1, 2], useBias: false },
  ],
  [
    "MaxPool",
    single("MaxPool", {
      attributes: { kernel_shape: [2, 3], storage_order: 0, ceil_mode: 0, dilations: [1, 1] },
    }),
    { type: "MaxPool2D", poolSize: [2, 3], strides: [1, 1], padding: "valid" },
  ],
  [
    "AveragePool",
    single("AveragePool", { attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] } }),
    {
      type: "AvgPool2D",
      poolSize: [3, 3],
      strides: [2, 2],
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  ],
  [
    "AveragePool that counts padding where there is none",
    single("AveragePool", { attributes: { kernel_shape: [2, 2], count_include_pad: 1 } }),
    { type: "AvgPool2D", poolSize: [2, 2] },
  ],
  [
    "MaxPool that rounds up where there is nothing to round",
    single("MaxPool", { attributes: { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 } }),
    { type: "MaxPool2D", poolSize: [2, 2], strides: [2, 2] },
  ],
  [
    "AveragePool that counts padding of no cells",
    single("AveragePool", {
      attributes: { kernel_shape: [2, 2], strides: [2, 2], auto_pad: "SAME_UPPER", count_include_pad: 1 },
    }),
    { type: "AvgPool2D", padding: "valid" },
  ],
  ["GlobalAveragePool", single("GlobalAveragePool"), { type: "GlobalAvgPool2D" }],
  ["Relu", single("Relu"), { type: "ReLU" }],
  ["LeakyRelu", single("LeakyRelu"), { type: "LeakyReLU", negativeSlope: 0.01 }],
  [
    "LeakyRelu with a slope",
    single("LeakyRelu", { attributes: { alpha: { float: 0.3 } } }),
    { type: "LeakyReLU", negativeSlope: 0.3 },
  ],
  ["Sigmoid", single("Sigmoid"), { type: "Sigmoid" }],
  ["Tanh", single("Tanh"), { type: "Tanh" }],
  ["Softmax", single("Softmax", { shape: ["N", 5] }), { type: "Softmax" }],
  ["Softmax over channels", single("Softmax", { attributes: { axis: 1 } }), { type: "Softmax" }],
  [
    "Softmax over channels, from behind",
    single("Softmax", { attributes: { axis: -3 } }),
    { type: "Softmax" },
  ],
  ["Softmax of before 13", single("Softmax", { shape: ["N", 5], operatorSet: 12 }), { type: "Softmax" }],
  ["BatchNormalization", norm(1), { type: "BatchNormalization", epsilon: 1e-5, momentum: 0.9 }],
  [
    "BatchNormalization with options",
    norm(1, { attributes: { epsilon: { float: 1e-3 }, momentum: { float: 0.99 }, training_mode: 0 } }),
    { type: "BatchNormalization", epsilon: 1e-3, momentum: 0.99 },
  ],
  [
    "BatchNormalization of before 9",
    norm(1, { attributes: { spatial: 1 }, operatorSet: 8 }),
    { type: "BatchNormalization" },
  ],
  [
    "Dropout",
    single("Dropout", { inputs: ["x", "rate"], constants: { rate: floats([], [0.25]) } }),
    { type: "Dropout", rate: 0.25 },
  ],
  ["Dropout without a rate", single("Dropout", { attributes: { seed: 7 } }), { type: "Dropout", rate: 0.5 }],
  [
    "Dropout of before 12",
    single("Dropout", { attributes: { ratio: { float: 0.1 } }, operatorSet: 11 }),
    { type: "Dropout", rate: 0.1 },
  ],
  [
    "Gemm",
    single("Gemm", {
      inputs: ["x", "w", "c"],
      shape: ["N", 2],
      constants: { w: floats([2, 3], [1, 2, 3, 4, 5, 6]), c: floats([1, 3], [7, 8, 9]) },
    }),
    { type: "Dense", units: 3, useBias: true },
  ],
  [
    "MatMul",
    single("MatMul", {
      inputs: ["x", "w"],
      shape: ["N", 2],
      constants: { w: floats([2, 3], [1, 2, 3, 4, 5, 6]) },
    }),
    { type: "Dense", units: 3, useBias: false },
  ],
];

describe("an operator becomes a layer:", () => {
  test.each(LAYERS)("%s", (_, draft, config) => {
    expect(configOf(draft)).toMatchObject(config);
  });
});

describe("Mul, Div, Add and Sub by a number", () => {
  const number = (value: number) => floats([], [value]);
  const nodes = (...steps: readonly [string, string, string][]): NodeDraft[] =>
    steps.map(([op, a, b], i) => ({ op, inputs: [a, b], output: String(i) }));
  const constants = {
    two: number(2),
    three: floats([1], [3]),
    tenth: floats([1, 1, 1, 1], [0.1]),
    zero: number(0),
    one: number(1),
  };

  test.each<[string, NodeDraft[], object[]]>([
    ["x·0.1", nodes(["Mul", "x", "tenth"]), [{ scale: 0.1, offset: 0 }]],
    ["2·x + 3", nodes(["Mul", "two", "x"], ["Add", "0", "three"]), [{ scale: 2, offset: 3 }]],
    ["x/0.1 − 3", nodes(["Div", "x", "tenth"], ["Sub", "0", "three"]), [{ scale: 10, offset: -3 }]],
    ["3 − x", nodes(["Sub", "three", "x"]), [{ scale: -1, offset: 3 }]],
    ["3 − x·2", nodes(["Mul", "x", "two"], ["Sub", "three", "0"]), [{ scale: -2, offset: 3 }]],
    // rounded in between, as in the file
    [
      "(x + 3)·2",
      nodes(["Add", "three", "x"], ["Mul", "0", "two"]),
      [
        { scale: 1, offset: 3 },
        { scale: 2, offset: 0 },
      ],
    ],
    [
      "(x − 2)/0.1",
      nodes(["Sub", "x", "two"], ["Div", "0", "tenth"]),
      [
        { scale: 1, offset: -2 },
        { scale: 10, offset: 0 },
      ],
    ],
  ])("%s are a Rescaling, or several", (_, steps, layers) => {
    const model = importOnnx(onnxFile({ nodes: steps, constants }));
    expect(model.config().layers).toMatchObject(layers.map((layer) => ({ type: "Rescaling", ...layer })));
  });

  test("are left out where they change nothing", () => {
    const steps = nodes(["Mul", "x", "one"], ["Add", "0", "zero"]);
    const file = { nodes: [...steps, { op: "Relu", inputs: ["1"], output: "y" }], constants };
    expect(typesOf(importOnnx(onnxFile(file)))).toEqual(["ReLU"]);
  });
});

describe("an Add behind a layer without a bias is its bias:", () => {
  const image = Tensor.from([
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ]); // [1, 1, 2, 2]
  const kernel = floats([2, 2, 1, 1], [1, 0, 0, 1]); // passes each channel on

  test.each([
    ["[C, 1, 1]", floats([2, 1, 1], [10, 20])],
    ["[1, C, 1, 1]", floats([1, 2, 1, 1], [10, 20])],
  ])("of shape %s behind Conv", (_, b) => {
    const nodes: NodeDraft[] = [
      { op: "Conv", inputs: ["x", "w"], output: "1" },
      { op: "Add", inputs: ["b", "1"], output: "y" },
    ];
    const file = { nodes, constants: { w: kernel, b }, shape: ["N", 2, 1, 2] };
    expect(typesOf(importOnnx(onnxFile(file)))).toEqual(["Conv2D"]);
    expect(run(file, image)).toEqual([11, 22, 13, 24]);
  });

  test.each([
    ["[O]", floats([2], [10, 20]), [11, 22]],
    ["[1, O]", floats([1, 2], [10, 20]), [11, 22]],
    ["[]", floats([], [10]), [11, 12]],
  ])("of shape %s behind MatMul", (_, b, expected) => {
    const nodes: NodeDraft[] = [
      { op: "MatMul", inputs: ["x", "w"], output: "1" },
      { op: "Add", inputs: ["1", "b"], output: "y" },
    ];
    const file = { nodes, constants: { w: floats([2, 2], [1, 0, 0, 1]), b }, shape: ["N", 2] };
    expect(typesOf(importOnnx(onnxFile(file)))).toEqual(["Dense"]);
    expect(run(file, Tensor.from([[1, 2]]))).toEqual(expected);
  });
});

describe("what leaves the numbers as they are makes no layer:", () => {
  test.each<[string, readonly NodeDraft[], FileDraft["constants"]]>([
    ["Identity", [{ op: "Identity", inputs: ["x"], output: "1" }], {}],
    [
      "Pad by nothing",
      [{ op: "Pad", inputs: ["x", "p"], output: "1", attributes: { mode: "constant" } }],
      { p: integers(0, 0, 0, 0, 0, 0, 0, 0) },
    ],
    ["Dropout of rate 0", [{ op: "Dropout", inputs: ["x", "r"], output: "1" }], { r: floats([], [0]) }],
  ])("%s", (_, nodes, constants) => {
    const file = onnxFile({ nodes: [...nodes, { op: "Relu", inputs: ["1"], output: "y" }], constants });
    expect(typesOf(importOnnx(file))).toEqual(["ReLU"]);
  });

  test("Pad by nothing of before 11, which has it as attributes", () => {
    const attributes = { pads: [0, 0, 0, 0, 0, 0, 0, 0], value: { float: 0 } };
    const pad: NodeDraft = { op: "Pad", inputs: ["x"], output: "1", attributes };
    const file = onnxFile({ nodes: [pad, { op: "Relu", inputs: ["1"], output: "y" }], operatorSet: 9 });
    expect(typesOf(importOnnx(file))).toEqual(["ReLU"]);
  });

  test.each<[string, readonly NodeDraft[], FileDraft["constants"]]>([
    ["Flatten", [{ op: "Flatten", inputs: ["p"], output: "y" }], {}],
    ["Reshape", [{ op: "Reshape", inputs: ["p", "s"], output: "y" }], { s: integers(0, -1) }],
  ])("%s of means over images, which are rows already", (_, nodes, constants) => {
    const mean: NodeDraft = { op: "GlobalAveragePool", inputs: ["x"], output: "p" };
    const model = importOnnx(onnxFile({ nodes: [mean, ...nodes], constants }));
    expect(typesOf(model)).toEqual(["GlobalAvgPool2D"]);
    expect(model.outputShape).toEqual([1]);
  });

  test("Transpose that moves nothing", () => {
    const nodes: NodeDraft[] = [
      { op: "Transpose", inputs: ["x"], output: "1", attributes: { perm: [0, 1] } },
      { op: "Relu", inputs: ["1"], output: "y" },
    ];
    expect(typesOf(importOnnx(onnxFile({ nodes, shape: ["N", 3] })))).toEqual(["ReLU"]);
  });

  test("LogSoftmax at the end, which fit and predict add", () => {
    const nodes: NodeDraft[] = [
      { op: "Relu", inputs: ["x"], output: "1" },
      { op: "LogSoftmax", inputs: ["1"], output: "2", attributes: { axis: -1 } },
      { op: "Identity", inputs: ["2"], output: "y" },
    ];
    expect(typesOf(importOnnx(onnxFile({ nodes, shape: ["N", 3] })))).toEqual(["ReLU"]);
  });
});

describe("Reshape to rows is a Flatten:", () => {
  const file = (shape: readonly number[], more: Partial<FileDraft> = {}, attributes = {}): FileDraft => ({
    nodes: [
      { op: "Reshape", inputs: ["x", "s"], output: "f", attributes, name: "a" },
      { op: "MatMul", inputs: ["f", "w"], output: "y" },
    ],
    constants: { s: integers(...shape), w: floats([8, 1], new Array<number>(8).fill(1)) },
    shape: ["N", 2, 2, 2],
    ...more,
  });

  test.each<[string, FileDraft]>([
    ["[-1, 8]", file([-1, 8])],
    ["[0, -1]", file([0, -1])],
    ["[0, 8]", file([0, 8])],
    ["[1, -1] of one image", file([1, -1], { shape: [1, 2, 2, 2] })],
    ["[3, 8] of three images", file([3, 8], { shape: [3, 2, 2, 2] })],
  ])("%s", (_, draft) => {
    expect(typesOf(importOnnx(onnxFile(draft)))).toEqual(["Flatten", "Dense"]);
  });

  test.each<[string, FileDraft, string]>([
    ["[1, -1] of any number of images", file([1, -1]), "[1, -1]"],
    ["[-1, 4]", file([-1, 4]), "[-1, 4]"],
    ["[8, -1]", file([8, -1], { shape: [1, 2, 2, 2] }), "[8, -1]"],
    ["[0, -1] where 0 is no copy", file([0, -1], {}, { allowzero: 1 }), "[0, -1]"],
    ["[-1, 2, 4]", file([-1, 2, 4]), "[-1, 2, 4]"],
    ["[-1, -1]", file([-1, -1]), "[-1, -1]"],
    ["[]", file([]), "[]"],
  ])("but not %s", (_, draft, got) => {
    expect(refusalOf(draft)).toBe(
      `importOnnx (node "a", Reshape): expected shape [-1, 8], which makes a row of every sample, got ${got}. In PyTorch, use torch.flatten(x, 1).`,
    );
  });
});

describe("where the channels are in the input", () => {
  const conv1: NodeDraft = { op: "Conv", inputs: ["first", "w"], output: "y" };
  const constants = { w: floats([1, 3, 1, 1], [1, 1, 1]), half: floats([], [0.5]) };

  test("is first, if an operator on images comes first", () => {
    const nodes = [{ ...conv1, inputs: ["x", "w"] }];
    expect(importOnnx(onnxFile({ nodes, constants, shape: ["N", 3, 4, 5] })).inputShape).toEqual([4, 5, 3]);
  });

  test("is last, if a Transpose brings them to the front", () => {
    const nodes: NodeDraft[] = [
      { op: "Mul", inputs: ["x", "half"], output: "scaled" },
      { op: "Transpose", inputs: ["scaled"], output: "first", attributes: { perm: [0, 3, 1, 2] } },
      conv1,
    ];
    const model = importOnnx(onnxFile({ nodes, constants, shape: ["N", 4, 5, 3] }));
    expect(model.inputShape).toEqual([4, 5, 3]);
    expect(typesOf(model)).toEqual(["Rescaling", "Conv2D"]);
  });

  test("is last, if a Reshape brings the only one to the front", () => {
    const nodes: NodeDraft[] = [
      { op: "Reshape", inputs: ["x", "s"], output: "first" },
      { op: "Conv", inputs: ["first", "v"], output: "y" },
    ];
    const more = { s: integers(-1, 1, 4, 5), v: oneTap };
    const model = importOnnx(onnxFile({ nodes, constants: more, shape: ["N", 4, 5, 1] }));
    expect(model.inputShape).toEqual([4, 5, 1]);
  });

  test.each(ANY_LAYOUT)("is not for %s to say", (op) => {
    const binary = ["Add", "Div", "Mul", "Sub"].includes(op);
    const inputs = binary ? ["x", "half"] : op === "Pad" ? ["x", "none"] : ["x"];
    const nodes: NodeDraft[] = [
      { op, inputs, output: "same" },
      { op: "Transpose", inputs: ["same"], output: "first", attributes: { perm: [0, 3, 1, 2] } },
      conv1,
    ];
    const none = integers(0, 0, 0, 0, 0, 0, 0, 0);
    const file = onnxFile({ nodes, constants: { ...constants, none }, shape: ["N", 4, 5, 3] });
    expect(importOnnx(file).inputShape).toEqual([4, 5, 3]);
  });

  test("is what the caller says, if no operator needs to know", () => {
    const file = onnxFile({ nodes: [relu], shape: ["N", 4, 5, 3] });
    expect(importOnnx(file).inputShape).toEqual([5, 3, 4]);
    expect(importOnnx(file, { inputLayout: "NHWC" }).inputShape).toEqual([4, 5, 3]);
  });

  test("is the last axis of images that look like it, where no operator needs to know", () => {
    const flatten: NodeDraft = { op: "Flatten", inputs: ["x"], output: "f" };
    const nodes: NodeDraft[] = [flatten, { op: "MatMul", inputs: ["f", "w"], output: "y" }];
    const inputOf = (...shape: number[]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const w = floats([size, 1], new Array<number>(size).fill(1));
      return importOnnx(onnxFile({ nodes, constants: { w }, shape: ["N", ...shape] })).inputShape;
    };
    expect(inputOf(5, 5, 1)).toEqual([5, 5, 1]);
    expect(inputOf(5, 5, 3)).toEqual([5, 5, 3]);
    expect(inputOf(3, 5, 5)).toEqual([5, 5, 3]);
    expect(inputOf(1, 5, 5)).toEqual([5, 5, 1]);
  });

  test("is no question for samples of two axes, which keep their order", () => {
    const nodes: NodeDraft[] = [
      { op: "Flatten", inputs: ["x"], output: "f" },
      { op: "MatMul", inputs: ["f", "w"], output: "y" },
    ];
    const constants = { w: floats([4, 1], [1, 10, 100, 1000]) };
    expect(
      run(
        { nodes, constants, shape: ["N", 2, 2] },
        Tensor.from([
          [
            [1, 2],
            [3, 4],
          ],
        ]),
      ),
    ).toEqual([4321]);
  });

  test("cannot be another one than the file's", () => {
    const file = onnxFile({ nodes: [{ ...conv1, inputs: ["x", "w"] }], constants, shape: ["N", 3, 4, 5] });
    expect(() => importOnnx(file, { inputLayout: "NHWC" })).toThrow(
      new Error(
        "importOnnx: expected inputLayout NCHW, as the file's operators say, got NHWC. Leave it out.",
      ),
    );
  });

  test("cannot be anything else", () => {
    const wrong = { inputLayout: "CHWN" as "NCHW" };
    expect(() => importOnnx(onnxFile({ nodes: [relu] }), wrong)).toThrow(
      new RangeError('importOnnx: expected inputLayout to be "NHWC" or "NCHW", got "CHWN" (string).'),
    );
  });
});

describe("constants", () => {
  const file = (constant: NodeDraft, more: FileDraft["constants"] = {}): FileDraft => ({
    nodes: [constant, { op: "Mul", inputs: ["x", "c"], output: "y" }],
    constants: more,
  });
  const value = (attribute: object): NodeDraft => ({
    op: "Constant",
    inputs: [],
    output: "c",
    attributes: { ...attribute },
  });
  const tensor = createMessage(TENSOR, floats([], [0.5]));

  test.each<[string, FileDraft]>([
    ["a tensor", file(value({ value: { type: 4, tensor } }))],
    ["a number", file(value({ value_float: { float: 0.5 } }))],
    ["a list of one number", file(value({ value_floats: { type: 6, floats: [0.5] } }))],
    [
      "an initializer by another name",
      file({ op: "Identity", inputs: ["half"], output: "c" }, { half: floats([], [0.5]) }),
    ],
  ])("may come from %s", (_, draft) => {
    expect(configOf(draft)).toMatchObject({ type: "Rescaling", scale: 0.5 });
  });

  test.each<[string, NodeDraft["attributes"]]>([["whole numbers", { value_ints: [-1, 16] }]])(
    "may be %s, as the shape of a Reshape",
    (_, attributes) => {
      const nodes: NodeDraft[] = [
        { op: "Constant", inputs: [], output: "s", attributes: attributes! },
        { op: "Reshape", inputs: ["x", "s"], output: "f" },
        { op: "MatMul", inputs: ["f", "w"], output: "y" },
      ];
      const constants = { w: floats([16, 1], new Array<number>(16).fill(1)) };
      expect(typesOf(importOnnx(onnxFile({ nodes, constants })))).toEqual(["Flatten", "Dense"]);
    },
  );

  test("may lie as bytes or as a list", () => {
    const bytes = new Uint8Array(new Float32Array([2, 3]).buffer);
    const asBytes = { dims: [2, 1], dataType: 1, rawData: bytes };
    for (const w of [asBytes, floats([2, 1], [2, 3])]) {
      const draft = single("MatMul", { inputs: ["x", "w"], constants: { w }, shape: ["N", 2] });
      expect(run(draft, Tensor.from([[1, 10]]))).toEqual([32]);
    }
  });

  test("may be listed among the inputs, as old files do", () => {
    const graph = { input: [valueInfo("w", [2, 1]), valueInfo("x", ["N", 2])] };
    const constants = { w: floats([2, 1], [2, 3]) };
    const draft = single("MatMul", { inputs: ["x", "w"], constants, graph });
    expect(run(draft, Tensor.from([[1, 10]]))).toEqual([32]);
  });
});

describe("the name of a layer", () => {
  const named = (...names: readonly string[]): FileDraft => ({
    nodes: names.map((name, i) => ({
      op: "Relu",
      inputs: [i === 0 ? "x" : String(i - 1)],
      output: String(i),
      name,
    })),
  });
  test.each<[string, readonly string[], readonly string[]]>([
    ["is the node's", ["first", "second"], ["first", "second"]],
    ["is the part of a path before the operator", ["/net/act1/Relu", "model/act2/Relu"], ["act1", "act2"]],
    ["is a number, where the node is only called by its operator", ["Relu_3", "/Relu"], ["relu_1", "relu_2"]],
    ["is a number, where there is none or it has a space in it", ["", "a b"], ["relu_1", "relu_2"]],
    ["is a number, where it is taken", ["a", "a", "relu_1"], ["a", "relu_1", "relu_2"]],
  ])("%s", (_, names, expected) => {
    expect(
      importOnnx(onnxFile(named(...names)))
        .config()
        .layers.map(({ name }) => name),
    ).toEqual(expected);
  });
});
