import {
  ATTRIBUTE,
  FLOAT,
  GRAPH,
  INT64,
  MODEL,
  type ModelProto,
  NODE,
  type NodeProto,
  TENSOR,
  type TensorProto,
  VALUE_INFO,
} from "../../src/formats/onnx/onnx-schema.js";
import { createMessage, encodeMessage, type Message } from "../../src/formats/onnx/protobuf.js";

/** Options of a node: a list is one of whole numbers, `{ float }` a float32, and so on. */
type Attributes = Readonly<
  Record<
    string,
    number | string | readonly number[] | { readonly float: number } | Partial<Message<typeof ATTRIBUTE>>
  >
>;

/** A node of a file; what is left out is not in it. */
export interface NodeDraft {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly name?: string;
  readonly attributes?: Attributes;
  readonly more?: Partial<NodeProto>;
}

/** Everything about a file that a test may want to have otherwise. */
export interface FileDraft {
  readonly nodes: readonly NodeDraft[];
  readonly constants?: Readonly<Record<string, Partial<TensorProto>>> | undefined;
  /** The shape of the input x, with names for lengths that are not fixed. @default ["N", 1, 4, 4] */
  readonly shape?: readonly (number | string)[];
  readonly operatorSet?: number;
  readonly model?: Partial<ModelProto>;
  readonly graph?: Partial<Message<typeof GRAPH>>;
}

/** The bytes of an ONNX file with these nodes, from the input "x" to the output of the last node. */
export function onnxFile({
  nodes,
  constants = {},
  shape = ["N", 1, 4, 4],
  operatorSet = 17,
  model,
  graph,
}: FileDraft): Uint8Array {
  const content = createMessage(GRAPH, {
    name: "test",
    node: nodes.map(draftNode),
    initializer: Object.entries(constants).map(([name, tensor]) =>
      createMessage(TENSOR, { name, ...tensor }),
    ),
    input: [valueInfo("x", shape)],
    output: [valueInfo(nodes.at(-1)?.output ?? "x", [])],
    ...graph,
  });
  return encodeMessage(
    MODEL,
    createMessage(MODEL, {
      irVersion: 8,
      graph: content,
      opsetImport: [{ domain: undefined, version: operatorSet }],
      ...model,
    }),
  );
}

/** The type of a value: float32, of this shape. */
export function valueInfo(name: string, shape: readonly (number | string)[], elemType = FLOAT) {
  const dim = shape.map((length) =>
    typeof length === "number"
      ? { value: length, parameter: undefined }
      : { value: undefined, parameter: length },
  );
  return createMessage(VALUE_INFO, { name, type: { tensorType: { elemType, shape: { dim } } } });
}

/** Float32 constants. */
export function floats(dims: readonly number[], floatData: readonly number[]): Partial<TensorProto> {
  return { dims, dataType: FLOAT, floatData };
}

/** Whole numbers. */
export function integers(...int64Data: readonly number[]): Partial<TensorProto> {
  return { dims: [int64Data.length], dataType: INT64, int64Data };
}

function draftNode({ op, inputs, output, name, attributes = {}, more }: NodeDraft): NodeProto {
  return createMessage(NODE, {
    opType: op,
    name,
    input: inputs,
    output: [output],
    attribute: Object.entries(attributes).map(([attribute, value]) => {
      if (typeof value === "number")
        return createMessage(ATTRIBUTE, { name: attribute, type: 2, int: value });
      if (typeof value === "string") {
        return createMessage(ATTRIBUTE, {
          name: attribute,
          type: 3,
          string: new TextEncoder().encode(value),
        });
      }
      if (Array.isArray(value)) return createMessage(ATTRIBUTE, { name: attribute, type: 7, ints: value });
      const type = "float" in value && !("type" in value) ? { type: 1 } : {};
      return createMessage(ATTRIBUTE, { name: attribute, ...type, ...value });
    }),
    ...more,
  });
}
