/*
 * The operators that keep the shape: activations, scaling, batch normalisation, dropout.
 */

import { BatchNormalization } from "../../layers/batch-normalization.js";
import { Dropout } from "../../layers/dropout.js";
import { LeakyReLU } from "../../layers/leaky-relu.js";
import { ReLU } from "../../layers/relu.js";
import { Rescaling } from "../../layers/rescaling.js";
import { Sigmoid } from "../../layers/sigmoid.js";
import { Softmax } from "../../layers/softmax.js";
import { Tanh } from "../../layers/tanh.js";
import { formatShape } from "../../tensor/shape.js";
import type { ChainNode } from "./chain-node.js";
import { decimalOf } from "./decimal.js";
import type { ImportedModel } from "./imported-model.js";
import type { NodeQueue } from "./node-queue.js";
import { rowsToChannelsLast } from "./permute.js";

/** Relu */
export function importRelu(target: ImportedModel, node: ChainNode): void {
  target.add(node, "ReLU", (name) => new ReLU({ name }));
}

/** LeakyRelu, of slope 0.01 unless it says another */
export function importLeakyRelu(target: ImportedModel, node: ChainNode): void {
  const negativeSlope = decimalOf(node.float("alpha", 0.01));
  target.add(node, "LeakyReLU", (name) => new LeakyReLU({ name, negativeSlope }));
}

/** Sigmoid */
export function importSigmoid(target: ImportedModel, node: ChainNode): void {
  target.add(node, "Sigmoid", (name) => new Sigmoid({ name }));
}

/** Tanh */
export function importTanh(target: ImportedModel, node: ChainNode): void {
  target.add(node, "Tanh", (name) => new Tanh({ name }));
}

/** Softmax over the channels */
export function importSoftmax(target: ImportedModel, node: ChainNode): void {
  expectChannelAxis(target, node);
  target.add(node, "Softmax", (name) => new Softmax({ name }));
}

/**
 * LogSoftmax at the end, which is left out: the model then gives what `fit` and `predict` take, of which the softmax is the
 * same.
 */
export function importLogSoftmax(target: ImportedModel, node: ChainNode, rest: NodeQueue): void {
  expectChannelAxis(target, node);
  while (rest.takeIf("Identity"));
  const after = rest.peek();
  if (target.model.layers.at(-1) instanceof Softmax) {
    throw node.refuse(
      "LogSoftmax behind a layer of its own",
      "it behind a Softmax",
      "Leave one of them out.",
    );
  }
  if (after) throw node.refuse("LogSoftmax at the end of the model only", `${after.opType} behind it`);
}

/** Checks that a softmax runs over the channels, the last axis of tinyconv. */
function expectChannelAxis({ order, shapeInFile }: ImportedModel, node: ChainNode): void {
  const rank = shapeInFile.length;
  const isOld = node.operatorSet < 13; // then it runs over this axis and all behind it
  const axis = node.int("axis", isOld ? 1 : -1);
  const wanted = order === "channels last" ? rank - 1 : 1;
  const isAlone = !isOld || shapeInFile.slice(wanted + 1).every((length) => length === 1);
  if ((axis === wanted || axis === wanted - rank) && isAlone) return;
  throw node.refuse(
    `a softmax over the channels, axis ${wanted}`,
    isAlone ? `axis ${axis}` : `one over all of ${formatShape(shapeInFile)}`,
  );
}

/** BatchNormalization: γ, β, mean, variance [C] */
export function importBatchNormalization(target: ImportedModel, node: ChainNode): void {
  const { order, shape, shapeInFile, flattened } = target;
  if (order === "channels last") throw node.refuse("channels on axis 1", formatShape(shapeInFile));
  if (node.int("spatial", 1) !== 1) throw node.refuse("spatial 1", "0");
  // before operator set 14, training is told by more outputs
  const isTraining = node.operatorSet < 14 ? node.outputs.length > 1 : node.int("training_mode", 0) !== 0;
  if (isTraining) {
    const remedy = "Export it after model.eval() in PyTorch.";
    throw node.refuse("a normalisation for inference", "one for training", remedy);
  }
  const C = shape.at(-1)!;
  const row = (input: number) => {
    const constants = node.floats(input);
    if (constants.shape.length === 1 && constants.size === C) {
      return flattened ? rowsToChannelsLast(constants, flattened) : constants;
    }
    throw node.refuse(`input ${input} to have shape [${C}]`, formatShape(constants.shape));
  };
  const weights = { gamma: row(1), beta: row(2), moving_mean: row(3), moving_variance: row(4) };
  const epsilon = decimalOf(node.float("epsilon", 1e-5));
  const momentum = decimalOf(node.float("momentum", 0.9)); // of the old value, as here
  const create = (name: string) => new BatchNormalization({ name, epsilon, momentum });
  target.add(node, "BatchNormalization", create, weights);
}

/** Dropout, in either mode: kept, so that training goes on with it; in inference it does nothing here */
export function importDropout(target: ImportedModel, node: ChainNode): void {
  node.ignore("seed");
  const isAttribute = node.operatorSet < 12;
  const ratio = isAttribute ? node.float("ratio", 0.5) : node.has(1) ? node.floats(1).data[0]! : 0.5;
  if (ratio !== 0) target.add(node, "Dropout", (name) => new Dropout({ name, rate: decimalOf(ratio) }));
}

/** Mul or Div by a number, then Add or Sub of one, or only one of the two: y = scale·x + offset */
export function importRescaling(target: ImportedModel, first: ChainNode, rest: NodeQueue): void {
  const isProduct = first.opType === "Mul" || first.opType === "Div";
  const factor = isProduct ? readFactor(target, first) : 1;
  const sum = isProduct ? rest.takeIf("Add", "Sub") : first;
  const c = sum ? readNumber(target, sum) : 0;
  const isReversed = sum?.opType === "Sub" && sum.dataInput === 1; // c − x
  const scale = isReversed ? -factor : factor;
  const offset = sum?.opType === "Sub" && !isReversed ? -c : c;
  if (scale === 1 && offset === 0) return;
  target.add(first, "Rescaling", (name) => new Rescaling({ name, scale, offset }));
}

function readFactor(target: ImportedModel, node: ChainNode): number {
  const c = readNumber(target, node);
  if (node.opType === "Mul") return c;
  if (node.dataInput === 0) return 1 / c;
  throw node.refuse("a division by a constant", "one of a constant");
}

/** The constant of an operator with two inputs. One of more axes than the result before would give it these axes. */
function readNumber({ shapeInFile }: ImportedModel, node: ChainNode): number {
  const { shape, size, data } = node.floats(node.constantInput);
  if (size === 1 && shape.length <= shapeInFile.length) return decimalOf(data[0]!);
  throw node.refuse("one number for all elements", `constants of shape ${formatShape(shape)}`);
}
