import { quote } from "../../tensor/expect.js";
import type { ChainNode } from "./chain-node.js";
import {
  importBatchNormalization,
  importDropout,
  importLeakyRelu,
  importLogSoftmax,
  importRelu,
  importRescaling,
  importSigmoid,
  importSoftmax,
  importTanh,
} from "./import-elementwise.js";
import { importFlatten, importGemm, importMatMul, importReshape, importTranspose } from "./import-rows.js";
import {
  importAveragePool,
  importConv,
  importGlobalAveragePool,
  importMaxPool,
  importPad,
} from "./import-windows.js";
import type { ImportedModel } from "./imported-model.js";
import type { NodeQueue } from "./node-queue.js";
import type { NodeProto } from "./onnx-schema.js";
import { isOwnDomain } from "./read-onnx.js";

type Import = (target: ImportedModel, node: ChainNode, rest: NodeQueue) => void;

/** The operators that make layers, or change how their input lies. Constant is one more, and is read before. */
const OPERATORS: Readonly<Record<string, Import>> = {
  Add: importRescaling,
  AveragePool: importAveragePool,
  BatchNormalization: importBatchNormalization,
  Conv: importConv,
  Div: importRescaling,
  Dropout: importDropout,
  Flatten: importFlatten,
  Gemm: importGemm,
  GlobalAveragePool: importGlobalAveragePool,
  Identity: () => {},
  LeakyRelu: importLeakyRelu,
  LogSoftmax: importLogSoftmax,
  MatMul: importMatMul,
  MaxPool: importMaxPool,
  Mul: importRescaling,
  Pad: importPad,
  Relu: importRelu,
  Reshape: importReshape,
  Sigmoid: importSigmoid,
  Softmax: importSoftmax,
  Sub: importRescaling,
  Tanh: importTanh,
  Transpose: importTranspose,
};

/** Operators that take a result and a constant in any order. */
const ANY_ORDER = ["Add", "Div", "Mul", "Sub"];

/** Operators that leave an image as it lies, so that it is for a later one to say where its channels are. */
export const ANY_LAYOUT: readonly string[] = [
  "Add",
  "Div",
  "Dropout",
  "Identity",
  "LeakyRelu",
  "Mul",
  "Pad",
  "Relu",
  "Sigmoid",
  "Sub",
  "Tanh",
];

/**
 * Checks that a node has an operator that can be imported.
 *
 * @param where the node, for the message.
 * @throws Error if it has not.
 */
export function expectOperator(where: string, { opType = "", domain = "" }: NodeProto): void {
  if (!isOwnDomain(domain)) {
    throw new Error(`${where}: expected an operator of ONNX, got one of the domain ${quote(domain)}.`);
  }
  if (opType === "Constant" || Object.hasOwn(OPERATORS, opType)) return;
  const known = ["Constant", ...Object.keys(OPERATORS)].sort().join(", ");
  const remedy =
    opType === "Shape" ? " In PyTorch, use torch.flatten(x, 1) in place of x.view(x.size(0), -1)." : "";
  throw new Error(`${where}: expected an operator out of ${known}, got ${quote(opType)}.${remedy}`);
}

/**
 * Adds what a node means to the model, and takes those behind it that belong to the same layer.
 *
 * @throws Error that names the node, if it cannot be imported.
 */
export function importNode(target: ImportedModel, node: ChainNode, rest: NodeQueue): void {
  const { opType, dataInput } = node;
  if (dataInput !== 0 && !ANY_ORDER.includes(opType)) {
    throw node.refuse("the result of the node before as input 0", `it as input ${dataInput}`);
  }
  OPERATORS[opType]!(target, node, rest);
}
