import protobuf from "protobufjs/minimal.js";

/*
 * The part of the ONNX file format (onnx.proto) that a chain of layers needs. Each function gives the bytes of one
 * message; the numbers are those of its fields.
 */

const IR_VERSION = 8;
const OPERATOR_SET = 17;
const FLOAT = 1;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

/** An attribute of a node: a list is one of whole numbers, and a number stands for a float unless it is in `ints`. */
export interface Attributes {
  readonly floats?: Readonly<Record<string, number>>;
  readonly ints?: Readonly<Record<string, number | readonly number[]>>;
}

interface Graph {
  readonly nodes: readonly Uint8Array[];
  readonly initializers: readonly Uint8Array[];
  readonly input: Uint8Array;
  readonly output: Uint8Array;
}

/** ModelProto. */
export function encodeModel({ nodes, initializers, input, output }: Graph): Uint8Array {
  const graph = new protobuf.Writer();
  for (const node of nodes) message(graph, 1, node);
  graph.uint32(tag(2, LENGTH)).string("tinyconv");
  for (const tensor of initializers) message(graph, 5, tensor);
  message(graph, 11, input);
  message(graph, 12, output);
  const operators = new protobuf.Writer().uint32(tag(1, LENGTH)).string("").uint32(tag(2, VARINT));
  const model = new protobuf.Writer().uint32(tag(1, VARINT)).int64(IR_VERSION);
  message(model, 7, graph.finish());
  message(model, 8, operators.int64(OPERATOR_SET).finish());
  return model.finish();
}

/** NodeProto: an operation from named inputs to one named output. */
export function encodeNode(
  operation: string,
  inputs: readonly string[],
  output: string,
  { floats = {}, ints = {} }: Attributes = {},
): Uint8Array {
  const node = new protobuf.Writer();
  for (const input of inputs) node.uint32(tag(1, LENGTH)).string(input);
  node.uint32(tag(2, LENGTH)).string(output).uint32(tag(4, LENGTH)).string(operation);
  for (const [name, value] of Object.entries(floats)) {
    const attribute = new protobuf.Writer().uint32(tag(1, LENGTH)).string(name);
    attribute.uint32(tag(2, FIXED32)).float(value).uint32(tag(20, VARINT)).int32(ATTRIBUTE_FLOAT);
    message(node, 5, attribute.finish());
  }
  for (const [name, value] of Object.entries(ints)) {
    const attribute = new protobuf.Writer().uint32(tag(1, LENGTH)).string(name);
    const field = typeof value === "number" ? 3 : 8;
    for (const item of [value].flat()) attribute.uint32(tag(field, VARINT)).int64(item);
    attribute.uint32(tag(20, VARINT)).int32(field === 3 ? ATTRIBUTE_INT : ATTRIBUTE_INTS);
    message(node, 5, attribute.finish());
  }
  return node.finish();
}

/** TensorProto of float32 values. */
export function encodeTensor(name: string, shape: readonly number[], data: Float32Array): Uint8Array {
  const tensor = new protobuf.Writer();
  for (const length of shape) tensor.uint32(tag(1, VARINT)).int64(length);
  tensor.uint32(tag(2, VARINT)).int32(FLOAT).uint32(tag(8, LENGTH)).string(name);
  // the format is little-endian, and so is every machine that runs Node
  message(tensor, 9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return tensor.finish();
}

/** ValueInfoProto of an input or output of float32 values, a batch of any size of `shape`. */
export function encodeValueInfo(name: string, shape: readonly number[]): Uint8Array {
  const shapes = new protobuf.Writer();
  message(shapes, 1, new protobuf.Writer().uint32(tag(2, LENGTH)).string("N").finish());
  for (const length of shape) {
    message(shapes, 1, new protobuf.Writer().uint32(tag(1, VARINT)).int64(length).finish());
  }
  const tensorType = new protobuf.Writer().uint32(tag(1, VARINT)).int32(FLOAT);
  message(tensorType, 2, shapes.finish());
  const type = new protobuf.Writer();
  message(type, 1, tensorType.finish());
  const info = new protobuf.Writer().uint32(tag(1, LENGTH)).string(name);
  message(info, 2, type.finish());
  return info.finish();
}

const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;

function tag(field: number, wireType: number): number {
  return (field << 3) | wireType;
}

function message(writer: protobuf.Writer, field: number, bytes: Uint8Array): void {
  writer.uint32(tag(field, LENGTH)).bytes(bytes);
}
