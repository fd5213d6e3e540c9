/**
 * The part of the ONNX file format that a chain of layers needs: the messages of onnx.proto
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3) with the numbers of their fields. What is not listed is
 * skipped when a file is read.
 */

import {
  bytes,
  float,
  floats,
  int,
  ints,
  type Message,
  message,
  messages,
  string,
  strings,
} from "./protobuf.js";

/** `TensorProto.DataType`. */
export const FLOAT = 1;
/** `TensorProto.DataType`. */
export const INT64 = 7;
/** `TensorProto.DataLocation`: the numbers are in another file. */
export const EXTERNAL = 1;

/** `AttributeProto.AttributeType`, of the attributes that layers have. */
export const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;

/** An array of constants. */
export const TENSOR = {
  dims: ints(1),
  dataType: int(2),
  floatData: floats(4),
  int64Data: ints(7),
  name: string(8),
  rawData: bytes(9),
  dataLocation: int(14),
};
export type TensorProto = Message<typeof TENSOR>;

/** An option of a node. */
export const ATTRIBUTE = {
  name: string(1),
  float: float(2),
  int: int(3),
  string: bytes(4),
  tensor: message(5, TENSOR),
  floats: floats(7),
  ints: ints(8),
  type: int(20),
};
export type AttributeProto = Message<typeof ATTRIBUTE>;

/** An operation on named values. */
export const NODE = {
  input: strings(1),
  output: strings(2),
  name: string(3),
  opType: string(4),
  attribute: messages(5, ATTRIBUTE),
  domain: string(7),
};
export type NodeProto = Message<typeof NODE>;

const DIMENSION = { value: int(1), parameter: string(2) };
const TENSOR_SHAPE = { dim: messages(1, DIMENSION) };
const TENSOR_TYPE = { elemType: int(1), shape: message(2, TENSOR_SHAPE) };
const TYPE = { tensorType: message(1, TENSOR_TYPE) };

/** The name and the type of an input or output. */
export const VALUE_INFO = { name: string(1), type: message(2, TYPE) };
export type ValueInfoProto = Message<typeof VALUE_INFO>;

export const GRAPH = {
  node: messages(1, NODE),
  name: string(2),
  initializer: messages(5, TENSOR),
  input: messages(11, VALUE_INFO),
  output: messages(12, VALUE_INFO),
};
export type GraphProto = Message<typeof GRAPH>;

const OPERATOR_SET = { domain: string(1), version: int(2) };

/** A file. */
export const MODEL = {
  irVersion: int(1),
  producerName: string(2),
  producerVersion: string(3),
  graph: message(7, GRAPH),
  opsetImport: messages(8, OPERATOR_SET),
};
export type ModelProto = Message<typeof MODEL>;
