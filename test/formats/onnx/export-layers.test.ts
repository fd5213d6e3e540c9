import { describe, expect, test } from "vitest";
import { exportOnnx } from "../../../src/formats/onnx/export-onnx.js";
import type { GraphProto } from "../../../src/formats/onnx/onnx-schema.js";
import {
  AvgPool2D,
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GlobalAvgPool2D,
  type Layer,
  LeakyReLU,
  MaxPool2D,
  ReLU,
  Rescaling,
  Sequential,
  type Shape,
  Sigmoid,
  Softmax,
  Tanh,
  type Tensor,
} from "../../../src/index.js";
import { attributesOf, constantOf, decodeExport, nodesOf } from "../../helpers/decode-export.js";

const exact = { rtol: 0, atol: 0 };

/** A model whose weights are 1, 2, 3 and so on, through all of them in their order. */
function counting(inputShape: Shape, ...layers: Layer[]): Sequential {
  const model = new Sequential({ inputShape }, layers);
  let next = 1;
  for (const { value } of model.weights) {
    for (let i = 0; i < value.size; i++) value.data[i] = next++;
  }
  return model;
}

/** The graph of the layers alone: neither transpositions of the input nor a softmax. */
function graphOf(inputShape: Shape, ...layers: Layer[]): GraphProto {
  const model = counting(inputShape, ...layers);
  return decodeExport(exportOnnx(model, { inputLayout: "NCHW", activation: "none" })).graph;
}

/** The options of the only node. */
function attributesFor(inputShape: Shape, layer: Layer): Record<string, unknown> {
  const { node } = graphOf(inputShape, layer);
  expect(node).toHaveLength(1);
  return attributesOf(node[0]!);
}

describe("Conv2D", () => {
  test("has its kernel as [F, C, KH, KW], and a bias", () => {
    const graph = graphOf([2, 2, 2], new Conv2D({ filters: 2, kernelSize: [1, 2] }));
    expect(nodesOf(graph)).toEqual(["Conv conv2d_1: input conv2d_1/kernel conv2d_1/bias -> output"]);
    // [KH, KW, C, F] counts from 1 to 8
    const kernel = [
      [[[1, 5]], [[3, 7]]],
      [[[2, 6]], [[4, 8]]],
    ];
    expect(constantOf(graph, "conv2d_1/kernel")).toBeAllclose(kernel, exact);
    expect(constantOf(graph, "conv2d_1/bias")).toBeAllclose([9, 10], exact);
  });

  test("writes its numbers with the low byte first", () => {
    const { initializer } = graphOf([1, 1, 1], new Conv2D({ filters: 1, kernelSize: 1, useBias: false }));
    expect(initializer.map(({ rawData }) => [...rawData!])).toEqual([[0, 0, 0x80, 0x3f]]); // 1 is 3f800000
  });

  test("needs no bias", () => {
    const graph = graphOf([2, 2, 1], new Conv2D({ filters: 1, kernelSize: 1, useBias: false }));
    expect(nodesOf(graph)).toEqual(["Conv conv2d_1: input conv2d_1/kernel -> output"]);
    expect(graph.initializer).toHaveLength(1);
  });

  test("has rows before columns in all its options", () => {
    const options = { filters: 1, kernelSize: [2, 3], strides: [4, 5], dilationRate: [6, 7] } as const;
    expect(attributesFor([9, 16, 1], new Conv2D(options))).toEqual({
      kernel_shape: [2, 3],
      strides: [4, 5],
      dilations: [6, 7],
      pads: [0, 0, 0, 0],
      group: 1,
    });
  });
});

describe("the padding of a window", () => {
  const pads = (shape: Shape, options: Partial<ConstructorParameters<typeof Conv2D>[0]>): unknown =>
    attributesFor([...shape, 1], new Conv2D({ filters: 1, kernelSize: 3, ...options })).pads;

  test('"same" is the same on all sides for odd kernels', () => {
    expect(pads([5, 7], { padding: "same" })).toEqual([1, 1, 1, 1]);
    expect(pads([5, 7], { padding: "same", kernelSize: [5, 1] })).toEqual([2, 0, 2, 0]);
  });

  test('"same" has the odd cell at the bottom and at the right', () => {
    expect(pads([5, 5], { padding: "same", kernelSize: [2, 4] })).toEqual([0, 1, 1, 2]);
    // 6 rows and a stride of 2 need ((3 - 1)·2 + 3) - 6 = 1 cell, 5 columns need 2
    expect(pads([6, 5], { padding: "same", strides: 2 })).toEqual([0, 1, 1, 1]);
  });

  test('"same" spreads with the kernel', () => {
    expect(pads([7, 7], { padding: "same", dilationRate: [2, 3] })).toEqual([2, 3, 2, 3]);
  });

  test('"same" is nothing where strides leave cells out', () => {
    expect(pads([5, 5], { padding: "same", kernelSize: 1, strides: 3 })).toEqual([0, 0, 0, 0]);
  });

  test("is that which was given", () => {
    const padding = [
      [1, 2],
      [3, 4],
    ] as const;
    expect(pads([5, 5], { padding })).toEqual([1, 3, 2, 4]);
  });

  test("ends with the last window: cells that none reaches are left out", () => {
    // from -1 on, windows of 3 begin at -1, 2 and 5 and end before 8: one cell at the bottom of 7 rows, not two
    const padding = [
      [1, 2],
      [0, 0],
    ] as const;
    expect(pads([7, 3], { padding, strides: 3 })).toEqual([1, 0, 1, 0]);
  });
});

describe("pooling", () => {
  test("MaxPool2D is MaxPool", () => {
    const layer = new MaxPool2D({ poolSize: [2, 3], strides: [1, 2], padding: "same" });
    expect(nodesOf(graphOf([4, 6, 2], layer))).toEqual(["MaxPool max_pool2d_1: input -> output"]);
    const same = new MaxPool2D({ poolSize: [2, 3], strides: [1, 2], padding: "same" });
    expect(attributesFor([4, 6, 2], same)).toEqual({
      kernel_shape: [2, 3],
      strides: [1, 2],
      pads: [0, 0, 1, 1],
    });
  });

  test("AvgPool2D is AveragePool that counts real cells only", () => {
    const layer = new AvgPool2D({ padding: "same" });
    expect(attributesFor([3, 3, 2], layer)).toEqual({
      kernel_shape: [2, 2],
      strides: [2, 2],
      pads: [0, 0, 1, 1],
      count_include_pad: 0,
    });
    expect(nodesOf(graphOf([3, 3, 2], new AvgPool2D()))).toEqual([
      "AveragePool avg_pool2d_1: input -> output",
    ]);
  });

  test("GlobalAvgPool2D gives rows", () => {
    expect(nodesOf(graphOf([3, 3, 2], new GlobalAvgPool2D()))).toEqual([
      "GlobalAveragePool global_avg_pool2d_1: input -> global_avg_pool2d_1/mean",
      "Flatten global_avg_pool2d_1/flatten: global_avg_pool2d_1/mean -> output",
    ]);
  });
});

describe("Flatten", () => {
  test("before a Dense leaves the order of the elements to its kernel", () => {
    const graph = graphOf([1, 2, 3], new Flatten(), new Dense({ units: 2 }));
    expect(nodesOf(graph)).toEqual([
      "Flatten flatten_1: input -> flatten_1/y",
      "Gemm dense_1: flatten_1/y dense_1/kernel dense_1/bias -> output",
    ]);
    expect(attributesOf(graph.node[0]!)).toEqual({ axis: 1 });
    // in the model, the rows are those of pixel 1, channels 1 to 3, and of pixel 2; in the file, of channel 1 in both
    const kernel = [
      [1, 2],
      [7, 8],
      [3, 4],
      [9, 10],
      [5, 6],
      [11, 12],
    ];
    expect(constantOf(graph, "dense_1/kernel")).toBeAllclose(kernel, exact);
    expect(constantOf(graph, "dense_1/bias")).toBeAllclose([13, 14], exact);
  });

  test("hands the order on to all layers up to the Dense, and no further", () => {
    const graph = graphOf(
      [1, 2, 2],
      new Flatten(),
      new BatchNormalization({ scale: false }),
      new ReLU(),
      new Dropout({ rate: 0.5 }),
      new Dense({ units: 2, useBias: false }),
      new Dense({ units: 1, useBias: false }),
    );
    const columns = (name: string): Tensor => constantOf(graph, name);
    // the model counts: beta 1-4, the first kernel 5-12, the second 13-14, then the statistics 15-22
    expect(columns("batch_normalization_1/gamma")).toBeAllclose([1, 1, 1, 1], exact);
    expect(columns("batch_normalization_1/beta")).toBeAllclose([1, 3, 2, 4], exact);
    expect(columns("batch_normalization_1/moving_mean")).toBeAllclose([15, 17, 16, 18], exact);
    expect(columns("batch_normalization_1/moving_variance")).toBeAllclose([19, 21, 20, 22], exact);
    const kernel = [
      [5, 6],
      [9, 10],
      [7, 8],
      [11, 12],
    ];
    expect(columns("dense_1/kernel")).toBeAllclose(kernel, exact);
    expect(columns("dense_2/kernel")).toBeAllclose([[13], [14]], exact);
  });

  test("with no Dense behind it puts the channels last", () => {
    const graph = graphOf([2, 3, 2], new Flatten(), new BatchNormalization());
    expect(nodesOf(graph).slice(0, 2)).toEqual([
      "Transpose flatten_1/channels_last: input -> flatten_1/channels_last/y",
      "Flatten flatten_1: flatten_1/channels_last/y -> flatten_1/y",
    ]);
    expect(attributesOf(graph.node[0]!)).toEqual({ perm: [0, 2, 3, 1] });
    expect(constantOf(graph, "batch_normalization_1/gamma").data[1]).toBe(2); // in the order of the model
  });

  test("of rows is nothing, and keeps what an earlier one did", () => {
    const graph = graphOf([2, 2], new Flatten(), new Flatten(), new Dense({ units: 1, useBias: false }));
    expect(nodesOf(graph)).toEqual([
      "Flatten flatten_1: input -> flatten_1/y",
      "Gemm dense_1: flatten_1/y dense_1/kernel -> output",
    ]);
    expect(constantOf(graph, "dense_1/kernel")).toBeAllclose([[1], [3], [2], [4]], exact);
  });
});

describe("Dense", () => {
  test("is Gemm, its kernel as it is", () => {
    const graph = graphOf([2], new Dense({ units: 3 }));
    expect(nodesOf(graph)).toEqual(["Gemm dense_1: input dense_1/kernel dense_1/bias -> output"]);
    expect(graph.node[0]!.attribute).toEqual([]);
    const kernel = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(constantOf(graph, "dense_1/kernel")).toBeAllclose(kernel, exact);
    expect(constantOf(graph, "dense_1/bias")).toBeAllclose([7, 8, 9], exact);
  });
});

describe("BatchNormalization", () => {
  test("has gamma, beta, mean and variance in this order, with epsilon and momentum", () => {
    const layer = new BatchNormalization({ epsilon: 0.25, momentum: 0.5 });
    const graph = graphOf([1, 1, 2], layer);
    expect(nodesOf(graph)).toEqual([
      "BatchNormalization batch_normalization_1: input batch_normalization_1/gamma batch_normalization_1/beta " +
        "batch_normalization_1/moving_mean batch_normalization_1/moving_variance -> output",
    ]);
    expect(attributesOf(graph.node[0]!)).toEqual({ epsilon: 0.25, momentum: 0.5 });
    const values = graph.initializer.map(({ name }) => [...constantOf(graph, name!).data]);
    expect(values).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
  });

  test("has ones for the gamma and zeros for the beta that it does not learn", () => {
    const graph = graphOf([3], new BatchNormalization({ center: false, scale: false }));
    expect(constantOf(graph, "batch_normalization_1/gamma")).toBeAllclose([1, 1, 1], exact);
    expect(constantOf(graph, "batch_normalization_1/beta")).toBeAllclose([0, 0, 0], exact);
  });
});

describe("layers on elements", () => {
  const operators: readonly [string, () => Layer, Record<string, unknown>][] = [
    ["Relu", () => new ReLU({ name: "layer" }), {}],
    ["LeakyRelu", () => new LeakyReLU({ negativeSlope: 0.25, name: "layer" }), { alpha: 0.25 }],
    ["Sigmoid", () => new Sigmoid({ name: "layer" }), {}],
    ["Tanh", () => new Tanh({ name: "layer" }), {}],
    ["Softmax", () => new Softmax({ name: "layer" }), { axis: 1 }],
  ];
  test.each(operators)("%s", (operator, layer, attributes) => {
    const graph = graphOf([2, 2, 3], layer());
    expect(nodesOf(graph)).toEqual([`${operator} layer: input -> output`]);
    expect(attributesOf(graph.node[0]!)).toEqual(attributes);
  });

  test("Dropout is left out", () => {
    expect(nodesOf(graphOf([2], new Dropout({ rate: 0.5 }), new ReLU(), new Dropout({ rate: 0.5 })))).toEqual(
      ["Relu relu_1: input -> output"],
    );
  });
});

describe("Rescaling", () => {
  const nodes = (scale: number, offset?: number): string[] =>
    nodesOf(
      graphOf([2], new Rescaling({ scale, ...(offset !== undefined && { offset }) }), new ReLU()),
    ).slice(0, -1);

  test("is a product and a sum", () => {
    const graph = graphOf([2], new Rescaling({ scale: 0.5, offset: -2 }));
    expect(nodesOf(graph)).toEqual([
      "Mul rescaling_1: input rescaling_1/scale -> rescaling_1/product",
      "Add rescaling_1/add: rescaling_1/product rescaling_1/offset -> output",
    ]);
    expect(constantOf(graph, "rescaling_1/scale")).toBeAllclose(0.5, exact);
    expect(constantOf(graph, "rescaling_1/offset")).toBeAllclose(-2, exact);
  });

  test("leaves out what does nothing", () => {
    expect(nodes(2)).toEqual(["Mul rescaling_1: input rescaling_1/scale -> rescaling_1/product"]);
    expect(nodes(1, 3)).toEqual(["Add rescaling_1/add: input rescaling_1/offset -> rescaling_1/y"]);
    expect(nodes(1)).toEqual([]);
    expect(nodes(0)).toHaveLength(1); // which is not nothing
  });
});
