import { type GraphProto, MODEL, type NodeProto } from "../../src/formats/onnx/onnx-schema.js";
import { decodeMessage } from "../../src/formats/onnx/protobuf.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** What an ONNX file of ours holds, field by field. */
export function decodeExport(bytes: Uint8Array): { readonly graph: GraphProto } {
  return { graph: decodeMessage(MODEL, bytes, { where: "test", mostMessages: 10_000, messages: 0 }).graph! };
}

/** The nodes of a graph as lines: `Relu relu_1: input -> relu_1/y`. */
export function nodesOf({ node }: GraphProto): string[] {
  return node.map(
    ({ opType, name, input, output }) => `${opType} ${name}: ${input.join(" ")} -> ${output.join(" ")}`,
  );
}

/** The options of a node by their names. */
export function attributesOf({ attribute }: NodeProto): Record<string, number | readonly number[]> {
  return Object.fromEntries(
    attribute.map(({ name, int, float, ints }) => [name!, int ?? float ?? ints] as const),
  );
}

/** The float32 constant of a graph with this name. */
export function constantOf({ initializer }: GraphProto, name: string): Tensor {
  const { dims, rawData } = initializer.find((tensor) => tensor.name === name)!;
  const view = new DataView(rawData!.buffer, rawData!.byteOffset, rawData!.byteLength);
  const values = Array.from({ length: rawData!.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
  return Tensor.from(values, dims);
}
