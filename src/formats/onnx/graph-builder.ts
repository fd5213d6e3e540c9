import type { Shape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { floatBytes } from "../weight-bytes.js";
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPES,
  type AttributeProto,
  FLOAT,
  GRAPH,
  type GraphProto,
  NODE,
  type NodeProto,
  TENSOR,
  type TensorProto,
  VALUE_INFO,
  type ValueInfoProto,
} from "./onnx-schema.js";
import { createMessage } from "./protobuf.js";

/** The options of a node by their names. */
export interface Attributes {
  readonly ints?: Readonly<Record<string, number | readonly number[]>>;
  readonly floats?: Readonly<Record<string, number>>;
}

/** An operation of a graph: its result is called `output`. */
interface NodeDescription {
  readonly opType: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Attributes;
}

/** The batch axis, whose length is not fixed. */
const BATCH = "N";

/** A graph that grows by one node after the other. */
export class GraphBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #constants: TensorProto[] = [];

  /** Adds float32 constants, and returns their name. */
  constant(name: string, { shape, data }: Pick<Tensor, "shape" | "data">): string {
    this.#constants.push(
      createMessage(TENSOR, { name, dims: shape, dataType: FLOAT, rawData: floatBytes(data) }),
    );
    return name;
  }

  /**
   * Adds a node, and returns the name of its output.
   *
   * @throws RangeError if an attribute is no float32 number.
   */
  node({ opType, name, inputs, output, attributes = {} }: NodeDescription): string {
    const attribute = describeAttributes(name, attributes);
    this.#nodes.push(createMessage(NODE, { opType, name, input: inputs, output: [output], attribute }));
    return output;
  }

  /** The graph from a value to the result of the last node, which gets the name of `output`. */
  finish(name: string, input: ValueInfoProto, output: ValueInfoProto): GraphProto {
    if (this.#nodes.length === 0) {
      this.node({ opType: "Identity", name: "identity", inputs: [input.name!], output: "" });
    }
    const last = { ...this.#nodes.at(-1)!, output: [output.name!] };
    return createMessage(GRAPH, {
      name,
      node: [...this.#nodes.slice(0, -1), last],
      initializer: this.#constants,
      input: [input],
      output: [output],
    });
  }
}

/** The name and the type of a float32 value, of a batch of samples of a shape. */
export function describeValue(name: string, sampleShape: Shape): ValueInfoProto {
  const lengths = sampleShape.map((value) => ({ value, parameter: undefined }));
  const dim = [{ value: undefined, parameter: BATCH }, ...lengths];
  return createMessage(VALUE_INFO, { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } });
}

function describeAttributes(node: string, { ints = {}, floats = {} }: Attributes): AttributeProto[] {
  const { int: INT, ints: INTS, float: FLOAT } = ATTRIBUTE_TYPES;
  const attributes = Object.entries(ints).map(([name, value]) =>
    createMessage(
      ATTRIBUTE,
      typeof value === "number" ? { name, type: INT, int: value } : { name, type: INTS, ints: value },
    ),
  );
  for (const [name, value] of Object.entries(floats)) {
    expectFloat32(node, name, value);
    attributes.push(createMessage(ATTRIBUTE, { name, type: FLOAT, float: value }));
  }
  return attributes;
}

/** @throws RangeError if a number is too large for a float32, or is 0 as a float32 and was not. */
export function expectFloat32(node: string, name: string, value: number): number {
  const rounded = Math.fround(value);
  if (Number.isFinite(rounded) && (rounded !== 0 || value === 0)) return rounded;
  throw new RangeError(`exportOnnx (${node}): expected ${name} to be a float32 number, got ${value}.`);
}
