import { describe, expect, test } from "vitest";
import { exportOnnx } from "../../../src/formats/onnx/export-onnx.js";
import { inspectOnnx } from "../../../src/formats/onnx/inspect-onnx.js";
import {
  ATTRIBUTE,
  EXTERNAL,
  GRAPH,
  MODEL,
  NODE,
  TENSOR,
  VALUE_INFO,
} from "../../../src/formats/onnx/onnx-schema.js";
import { createMessage, encodeMessage } from "../../../src/formats/onnx/protobuf.js";
import { smallNetwork } from "../../helpers/models.js";

/** A file with these fields in its graph, and these beside it. */
const fileOf = (graph: Parameters<typeof createMessage<typeof GRAPH>>[1], model: object = {}): Uint8Array =>
  encodeMessage(MODEL, createMessage(MODEL, { irVersion: 8, graph: createMessage(GRAPH, graph), ...model }));

describe("inspectOnnx", () => {
  test("tells of the versions, the inputs and outputs, the nodes and the constants", () => {
    const contents = inspectOnnx(exportOnnx(smallNetwork(1)));
    expect(contents).toMatchObject({
      irVersion: 8,
      operatorSets: [{ domain: "ai.onnx", version: 17 }],
      producer: "tinyconv",
      inputs: [{ name: "input", type: "FLOAT", shape: ["N", 6, 6, 1] }],
      outputs: [{ name: "probabilities", type: "FLOAT", shape: ["N", 3] }],
    });
    expect(contents.nodes[1]).toEqual({
      name: "conv2d_1",
      operator: "Conv",
      attributes: expect.arrayContaining([
        ["kernel_shape", [3, 3]],
        ["group", 1],
      ]),
    });
    expect(contents.tensors.map(({ name, type, shape }) => [name, type, shape])).toEqual([
      ["conv2d_1/kernel", "FLOAT", [2, 1, 3, 3]],
      ["conv2d_1/bias", "FLOAT", [2]],
      ["dense_1/kernel", "FLOAT", [8, 3]],
      ["dense_1/bias", "FLOAT", [3]],
    ]);
    expect(contents.tensors[3]!.data).toEqual(new Uint8Array(12));
  });

  test("names foreign operators by their domain, and any version", () => {
    const node = createMessage(NODE, { opType: "FusedConv", domain: "com.microsoft" });
    const opsetImport = [{ domain: "com.microsoft", version: 1 }];
    const contents = inspectOnnx(
      fileOf({ node: [node] }, { irVersion: 99, opsetImport, producerName: "p", producerVersion: "2" }),
    );
    expect(contents).toMatchObject({ irVersion: 99, operatorSets: opsetImport, producer: "p 2" });
    expect(contents.nodes).toEqual([{ name: "", operator: "com.microsoft.FusedConv", attributes: [] }]);
  });

  test("reads attributes of every type, zeros that were left out too", () => {
    const tensor = createMessage(TENSOR, { dims: [2, 3], dataType: 7 });
    const attribute = [
      createMessage(ATTRIBUTE, { name: "float", type: 1 }),
      createMessage(ATTRIBUTE, { name: "int", type: 2, int: -5 }),
      createMessage(ATTRIBUTE, { name: "string", type: 3, string: new TextEncoder().encode("SAME") }),
      createMessage(ATTRIBUTE, { name: "tensor", type: 4, tensor }),
      createMessage(ATTRIBUTE, { name: "floats", type: 6, floats: [0.5] }),
      createMessage(ATTRIBUTE, { name: "ints", type: 7, ints: [1, 2] }),
      createMessage(ATTRIBUTE, { name: "graph", type: 5 }),
      createMessage(ATTRIBUTE, { name: "none", type: 4 }),
    ];
    const [node] = inspectOnnx(fileOf({ node: [createMessage(NODE, { attribute })] })).nodes;
    expect(node!.attributes).toEqual([
      ["float", 0],
      ["int", -5],
      ["string", "SAME"],
      ["tensor", "INT64 [2, 3]"],
      ["floats", [0.5]],
      ["ints", [1, 2]],
      ["graph", "a value of type 5"],
      ["none", "no tensor"],
    ]);
  });

  test("leaves constants out of the inputs, and shows lengths that are not known", () => {
    const dim = [
      { value: undefined, parameter: "batch" },
      { value: undefined, parameter: undefined },
      { value: 0, parameter: undefined },
    ];
    const type = { tensorType: { elemType: 1, shape: { dim } } };
    const input = [
      createMessage(VALUE_INFO, { name: "x", type }),
      createMessage(VALUE_INFO, { name: "w", type }),
      createMessage(VALUE_INFO, { name: "any" }),
    ];
    const contents = inspectOnnx(fileOf({ input, initializer: [createMessage(TENSOR, { name: "w" })] }));
    expect(contents.inputs).toEqual([
      { name: "x", type: "FLOAT", shape: ["batch", "?", 0] },
      { name: "any", type: "type 0", shape: ["..."] },
    ]);
  });

  test("has the bytes of constants where they are in the file", () => {
    const initializer = [
      createMessage(TENSOR, { name: "list", dataType: 1, floatData: [1] }),
      createMessage(TENSOR, { name: "raw", dataType: 10, rawData: Uint8Array.of(1, 2) }),
      createMessage(TENSOR, { name: "other", dataType: 7, int64Data: [1] }),
      createMessage(TENSOR, { name: "far", dataType: 1, dataLocation: EXTERNAL, rawData: Uint8Array.of(1) }),
    ];
    const { tensors } = inspectOnnx(fileOf({ initializer }));
    expect(tensors.map(({ type, data }) => [type, data && [...data]])).toEqual([
      ["FLOAT", [0, 0, 0x80, 0x3f]],
      ["FLOAT16", [1, 2]],
      ["INT64", undefined],
      ["FLOAT", undefined],
    ]);
  });

  test("refuses what is no ONNX file", () => {
    const refusal = (bytes: Uint8Array) => () => inspectOnnx(bytes);
    const model = createMessage(MODEL, { irVersion: 8 });
    expect(refusal(encodeMessage(MODEL, model))).toThrow(
      new Error("inspectOnnx: expected an ONNX file, got bytes without graph. The file is of another kind."),
    );
    expect(refusal(fileOf({}, { irVersion: undefined }))).toThrow(
      new Error(
        "inspectOnnx: expected an ONNX file, got bytes without ir_version. The file is of another kind.",
      ),
    );
    expect(refusal(exportOnnx(smallNetwork(1)).subarray(0, 100))).toThrow(
      /^inspectOnnx: expected a protocol buffer, /,
    );
  });

  test("makes no more objects than a network has, however many a small file asks for", () => {
    const node = Array.from({ length: 100_000 }, () => createMessage(NODE, {}));
    expect(() => inspectOnnx(fileOf({ node }))).toThrow(
      new Error("inspectOnnx: expected at most 100000 nodes, tensors and other messages, got more."),
    );
  });
});
