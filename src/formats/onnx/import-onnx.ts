import type { Sequential } from "../../model/sequential.js";
import { expectOneOf, expectOptions, quote } from "../../tensor/expect.js";
import { formatShape, type Shape, sameShape } from "../../tensor/shape.js";
import { expectFiniteWeights } from "../finite-weights.js";
import { LimitedWorkspace, MOST_AXES, MOST_LAYERS } from "../limited-workspace.js";
import { type Chain, readChain } from "./chain.js";
import type { ChainNode } from "./chain-node.js";
import { nameOfDataType } from "./constants.js";
import { IMAGE_LAYOUTS, type ImageLayout } from "./image-layout.js";
import { ImportedModel } from "./imported-model.js";
import { NodeQueue } from "./node-queue.js";
import { FLOAT, type ValueInfoProto } from "./onnx-schema.js";
import { ANY_LAYOUT, importNode } from "./operators.js";
import { channelsFirst } from "./permute.js";
import { readOnnx } from "./read-onnx.js";

/** Options of `importOnnx`. */
export interface ImportOnnxOptions {
  /**
   * How the file has its images: `"NCHW"` as PyTorch, or `"NHWC"` as Keras. The model takes [N, H, W, C] in both cases.
   * @default what the first operator says that needs to know; where none does, "NCHW" unless it looks like [N, 28, 28, 1]
   */
  readonly inputLayout?: ImageLayout | undefined;
}

/**
 * The model in an ONNX file (https://onnx.ai): a chain of layers as PyTorch, Keras and `exportOnnx` write it becomes a
 * Sequential, which can be trained further.
 *
 * ```ts
 * const model = importOnnx(await readFile("model.onnx"));
 * ```
 *
 * It reads files of ir_version 3 to 13 and operator sets 7 to 27, with float32 weights, and these operators: Conv (of one
 * group), MaxPool, AveragePool, GlobalAveragePool, Gemm and MatMul, an Add of a bias, BatchNormalization, Relu, LeakyRelu,
 * Sigmoid, Tanh, Softmax, LogSoftmax at the end (which `fit` and `predict` add anyway), Mul, Div, Add and Sub by one number
 * (a Rescaling), Dropout, Flatten, Reshape to rows, Transpose of the channels, Pad by nothing, Identity and Constant. Image
 * sizes have to be fixed; the batch may be.
 *
 * The images of the model are [N, H, W, C], whatever the file has. The rows of a dense kernel behind a Flatten come into
 * that order.
 *
 * The file may come from anywhere: nothing in it is run, and no more memory is taken than some times its size.
 *
 * @throws TypeError if `bytes` is no Uint8Array; RangeError for an unknown layout; Error if the file is damaged, of a
 * version that is not read, no chain, or has weights that are not finite, or another operator: the message names the node.
 */
export function importOnnx(bytes: Uint8Array, options: ImportOnnxOptions = {}): Sequential {
  const where = "importOnnx";
  const { inputLayout } = expectOptions(where, options);
  if (inputLayout !== undefined) expectOneOf(where, "inputLayout", inputLayout, IMAGE_LAYOUTS);
  const file = readOnnx(where, bytes);
  const chain = readChain(where, file);
  if (chain.nodes.length > MOST_LAYERS) {
    throw new Error(`${where}: expected at most ${MOST_LAYERS} nodes, got ${chain.nodes.length}.`);
  }
  const target = startModel(where, Math.floor(bytes.length / 4), chain, inputLayout);

  const rest = new NodeQueue(chain.nodes);
  for (let node = rest.take(); node; node = rest.take()) {
    importNode(target, node, rest);
  }
  for (const node of chain.nodes) node.expectNoMore();
  return finishModel(where, target);
}

/** The model before its first layer. Its weights are at most as many numbers as the file has room for. */
function startModel(
  where: string,
  mostNumbers: number,
  { input, nodes }: Chain,
  given: ImageLayout | undefined,
): ImportedModel {
  const { batch, sample } = readInputShape(where, input);
  const inFile = inferLayout(sample, nodes);
  const isSure = sample.length === 3; // of two axes, the same Transpose leads to both layouts
  if (isSure && given !== undefined && inFile !== undefined && given !== inFile) {
    throw new Error(
      `${where}: expected inputLayout ${inFile}, as the file's operators say, got ${given}. Leave it out.`,
    );
  }
  const inputLayout = given ?? inFile ?? guessLayout(sample);
  const isFirst = inputLayout === "NCHW" && sample.length > 1;
  const shape = isFirst ? [...sample.slice(1), sample[0]!] : sample;
  const order = sample.length === 1 ? "rows" : isFirst ? "channels first" : "channels last";
  return new ImportedModel(shape, order, batch, new LimitedWorkspace("Sequential.add", mostNumbers));
}

/** The shape of the input, [N, ...]; N may be any. */
function readInputShape(where: string, { name = "", type }: ValueInfoProto) {
  const tensorType = type?.tensorType;
  const [batch, ...sample] = tensorType?.shape?.dim ?? [];
  const shown =
    tensorType?.shape?.dim.map(({ value, parameter }) => value ?? (parameter?.slice(0, 30) || "?")) ?? [];
  const what = `${where}: expected the input ${quote(name)} to`;
  if (tensorType?.elemType !== FLOAT) {
    throw new Error(`${what} be of type FLOAT, got ${nameOfDataType(tensorType?.elemType)}.`);
  }
  if (sample.length > MOST_AXES)
    throw new Error(`${what} have at most ${MOST_AXES} axes, got ${sample.length}.`);
  const lengths = sample.map(({ value = 0 }) => value);
  if (lengths.length === 0 || !lengths.every((length) => length >= 1)) {
    throw new Error(
      `${what} have a batch axis and fixed lengths behind it, such as [N, 1, 28, 28], got ${formatShape(shown)}. Export it for a fixed image size.`,
    );
  }
  return { batch: batch?.value, sample: lengths };
}

/** The layout that the first operator works in that needs to know; undefined if there is none, or samples have one axis. */
function inferLayout(sample: Shape, nodes: readonly ChainNode[]): ImageLayout | undefined {
  const first = nodes.find(({ opType }) => !ANY_LAYOUT.includes(opType));
  if (!first || sample.length === 1) return undefined;
  if (first.opType === "Transpose") {
    return sameShape(first.ints("perm", []), channelsFirst(sample.length)) ? "NHWC" : "NCHW";
  }
  if (first.opType === "Reshape") {
    // of one channel, which it moves in place of a Transpose; or to rows, which any layout can become
    const isMoved = first.integers(1).length === sample.length + 1;
    return isMoved && sample.at(-1) === 1 ? "NHWC" : undefined;
  }
  return ["Flatten", "Softmax", "LogSoftmax"].includes(first.opType) ? undefined : "NCHW";
}

/** The layout of samples that only become rows: images of one or three channels are told by these, others keep their order. */
function guessLayout(sample: Shape): ImageLayout {
  const [first, second, last] = sample;
  if (sample.length !== 3) return "NHWC";
  return first === second && (last === 1 || last === 3) ? "NHWC" : "NCHW";
}

/** The model, with the channels where tinyconv has them. */
function finishModel(where: string, { model, flattened }: ImportedModel): Sequential {
  if (model.layers.length === 0) {
    throw new Error(`${where}: expected a model with layers, got one without.`);
  }
  if (flattened) {
    throw new Error(
      `${where}: expected a Gemm or MatMul behind the Flatten of images [N, C, H, W], got the end. Its rows would have another order.`,
    );
  }
  const remedy = "The training has diverged: export an earlier state of it.";
  expectFiniteWeights(where, model.weights, remedy);
  return model;
}
