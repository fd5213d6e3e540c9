import { formatShape, type Shape } from "../../tensor/shape.js";
import { floatBytes } from "../weight-bytes.js";
import { nameOfDataType } from "./constants.js";
import {
  ATTRIBUTE_TYPES,
  type AttributeProto,
  EXTERNAL,
  FLOAT,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "./onnx-schema.js";
import { decodeOnnx, isOwnDomain } from "./read-onnx.js";

/** An input or output of a graph. */
export interface OnnxValue {
  readonly name: string;
  /** `FLOAT` and the like; of what is no tensor, `type 0`. */
  readonly type: string;
  /** The lengths of the axes: a number, the name of a length that is not fixed, or `?`. */
  readonly shape: readonly (number | string)[];
}

/** A node of a graph. */
export interface OnnxNode {
  readonly name: string;
  /** With its domain in front if it is none of ONNX itself: `com.microsoft.FusedConv`. */
  readonly operator: string;
  /** Its options by their names; a tensor is told of by its type and shape. */
  readonly attributes: readonly (readonly [name: string, value: number | string | readonly number[]])[];
}

/** A constant of a graph. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: Shape;
  /** Little-endian; undefined where the numbers are in another file, or in a form that is not read. */
  readonly data: Uint8Array | undefined;
}

/** What is in an ONNX file. */
export interface OnnxContents {
  readonly irVersion: number;
  /** The versions of the operators by their domain, which is `ai.onnx` for those of ONNX itself. */
  readonly operatorSets: readonly { readonly domain: string; readonly version: number }[];
  /** What has written the file; "" if it does not say so. */
  readonly producer: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
}

/**
 * What is in the bytes of an ONNX file, of any version and with any operators: unlike `importOnnx` it makes nothing of them.
 *
 * @throws TypeError if `bytes` is no Uint8Array; Error if they are no ONNX file, or a damaged one.
 */
export function inspectOnnx(bytes: Uint8Array): OnnxContents {
  const { model, irVersion, graph } = decodeOnnx("inspectOnnx", bytes);
  const { producerName = "", producerVersion = "", opsetImport } = model;
  const constants = new Set(graph.initializer.map(({ name }) => name));
  return {
    irVersion,
    operatorSets: opsetImport.map(({ domain, version = 0 }) => ({
      domain: isOwnDomain(domain) ? "ai.onnx" : domain!,
      version,
    })),
    producer: [producerName, producerVersion].filter((word) => word !== "").join(" "),
    // old files list the constants among the inputs too
    inputs: graph.input.filter(({ name }) => !constants.has(name)).map(inspectValue),
    outputs: graph.output.map(inspectValue),
    nodes: graph.node.map(inspectNode),
    tensors: graph.initializer.map(inspectTensor),
  };
}

function inspectValue({ name = "", type }: ValueInfoProto): OnnxValue {
  const { elemType, shape } = type?.tensorType ?? {};
  const lengths = shape?.dim.map(({ value, parameter }) => value ?? (parameter || "?"));
  return { name, type: nameOfDataType(elemType), shape: lengths ?? ["..."] };
}

function inspectNode({ name = "", opType = "", domain, attribute }: NodeProto): OnnxNode {
  return {
    name,
    operator: isOwnDomain(domain) ? opType : `${domain}.${opType}`,
    attributes: attribute.map((each) => [each.name ?? "", readAttribute(each)]),
  };
}

/** A writer may leave out a number that is 0, so what an attribute has is told by its type. */
function readAttribute(attribute: AttributeProto): OnnxNode["attributes"][number][1] {
  const { type = 0, tensor } = attribute;
  switch (type) {
    case ATTRIBUTE_TYPES.float:
      return attribute.float ?? 0;
    case ATTRIBUTE_TYPES.int:
      return attribute.int ?? 0;
    case ATTRIBUTE_TYPES.string:
      return new TextDecoder().decode(attribute.string);
    case ATTRIBUTE_TYPES.floats:
      return attribute.floats;
    case ATTRIBUTE_TYPES.ints:
      return attribute.ints;
    case ATTRIBUTE_TYPES.tensor:
      return tensor ? `${nameOfDataType(tensor.dataType)} ${formatShape(tensor.dims)}` : "no tensor";
    default:
      return `a value of type ${type}`;
  }
}

function inspectTensor(tensor: TensorProto): OnnxTensor {
  const { name = "", dataType, dims } = tensor;
  return { name, type: nameOfDataType(dataType), shape: dims, data: dataOf(tensor) };
}

function dataOf({ dataType, dataLocation, rawData, floatData }: TensorProto): Uint8Array | undefined {
  if (dataLocation === EXTERNAL) return undefined;
  if (rawData) return rawData;
  return dataType === FLOAT ? floatBytes(Float32Array.from(floatData)) : undefined;
}
