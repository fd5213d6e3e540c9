import { describe, expect, test } from "vitest";
import { importOnnx } from "../../../src/formats/onnx/import-onnx.js";
import { ATTRIBUTE, TENSOR } from "../../../src/formats/onnx/onnx-schema.js";
import { createMessage } from "../../../src/formats/onnx/protobuf.js";
import { type FileDraft, floats, integers, type NodeDraft, onnxFile, valueInfo } from "../../helpers/onnx.js";

/** The message of the error that a file is refused with. */
function refusalOf(draft: FileDraft): string {
  try {
    importOnnx(onnxFile(draft));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was imported");
}

/** A file of one node, x → y, called "a". */
function single(op: string, draft: Partial<NodeDraft> & Omit<FileDraft, "nodes"> = {}): FileDraft {
  const { inputs = ["x"], attributes = {}, more = {}, ...file } = draft;
  return { ...file, nodes: [{ op, inputs, output: "y", name: "a", attributes, more }] };
}

const relu: NodeDraft = { op: "Relu", inputs: ["x"], output: "y", name: "a" };
const opset = (...versions: readonly [string | undefined, number][]) => ({
  model: { opsetImport: versions.map(([domain, version]) => ({ domain, version })) },
});

describe("importOnnx refuses a file", () => {
  test.each<[string, Partial<FileDraft>, string]>([
    [
      "of a newer version of the format",
      { model: { irVersion: 99 } },
      "importOnnx: expected ir_version 3 to 13, got 99. A newer tinyconv may read it, or export for an older version.",
    ],
    [
      "of one that is too old",
      { model: { irVersion: 2 } },
      "importOnnx: expected ir_version 3 to 13, got 2. Export it again.",
    ],
    [
      "without a version",
      { model: { irVersion: undefined } },
      "importOnnx: expected an ONNX file, got bytes without ir_version. The file is of another kind.",
    ],
    [
      "without a graph",
      { model: { graph: undefined } },
      "importOnnx: expected an ONNX file, got bytes without graph. The file is of another kind.",
    ],
    [
      "of newer operators",
      opset(["", 28]),
      "importOnnx: expected operator set 7 to 27, got 28. A newer tinyconv may read it, or export for an older version.",
    ],
    [
      "of operators that are too old",
      opset([undefined, 6]),
      "importOnnx: expected operator set 7 to 27, got 6. Export it again.",
    ],
    [
      "without operators of ONNX",
      opset(["com.example", 17]),
      "importOnnx: expected one version of the operators of ONNX in opset_import, got 0.",
    ],
    [
      "of two versions of them",
      opset(["", 17], ["ai.onnx", 18], ["com.example", 1]),
      "importOnnx: expected one version of the operators of ONNX in opset_import, got 2.",
    ],
    [
      "with two inputs",
      { graph: { input: [valueInfo("x", ["N", 4]), valueInfo("z", ["N", 4])] } },
      "importOnnx: expected a model with one input, got 2.",
    ],
    [
      "with two outputs",
      { graph: { output: [valueInfo("y", []), valueInfo("x", [])] } },
      "importOnnx: expected a model with one output, got 2.",
    ],
    [
      "whose output is not the last result",
      { graph: { output: [valueInfo("x", [])] } },
      'importOnnx: expected the output to be the result of the last node, "y", got "x".',
    ],
    [
      "of samples of too many axes",
      { shape: ["N", ...new Array<number>(33).fill(1)] },
      'importOnnx: expected the input "x" to have at most 32 axes, got 33.',
    ],
    [
      "of too many layers",
      {
        nodes: Array.from({ length: 10_001 }, (_, i) => ({
          op: "Relu",
          inputs: [i === 0 ? "x" : String(i)],
          output: String(i + 1),
        })),
      },
      "importOnnx: expected at most 10000 nodes, got 10001.",
    ],
    [
      "without layers",
      { nodes: [{ op: "Identity", inputs: ["x"], output: "y" }] },
      "importOnnx: expected a model with layers, got one without.",
    ],
    [
      "of images of any size",
      { shape: ["N", 3, "height", "width"] },
      'importOnnx: expected the input "x" to have a batch axis and fixed lengths behind it, such as [N, 1, 28, 28], got [N, 3, height, width]. Export it for a fixed image size.',
    ],
    [
      "of samples without an axis",
      { shape: ["N"] },
      'importOnnx: expected the input "x" to have a batch axis and fixed lengths behind it, such as [N, 1, 28, 28], got [N]. Export it for a fixed image size.',
    ],
    [
      "of images of no rows",
      { shape: ["N", 1, 0, 4] },
      'importOnnx: expected the input "x" to have a batch axis and fixed lengths behind it, such as [N, 1, 28, 28], got [N, 1, 0, 4]. Export it for a fixed image size.',
    ],
    [
      "whose input is no float32",
      { graph: { input: [valueInfo("x", ["N", 4], 2)] } },
      'importOnnx: expected the input "x" to be of type FLOAT, got UINT8.',
    ],
    [
      "with two constants of one name",
      {
        graph: { initializer: [createMessage(TENSOR, { name: "w" }), createMessage(TENSOR, { name: "w" })] },
      },
      'importOnnx: expected a name of its own for each initializer, got "w" twice.',
    ],
    [
      "with two results of one name",
      { nodes: [relu, { ...relu, inputs: ["y"] }] },
      'importOnnx (node "a", Relu): expected a new name for its result, got "y" again.',
    ],
    [
      "that goes round in a circle",
      { nodes: [{ ...relu, inputs: ["y"] }] },
      'importOnnx (node "a", Relu): expected the result of the node before, "x", as in a chain of layers, got "y".',
    ],
    [
      "that branches",
      {
        nodes: [
          { ...relu, output: "1" },
          { ...relu, name: "b", inputs: ["x"] },
        ],
      },
      'importOnnx (node "b", Relu): expected the result of the node before, "1", as in a chain of layers, got "x".',
    ],
    [
      "that adds two results",
      {
        nodes: [
          { ...relu, output: "1" },
          { op: "Add", inputs: ["1", "x"], output: "y" },
        ],
      },
      'importOnnx (node "y", Add): expected one input that is not constant, as in a chain of layers, got 2.',
    ],
    [
      "with a node that takes nothing",
      { nodes: [{ ...relu, inputs: [] }] },
      'importOnnx (node "a", Relu): expected one input that is not constant, as in a chain of layers, got 0.',
    ],
    [
      "with another operator",
      single("Einsum"),
      'importOnnx (node "a", Einsum): expected an operator out of Add, AveragePool, BatchNormalization, Constant, Conv, Div, Dropout, Flatten, Gemm, GlobalAveragePool, Identity, LeakyRelu, LogSoftmax, MatMul, MaxPool, Mul, Pad, Relu, Reshape, Sigmoid, Softmax, Sub, Tanh, Transpose, got "Einsum".',
    ],
    [
      "with an operator called as a property of every object",
      single("constructor"),
      'importOnnx (node "a", constructor): expected an operator out of Add, AveragePool, BatchNormalization, Constant, Conv, Div, Dropout, Flatten, Gemm, GlobalAveragePool, Identity, LeakyRelu, LogSoftmax, MatMul, MaxPool, Mul, Pad, Relu, Reshape, Sigmoid, Softmax, Sub, Tanh, Transpose, got "constructor".',
    ],
    [
      "that asks for its own shape",
      single("Shape"),
      'importOnnx (node "a", Shape): expected an operator out of Add, AveragePool, BatchNormalization, Constant, Conv, Div, Dropout, Flatten, Gemm, GlobalAveragePool, Identity, LeakyRelu, LogSoftmax, MatMul, MaxPool, Mul, Pad, Relu, Reshape, Sigmoid, Softmax, Sub, Tanh, Transpose, got "Shape". In PyTorch, use torch.flatten(x, 1) in place of x.view(x.size(0), -1).',
    ],
    [
      "with an operator of another domain",
      single("Relu", { more: { domain: "com.example" } }),
      'importOnnx (node "a", Relu): expected an operator of ONNX, got one of the domain "com.example".',
    ],
    [
      "that ends in rows of another order",
      single("Flatten", { shape: ["N", 2, 2, 2] }),
      "importOnnx: expected a Gemm or MatMul behind the Flatten of images [N, C, H, W], got the end. Its rows would have another order.",
    ],
  ])("%s", (_, draft, message) => {
    expect(refusalOf({ nodes: [relu], ...draft })).toBe(message);
  });

  test("that is none", () => {
    // @ts-expect-error as from JavaScript
    expect(() => importOnnx("model.onnx")).toThrow(
      new TypeError('importOnnx: expected bytes to be a Uint8Array, got "model.onnx" (string).'),
    );
    expect(() => importOnnx(new TextEncoder().encode("<!DOCTYPE html>"))).toThrow(
      new Error("importOnnx: expected field graph with wire type 2, got 4. The file is damaged."),
    );
    expect(() => importOnnx(new Uint8Array())).toThrow(
      new Error(
        "importOnnx: expected an ONNX file, got bytes without ir_version. The file is of another kind.",
      ),
    );
  });
});

describe("importOnnx refuses constants", () => {
  const withKernel = (w: FileDraft["constants"] & object): FileDraft =>
    single("MatMul", { inputs: ["x", "w"], shape: ["N", 2], constants: w });

  test.each<[string, object, string]>([
    [
      "in another file",
      { dims: [2, 1], dataType: 1, dataLocation: 1 },
      'expected the data of "w" in the file, got a reference to another file. Save the model as one file.',
    ],
    [
      "of float16",
      { dims: [2, 1], dataType: 10, rawData: new Uint8Array(4) },
      'expected "w" to be of type FLOAT, got FLOAT16. Export the model with float32 weights.',
    ],
    [
      "of a type that nobody knows",
      { dims: [2, 1], dataType: 99, rawData: new Uint8Array(8) },
      'expected "w" to be of type FLOAT, got type 99. Export the model with float32 weights.',
    ],
    [
      "of no type",
      { dims: [2, 1], rawData: new Uint8Array(8) },
      'expected "w" to be of type FLOAT, got type 0. Export the model with float32 weights.',
    ],
    [
      "with less data than their shape says",
      { dims: [2, 1], dataType: 1, rawData: new Uint8Array(4) },
      'expected "w" of shape [2, 1] to have 2 numbers, got 1. The file is damaged.',
    ],
    [
      "with a part of a number",
      { dims: [2, 1], dataType: 1, rawData: new Uint8Array(9) },
      'expected "w" of shape [2, 1] to have 2 numbers, got 2.25. The file is damaged.',
    ],
    [
      "with no data at all",
      { dims: [2, 1], dataType: 1 },
      'expected "w" of shape [2, 1] to have 2 numbers, got 0. The file is damaged.',
    ],
    [
      "with a shape that has too many elements",
      { dims: [2 ** 40, 2 ** 40], dataType: 1 },
      'expected "w" to have a shape of less than 2^53 elements, got [1099511627776, 1099511627776].',
    ],
    [
      "with more axes than any tensor has",
      { dims: new Array<number>(33).fill(1), dataType: 1, floatData: [1] },
      'expected "w" to have at most 32 axes, got 33.',
    ],
    [
      "with a negative length",
      { dims: [-2, -1], dataType: 1, floatData: [1, 2] },
      'expected "w" to have a shape of less than 2^53 elements, got [-2, -1].',
    ],
  ])("%s", (_, w, message) => {
    expect(refusalOf(withKernel({ w }))).toBe(`importOnnx (node "a", MatMul): ${message}`);
  });

  test("that are not finite", () => {
    expect(refusalOf(withKernel({ w: floats([2, 1], [1, Number.NaN]) }))).toBe(
      'importOnnx: expected finite weights, got NaN in "a/kernel". The training has diverged: export an earlier state of it.',
    );
  });

  test("of shapes, with numbers that have more than 53 bits", () => {
    const rawData = new Uint8Array(new BigInt64Array([-1n, 2n ** 60n]).buffer);
    const draft = single("Reshape", {
      inputs: ["x", "s"],
      constants: { s: { dims: [2], dataType: 7, rawData } },
    });
    expect(refusalOf(draft)).toBe(
      'importOnnx (node "a", Reshape): expected "s" to have numbers below 2^53, got 1152921504606847000.',
    );
  });

  test("of shapes, in a list, with such numbers, and shapes of another type", () => {
    const shape = (s: object): FileDraft => single("Reshape", { inputs: ["x", "s"], constants: { s } });
    expect(refusalOf(shape(integers(-1, 2 ** 60)))).toBe(
      'importOnnx (node "a", Reshape): expected "s" to have numbers below 2^53, got 1152921504606847000.',
    );
    expect(refusalOf(shape({ dims: [1], dataType: 6, rawData: new Uint8Array(4) }))).toBe(
      'importOnnx (node "a", Reshape): expected "s" to be of type INT64, got INT32.',
    );
  });

  test("that are nodes with an attribute too many", () => {
    const attributes = { value_float: { float: 1 }, colour: 3 };
    const constant: NodeDraft = { op: "Constant", inputs: [], output: "c", attributes };
    expect(refusalOf({ nodes: [constant, { op: "Mul", inputs: ["x", "c"], output: "y" }] })).toBe(
      'importOnnx (node "c", Constant): expected no further attribute, got "colour".',
    );
  });

  test("that are nodes with no numbers", () => {
    const constant: NodeDraft = {
      op: "Constant",
      inputs: [],
      output: "c",
      attributes: { value_string: "a" },
    };
    const mul: NodeDraft = { op: "Mul", inputs: ["x", "c"], output: "y" };
    expect(refusalOf({ nodes: [constant, mul] })).toBe(
      'importOnnx (node "c", Constant): expected a value of numbers, got "value_string".',
    );
    expect(refusalOf({ nodes: [{ ...constant, attributes: {} }, mul] })).toBe(
      'importOnnx (node "c", Constant): expected a value of numbers, got "".',
    );
    const empty = { value: { type: 4 } };
    expect(refusalOf({ nodes: [{ ...constant, attributes: empty }, mul] })).toBe(
      'importOnnx (node "c", Constant): expected attribute "value" to be a tensor, got none.',
    );
  });
});

describe("importOnnx refuses a node", () => {
  const w = floats([1, 1, 2, 2], [1, 2, 3, 4]);
  const conv = (attributes: NodeDraft["attributes"], constants: FileDraft["constants"] = { w }): FileDraft =>
    single("Conv", { inputs: ["x", ...Object.keys(constants!)], attributes: attributes!, constants });
  const pool = (attributes: NodeDraft["attributes"], op = "MaxPool"): FileDraft =>
    single(op, { attributes: { kernel_shape: [2, 2], ...attributes } });
  const gemm = (
    attributes: NodeDraft["attributes"],
    constants: FileDraft["constants"] = { w: floats([3, 2], new Array<number>(6).fill(1)) },
  ): FileDraft =>
    single("Gemm", {
      inputs: ["x", ...Object.keys(constants!)],
      attributes: attributes!,
      constants,
      shape: ["N", 3],
    });
  const norm = (attributes: NodeDraft["attributes"], C = 1, more: Partial<FileDraft> = {}): FileDraft => {
    const row = floats([C], new Array<number>(C).fill(1));
    const constants = { gamma: row, beta: row, mean: row, variance: row };
    return single("BatchNormalization", {
      inputs: ["x", ...Object.keys(constants)],
      constants,
      attributes: attributes!,
      ...more,
    });
  };
  const twice = createMessage(ATTRIBUTE, { name: "axis", type: 2, int: 1 });

  test.each<[string, FileDraft, string]>([
    [
      "with an option of another type",
      conv({ strides: 2 }),
      'Conv): expected attribute "strides" to be of type 7 (ints), got 2.',
    ],
    [
      "with an option that nobody knows",
      conv({ colour: 1 }),
      'Conv): expected no further attribute, got "colour".',
    ],
    [
      "with an option twice",
      single("Flatten", { more: { attribute: [twice, twice] } }),
      'Flatten): expected every attribute once, got "axis" twice.',
    ],
    [
      "whose weights are computed",
      {
        nodes: [{ op: "MatMul", inputs: ["w", "x"], output: "y", name: "a" }],
        constants: { w },
        shape: ["N", 4],
      },
      "MatMul): expected the result of the node before as input 0, got it as input 1.",
    ],
    [
      "without weights",
      single("MatMul", { shape: ["N", 4] }),
      "MatMul): expected input 1 to be constant, got none.",
    ],
    [
      "Conv of groups",
      conv({ group: 2 }),
      "Conv): expected group 1, got 2. tinyconv has no grouped convolutions.",
    ],
    [
      "Conv with a kernel for other channels",
      conv({}, { w: floats([1, 3, 1, 1], [1, 2, 3]) }),
      "Conv): expected a kernel of shape [F, 1, KH, KW], got [1, 3, 1, 1].",
    ],
    [
      "Conv along one axis",
      conv({}, { w: floats([1, 1, 2], [1, 2]) }),
      "Conv): expected a kernel of shape [F, 1, KH, KW], got [1, 1, 2].",
    ],
    [
      "Conv with two sizes of the kernel",
      conv({ kernel_shape: [3, 3] }),
      "Conv): expected kernel_shape [2, 2], as the kernel has, got [3, 3].",
    ],
    ["Conv with one stride", conv({ strides: [1] }), "Conv): expected strides of two numbers, got [1]."],
    [
      "Conv with a stride of 0",
      conv({ strides: [0, 1] }),
      "Conv): Conv2D: expected strides to be a whole number >= 1, got 0 (number).",
    ],
    [
      "Conv with two pads",
      conv({ pads: [1, 1] }),
      "Conv): expected pads [top, left, bottom, right], got [1, 1].",
    ],
    [
      "Conv with negative pads",
      conv({ pads: [-1, 0, 0, 0] }),
      "Conv): Conv2D: expected each side of padding to be a whole number >= 0, got -1 (number).",
    ],
    [
      "Conv with two ways of padding",
      conv({ pads: [1, 1, 1, 1], auto_pad: "VALID" }),
      "Conv): expected no pads beside auto_pad VALID, got [1, 1, 1, 1].",
    ],
    [
      "Conv with a way of padding that nobody knows",
      conv({ auto_pad: "WRAP" }),
      'Conv): expected auto_pad NOTSET, VALID, SAME_UPPER or SAME_LOWER, got "WRAP".',
    ],
    [
      "Conv larger than its image",
      conv({}, { w: floats([1, 1, 5, 1], [1, 2, 3, 4, 5]) }),
      'Conv): Conv2D.build: expected a kernel no larger than its input of [4, 4], got [5, 1]. Use a smaller kernel, or padding "same".',
    ],
    [
      "Conv with a bias of another length",
      conv({}, { w, b: floats([2], [1, 2]) }),
      "Conv): expected its bias to have shape [1], got [2].",
    ],
    ["Conv of rows", { ...conv({}), shape: ["N", 4] }, "Conv): expected images [N, C, H, W], got [N, 4]."],
    [
      "MaxPool with a dilation",
      pool({ dilations: [2, 1] }),
      "MaxPool): expected dilations [1, 1], got [2, 1]. tinyconv has no dilated pooling.",
    ],
    [
      "MaxPool that rounds up",
      pool({ ceil_mode: 1, strides: [1, 3] }),
      "MaxPool): expected ceil_mode 0, got 1. Export the model without it, and with padding at the bottom and the right.",
    ],
    ["MaxPool of no size", single("MaxPool"), "MaxPool): expected kernel_shape of two numbers, got []."],
    [
      "AveragePool that counts the padding",
      pool({ count_include_pad: 1, pads: [1, 1, 1, 1] }, "AveragePool"),
      "AveragePool): expected count_include_pad 0, got 1. tinyconv averages the cells of the image, without the padding.",
    ],
    [
      "Pad by something",
      single("Pad", { inputs: ["x", "p"], constants: { p: integers(0, 0, 1, 1, 0, 0, 1, 1) } }),
      "Pad): expected a Pad of no cells, got [0, 0, 1, 1, 0, 0, 1, 1]. Give the padding to the convolution or pooling.",
    ],
    [
      "Gemm with a factor",
      gemm({ alpha: { float: 0.5 } }),
      "Gemm): expected alpha 1, got 0.5. Multiply the weights by it.",
    ],
    [
      "Gemm with a factor of the bias",
      gemm({ beta: { float: 0 } }),
      "Gemm): expected beta 1, got 0. Multiply the weights by it.",
    ],
    ["Gemm of columns", gemm({ transA: 1 }), "Gemm): expected transA 0, got 1. Samples are rows."],
    ["Gemm of other rows", gemm({ transB: 1 }), "Gemm): expected a matrix of shape [3, O], got [2, 3]."],
    [
      "Gemm by a vector",
      gemm({}, { w: floats([3], [1, 2, 3]) }),
      "Gemm): expected a matrix of shape [3, O], got [3].",
    ],
    [
      "Gemm with a bias for each sample",
      gemm({}, { w: floats([3, 2], [1, 1, 1, 1, 1, 1]), c: floats([2, 1], [1, 2]) }),
      "Gemm): expected input 2 to be a bias of shape [2], got [2, 1].",
    ],
    [
      "MatMul of images",
      single("MatMul", { inputs: ["x", "w"], constants: { w } }),
      "MatMul): expected rows [N, I], got [N, 1, 4, 4]. Put a Flatten in front of it.",
    ],
    [
      "Flatten of samples too",
      single("Flatten", { attributes: { axis: 0 } }),
      "Flatten): expected axis 1, got 0. Every sample becomes a row.",
    ],
    [
      "Transpose of rows and columns",
      single("Transpose", { attributes: { perm: [0, 1, 3, 2] } }),
      "Transpose): expected perm [0, 2, 3, 1], which moves the channels, got [0, 1, 3, 2].",
    ],
    [
      "Transpose of the samples",
      single("Transpose", { shape: ["N", 4] }),
      "Transpose): expected perm [0, 1], which moves the channels, got [].",
    ],
    [
      "BatchNormalization for training",
      norm({ training_mode: 1 }),
      "BatchNormalization): expected a normalisation for inference, got one for training. Export it after model.eval() in PyTorch.",
    ],
    [
      "BatchNormalization for training, as before 14",
      {
        ...norm({}),
        operatorSet: 9,
        nodes: [{ ...norm({}).nodes[0]!, more: { output: ["y", "1", "2", "3", "4"] } }],
      },
      "BatchNormalization): expected a normalisation for inference, got one for training. Export it after model.eval() in PyTorch.",
    ],
    [
      "BatchNormalization of each pixel",
      { ...norm({ spatial: 0 }), operatorSet: 8 },
      "BatchNormalization): expected spatial 1, got 0.",
    ],
    [
      "BatchNormalization of other channels",
      norm({}, 2),
      "BatchNormalization): expected input 1 to have shape [1], got [2].",
    ],
    [
      "BatchNormalization without an epsilon",
      norm({ epsilon: { float: 0 } }),
      "BatchNormalization): BatchNormalization: expected epsilon to be a finite number > 0, got 0 (number).",
    ],
    [
      "Softmax over the rows of images",
      single("Softmax", { attributes: { axis: 2 } }),
      "Softmax): expected a softmax over the channels, axis 1, got axis 2.",
    ],
    [
      "Softmax over the columns of images",
      single("Softmax"),
      "Softmax): expected a softmax over the channels, axis 1, got axis -1.",
    ],
    [
      "Softmax over whole images",
      single("Softmax", { operatorSet: 12 }),
      "Softmax): expected a softmax over the channels, axis 1, got one over all of [N, 1, 4, 4].",
    ],
    [
      "LogSoftmax in the middle",
      {
        nodes: [
          { op: "LogSoftmax", inputs: ["x"], output: "1", name: "a" },
          { op: "Relu", inputs: ["1"], output: "y" },
        ],
        shape: ["N", 4],
      },
      "LogSoftmax): expected LogSoftmax at the end of the model only, got Relu behind it.",
    ],
    [
      "Dropout of everything",
      single("Dropout", { inputs: ["x", "r"], constants: { r: floats([], [1]) } }),
      "Dropout): Dropout: expected rate to be a finite number >= 0 and < 1, got 1 (number).",
    ],
    [
      "Mul by a number for each channel",
      single("Mul", {
        inputs: ["x", "c"],
        constants: { c: floats([2, 1, 1], [1, 2]) },
        shape: ["N", 2, 2, 2],
      }),
      "Mul): expected one number for all elements, got constants of shape [2, 1, 1].",
    ],
    [
      "Div of a number",
      single("Div", { inputs: ["c", "x"], constants: { c: floats([], [1]) } }),
      "Div): expected a division by a constant, got one of a constant.",
    ],
    [
      "Div by zero",
      single("Div", { inputs: ["x", "c"], constants: { c: floats([], [0]) } }),
      "Div): Rescaling: expected scale to be a finite number, got Infinity (number).",
    ],
  ])("%s", (_, draft, message) => {
    expect(refusalOf(draft)).toBe(`importOnnx (node "a", ${message}`);
  });

  test.each<[string, FileDraft, string]>([
    [
      "with a number that would give the result more axes",
      single("Mul", { inputs: ["x", "c"], constants: { c: floats([1, 1, 1], [2]) }, shape: ["N", 5] }),
      "Mul): expected one number for all elements, got constants of shape [1, 1, 1].",
    ],
    [
      "that is a LogSoftmax behind a Softmax",
      {
        nodes: [
          { op: "Softmax", inputs: ["x"], output: "1" },
          { op: "LogSoftmax", inputs: ["1"], output: "y", name: "a" },
        ],
        shape: ["N", 5],
      },
      "LogSoftmax): expected LogSoftmax behind a layer of its own, got it behind a Softmax. Leave one of them out.",
    ],
    [
      "whose constants have no name",
      single("MatMul", { inputs: ["x", ""], constants: { "": floats([2, 1], [1, 2]) }, shape: ["N", 2] }),
      "MatMul): expected input 1 to be constant, got none.",
    ],
    [
      "that pads another number of axes",
      single("Pad", { inputs: ["x", "p"], constants: { p: integers(...new Array<number>(20).fill(0)) } }),
      "Pad): expected a Pad of no cells, got [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...]. Give the padding to the convolution or pooling.",
    ],
  ])("%s", (_, draft, message) => {
    expect(refusalOf(draft)).toBe(`importOnnx (node "a", ${message}`);
  });

  test("that would need more memory than the file has numbers for", () => {
    const nodes: NodeDraft[] = Array.from({ length: 12 }, (_, i) => ({
      op: "MatMul",
      inputs: [i === 0 ? "x" : String(i), "w"],
      output: String(i + 1),
      name: `dense_${i}`,
    }));
    const constants = { w: { dims: [512, 512], dataType: 1, rawData: new Uint8Array(4 * 512 * 512) } };
    // 8 products with a kernel and its gradient for each number of the file, and 2 for a megabyte that may be had in any case
    expect(refusalOf({ nodes, constants, shape: ["N", 512] })).toBe(
      'importOnnx (node "dense_10", MatMul): Sequential.add: expected an architecture for the 262247 numbers in the file, got a kernel of shape [512, 512].',
    );
  });
});
