import { quote } from "../../tensor/expect.js";
import { ChainNode, describeNode } from "./chain-node.js";
import {
  FLOAT,
  type GraphProto,
  INT64,
  type NodeProto,
  TENSOR,
  type TensorProto,
  type ValueInfoProto,
} from "./onnx-schema.js";
import { expectOperator } from "./operators.js";
import { createMessage } from "./protobuf.js";
import type { OnnxFile } from "./read-onnx.js";

/** A graph in which each node takes the result of the one before. */
export interface Chain {
  readonly input: ValueInfoProto;
  readonly nodes: readonly ChainNode[];
}

/**
 * The chain that a graph is. ONNX has the nodes in an order in which each comes after those that it takes results of, so
 * they are gone through once; constants may come in between.
 *
 * @throws Error if it is no chain from one input to one output.
 */
export function readChain(where: string, { graph, operatorSet }: OnnxFile): Chain {
  const constants = new Map<string, TensorProto>();
  for (const tensor of graph.initializer) define(where, constants, tensor.name ?? "", tensor);
  const input = readInput(where, graph, constants);

  let current = input.name ?? "";
  const named = new Set([current, ...constants.keys()]);
  const nodes: ChainNode[] = [];
  for (const node of graph.node) {
    const nodeWhere = describeNode(where, node);
    for (const name of node.output.filter((output) => output !== "")) {
      if (named.has(name))
        throw new Error(`${nodeWhere}: expected a new name for its result, got ${quote(name)} again.`);
      named.add(name);
    }
    expectOperator(nodeWhere, node);
    const [output = ""] = node.output;
    const chainNode = new ChainNode(where, node, { constants, operatorSet });
    const constant = readConstant(chainNode);
    if (constant) {
      chainNode.expectNoMore();
      constants.set(output, constant);
      continue;
    }
    expectNext(nodeWhere, node, current, constants);
    nodes.push(chainNode);
    current = output;
  }
  expectOutput(where, graph, current);
  return { input, nodes };
}

function define(where: string, constants: Map<string, TensorProto>, name: string, tensor: TensorProto): void {
  if (name === "") return; // nothing can take it
  if (constants.has(name)) {
    throw new Error(`${where}: expected a name of its own for each initializer, got ${quote(name)} twice.`);
  }
  constants.set(name, tensor);
}

/** The one input that is not constant: old files list the constants among the inputs too. */
function readInput(
  where: string,
  graph: GraphProto,
  constants: ReadonlyMap<string, TensorProto>,
): ValueInfoProto {
  const inputs = graph.input.filter(({ name }) => !constants.has(name ?? ""));
  if (inputs.length === 1) return inputs[0]!;
  throw new Error(`${where}: expected a model with one input, got ${inputs.length}.`);
}

function expectOutput(where: string, { output }: GraphProto, last: string): void {
  if (output.length !== 1) {
    throw new Error(`${where}: expected a model with one output, got ${output.length}.`);
  }
  const [{ name = "" }] = output as [ValueInfoProto];
  if (name !== last) {
    throw new Error(
      `${where}: expected the output to be the result of the last node, ${quote(last)}, got ${quote(name)}.`,
    );
  }
}

/** What a node gives that depends on no input: the value of a Constant, or a constant by another name. */
function readConstant(node: ChainNode): TensorProto | undefined {
  if (node.opType === "Identity") return node.constant(0);
  if (node.opType !== "Constant") return undefined;
  const floats = (dims: number[], floatData: readonly number[]): TensorProto =>
    createMessage(TENSOR, { dims, floatData, dataType: FLOAT });
  const integers = (dims: number[], int64Data: readonly number[]): TensorProto =>
    createMessage(TENSOR, { dims, int64Data, dataType: INT64 });
  const [name = ""] = node.attributes;
  if (name === "value") return node.tensor(name);
  if (name === "value_float") return floats([], [node.float(name, 0)]);
  if (name === "value_int") return integers([], [node.int(name, 0)]);
  if (name === "value_floats") return floats([node.floatList(name).length], node.floatList(name));
  if (name === "value_ints") return integers([node.ints(name, []).length], node.ints(name, []));
  throw node.refuse("a value of numbers", quote(name));
}

/** Checks that a node takes the result of the one before it, and constants. */
function expectNext(
  where: string,
  { input }: NodeProto,
  current: string,
  constants: ReadonlyMap<string, TensorProto>,
): void {
  const variable = input.filter((name) => name !== "" && !constants.has(name));
  const [taken] = variable;
  if (taken === undefined || variable.length > 1) {
    throw new Error(
      `${where}: expected one input that is not constant, as in a chain of layers, got ${variable.length}.`,
    );
  }
  if (taken !== current) {
    throw new Error(
      `${where}: expected the result of the node before, ${quote(current)}, as in a chain of layers, got ${quote(taken)}.`,
    );
  }
}
