import { describe, expect, test } from "vitest";
import { exportOnnx } from "../../../src/formats/onnx/export-onnx.js";
import { MODEL } from "../../../src/formats/onnx/onnx-schema.js";
import { decodeMessage } from "../../../src/formats/onnx/protobuf.js";
import {
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  type Layer,
  LeakyReLU,
  ReLU,
  Rescaling,
  Sequential,
  type Shape,
  ShapeError,
  Softmax,
} from "../../../src/index.js";
import { decodeExport, nodesOf } from "../../helpers/decode-export.js";

const digits = (): Sequential =>
  new Sequential({ inputShape: [4, 4, 1], seed: 1 }, [
    new Conv2D({ filters: 2, kernelSize: 3 }),
    new ReLU(),
    new Flatten(),
    new Dense({ units: 3 }),
  ]);
const row = (...layers: Layer[]): Sequential => new Sequential({ inputShape: [3] }, layers);
const rows = (...layers: Layer[]): Sequential => new Sequential({ inputShape: [2, 3] }, layers);

/** The name and the lengths of an input or output. */
function describeValue([value]: ReturnType<typeof decodeExport>["graph"]["input"]) {
  const { elemType, shape } = value!.type!.tensorType!;
  return { name: value!.name, elemType, dim: shape!.dim.map((d) => d.value ?? d.parameter) };
}

describe("the file", () => {
  test("says by whom, in which version of the format and of the operators it was written", () => {
    const bytes = exportOnnx(digits());
    const { graph, ...rest } = decodeMessage(MODEL, bytes, {
      where: "test",
      mostMessages: 1000,
      messages: 0,
    });
    expect(rest).toEqual({
      irVersion: 8,
      producerName: "tinyconv",
      producerVersion: undefined,
      opsetImport: [{ domain: undefined, version: 17 }],
    });
    expect(graph!.name).toBe("tinyconv");
  });

  test("begins with the version, byte for byte", () => {
    expect([...exportOnnx(digits()).slice(0, 12)]).toEqual([
      0x08,
      8, // ir_version
      ...[0x12, 8, ...new TextEncoder().encode("tinyconv")], // producer_name
    ]);
  });

  test("is the same bytes for the same model", () => {
    expect(exportOnnx(digits())).toEqual(exportOnnx(digits()));
  });

  test("takes images with the channels last, any number of them, and gives probabilities", () => {
    const { graph } = decodeExport(exportOnnx(digits()));
    expect(describeValue(graph.input)).toEqual({ name: "input", elemType: 1, dim: ["N", 4, 4, 1] });
    expect(describeValue(graph.output)).toEqual({ name: "probabilities", elemType: 1, dim: ["N", 3] });
    expect(nodesOf(graph)).toEqual([
      "Transpose input/transpose: input -> input/transpose/y",
      "Conv conv2d_1: input/transpose/y conv2d_1/kernel conv2d_1/bias -> conv2d_1/y",
      "Relu relu_1: conv2d_1/y -> relu_1/y",
      "Flatten flatten_1: relu_1/y -> flatten_1/y",
      "Gemm dense_1: flatten_1/y dense_1/kernel dense_1/bias -> dense_1/y",
      "Softmax output/softmax: dense_1/y -> probabilities",
    ]);
    expect(graph.node[0]!.attribute).toMatchObject([{ name: "perm", type: 7, ints: [0, 3, 1, 2] }]);
    expect(graph.node.at(-1)!.attribute).toMatchObject([{ name: "axis", type: 2, int: 1 }]);
  });

  test("holds each weight once, in the order of the layers", () => {
    const { graph } = decodeExport(exportOnnx(digits()));
    expect(graph.initializer.map(({ name, dims, dataType }) => ({ name, dims, dataType }))).toEqual([
      { name: "conv2d_1/kernel", dims: [2, 1, 3, 3], dataType: 1 },
      { name: "conv2d_1/bias", dims: [2], dataType: 1 },
      { name: "dense_1/kernel", dims: [8, 3], dataType: 1 },
      { name: "dense_1/bias", dims: [3], dataType: 1 },
    ]);
  });
});

describe("inputLayout", () => {
  test('"NCHW" needs no transposition', () => {
    const { graph } = decodeExport(exportOnnx(digits(), { inputLayout: "NCHW" }));
    expect(describeValue(graph.input)).toEqual({ name: "input", elemType: 1, dim: ["N", 1, 4, 4] });
    expect(nodesOf(graph)[0]).toBe("Conv conv2d_1: input conv2d_1/kernel conv2d_1/bias -> conv2d_1/y");
  });

  test("is that of the output too, where it has more axes than one", () => {
    const shapes = (inputLayout: "NHWC" | "NCHW", inputShape: Shape): unknown => {
      const model = new Sequential({ inputShape }, [new ReLU()]);
      const { graph } = decodeExport(exportOnnx(model, { inputLayout }));
      return [
        describeValue(graph.input).dim,
        describeValue(graph.output).dim,
        nodesOf(graph).map((node) => node.split(" ")[0]),
      ];
    };
    const withTransposes = ["Transpose", "Relu", "Softmax", "Transpose"];
    const without = ["Relu", "Softmax"];
    expect(shapes("NHWC", [5, 6, 2])).toEqual([["N", 5, 6, 2], ["N", 5, 6, 2], withTransposes]);
    expect(shapes("NCHW", [5, 6, 2])).toEqual([["N", 2, 5, 6], ["N", 2, 5, 6], without]);
    expect(shapes("NHWC", [5, 2])).toEqual([["N", 5, 2], ["N", 5, 2], withTransposes]);
    expect(shapes("NCHW", [5, 2])).toEqual([["N", 2, 5], ["N", 2, 5], without]);
    expect(shapes("NHWC", [2])).toEqual([["N", 2], ["N", 2], without]);
    expect(shapes("NCHW", [2])).toEqual([["N", 2], ["N", 2], without]);
  });

  test("puts the channels last again at the end", () => {
    const { graph } = decodeExport(exportOnnx(rows(new ReLU())));
    expect(nodesOf(graph).at(-1)).toBe("Transpose output/transpose: output/softmax/y -> probabilities");
    expect(graph.node.at(-1)!.attribute).toMatchObject([{ name: "perm", ints: [0, 2, 1] }]);
  });
});

describe("activation", () => {
  test('"none" gives the outputs as they are', () => {
    const { graph } = decodeExport(exportOnnx(row(new Dense({ units: 1 })), { activation: "none" }));
    expect(describeValue(graph.output)).toEqual({ name: "output", elemType: 1, dim: ["N", 1] });
    expect(nodesOf(graph)).toEqual(["Gemm dense_1: input dense_1/kernel dense_1/bias -> output"]);
  });

  test("is not applied twice", () => {
    const expected = ["Relu relu_1: input -> relu_1/y", "Softmax softmax_1: relu_1/y -> probabilities"];
    expect(nodesOf(decodeExport(exportOnnx(row(new ReLU(), new Softmax()))).graph)).toEqual(expected);
  });

  test("is applied again where the Softmax is not the last layer", () => {
    const { graph } = decodeExport(exportOnnx(row(new Softmax(), new ReLU())));
    expect(nodesOf(graph).map((node) => node.split(" ")[0])).toEqual(["Softmax", "Relu", "Softmax"]);
  });
});

describe("a model that does nothing in inference", () => {
  test("is one node", () => {
    const model = row(new Rescaling({ scale: 1 }), new Dropout({ rate: 0.5 }), new Flatten());
    expect(nodesOf(decodeExport(exportOnnx(model, { activation: "none" })).graph)).toEqual([
      "Identity identity: input -> output",
    ]);
  });
});

describe("names", () => {
  test("of layers are those of the model, and no two nodes or values share one", () => {
    const model = new Sequential({ inputShape: [2, 2, 1] }, [
      new Rescaling({ scale: 2, offset: 1, name: "identity" }),
      new ReLU({ name: "output" }),
      new Flatten({ name: "input" }),
      new ReLU({ name: "probabilities" }),
    ]);
    const { graph } = decodeExport(exportOnnx(model));
    expect(nodesOf(graph)).toEqual([
      "Transpose input/transpose: input -> input/transpose/y",
      "Mul identity: input/transpose/y identity/scale -> identity/product",
      "Add identity/add: identity/product identity/offset -> identity/y",
      "Relu output: identity/y -> output/y",
      "Transpose input/channels_last: output/y -> input/channels_last/y",
      "Flatten input: input/channels_last/y -> input/y",
      "Relu probabilities: input/y -> probabilities/y",
      "Softmax output/softmax: probabilities/y -> probabilities",
    ]);
    expect(new Set(graph.node.map(({ name }) => name)).size).toBe(8);
    expect(new Set(graph.node.flatMap(({ output }) => output)).size).toBe(8);
  });
});

describe("errors", () => {
  test("a model that is none", () => {
    // @ts-expect-error as from JavaScript
    expect(() => exportOnnx(undefined)).toThrow(
      new TypeError("exportOnnx: expected a Sequential, got undefined."),
    );
  });

  test("a model without layers", () => {
    expect(() => exportOnnx(row())).toThrow(
      new Error("exportOnnx: expected a model with layers, got one without. Add them first."),
    );
  });

  test("an unknown layout", () => {
    // @ts-expect-error as from JavaScript
    expect(() => exportOnnx(digits(), { inputLayout: "CHWN" })).toThrow(
      new RangeError('exportOnnx: expected inputLayout to be "NHWC" or "NCHW", got "CHWN" (string).'),
    );
  });

  test("an unknown activation", () => {
    // @ts-expect-error as from JavaScript
    expect(() => exportOnnx(digits(), { activation: "relu" })).toThrow(
      new RangeError('exportOnnx: expected activation to be "softmax" or "none", got "relu" (string).'),
    );
  });

  test("probabilities of one output", () => {
    expect(() => exportOnnx(row(new Dense({ units: 1 })))).toThrow(
      new ShapeError(
        'exportOnnx: expected at least 2 outputs to make probabilities of, got shape [1]. Export the outputs as they are with { activation: "none" }.',
      ),
    );
  });

  test("an option beyond float32", () => {
    expect(() => exportOnnx(row(new LeakyReLU({ negativeSlope: 1e39 })))).toThrow(
      new RangeError("exportOnnx (leaky_relu_1): expected alpha to be a float32 number, got 1e+39."),
    );
  });

  test.each([
    [new Rescaling({ scale: 1e39 }), "rescaling_1", "scale", "1e+39"],
    [new Rescaling({ scale: 1, offset: -1e39 }), "rescaling_1", "offset", "-1e+39"],
    [new BatchNormalization({ epsilon: 1e-50 }), "batch_normalization_1", "epsilon", "1e-50"],
  ])("a number that is none as a float32", (layer, name, option, number) => {
    expect(() => exportOnnx(row(layer))).toThrow(
      new RangeError(`exportOnnx (${name}): expected ${option} to be a float32 number, got ${number}.`),
    );
  });

  test("a layer of one's own", () => {
    const own: Layer = {
      type: "Own",
      parameters: [],
      build: (shape) => shape,
      forward: (x) => x,
      backward: (dy) => dy,
      config: () => ({}),
    };
    expect(() => exportOnnx(row(new ReLU(), own))).toThrow(
      new Error("exportOnnx: expected layers of the library, got own_1 (Own). ONNX has no operator for it."),
    );
  });
});
