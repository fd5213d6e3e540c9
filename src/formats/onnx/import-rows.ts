/*
 * The operators that make rows of samples, and products of rows with a matrix; and those that only move elements.
 */

import { Dense } from "../../layers/dense.js";
import { Flatten } from "../../layers/flatten.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { ChainNode } from "./chain-node.js";
import { perChannel, takeBias } from "./import-bias.js";
import type { ImportedModel } from "./imported-model.js";
import type { NodeQueue } from "./node-queue.js";
import { channelsFirst, channelsLast, permute, rowsToChannelsLast } from "./permute.js";

/** Gemm: y = x·B + c, with B [I, O], or [O, I] if transB */
export function importGemm(target: ImportedModel, node: ChainNode, rest: NodeQueue): void {
  for (const name of ["alpha", "beta"]) {
    const factor = node.float(name, 1);
    if (factor !== 1) throw node.refuse(`${name} 1`, String(factor), "Multiply the weights by it.");
  }
  if (node.int("transA", 0) !== 0) throw node.refuse("transA 0", "1", "Samples are rows.");
  const B = node.floats(1);
  const kernel = node.int("transB", 0) !== 0 && B.shape.length === 2 ? permute(B, [1, 0]) : B;
  addDense(
    target,
    node,
    kernel,
    node.has(2) ? readBias(node, kernel.shape[1]!) : takeBias(rest, kernel.shape[1]!, 2),
  );
}

function readBias(node: ChainNode, units: number): Tensor {
  const c = node.floats(2);
  const bias = perChannel(c, units, 2);
  if (bias) return bias;
  throw node.refuse(`input 2 to be a bias of shape [${units}]`, formatShape(c.shape));
}

/** MatMul: y = x·B, with B [I, O], and the Add of a bias behind it */
export function importMatMul(target: ImportedModel, node: ChainNode, rest: NodeQueue): void {
  const kernel = node.floats(1);
  addDense(target, node, kernel, takeBias(rest, kernel.shape[1] ?? 0, 2));
}

function addDense(target: ImportedModel, node: ChainNode, B: Tensor, bias: Tensor | undefined): void {
  const { order, shape, flattened } = target;
  if (order !== "rows") {
    throw node.refuse("rows [N, I]", formatShape(target.shapeInFile), "Put a Flatten in front of it.");
  }
  const [I] = shape;
  const [inputs, units] = B.shape as [number, number];
  if (B.shape.length !== 2 || inputs !== I)
    throw node.refuse(`a matrix of shape [${I}, O]`, formatShape(B.shape));
  const kernel = flattened ? rowsToChannelsLast(B, flattened) : B;
  const create = (name: string) => new Dense({ name, units, useBias: bias !== undefined });
  target.add(node, "Dense", create, { kernel, ...(bias && { bias }) });
  target.flattened = undefined;
}

/** Flatten: [N, ...] → [N, I] */
export function importFlatten(target: ImportedModel, node: ChainNode): void {
  const rank = target.shapeInFile.length;
  const axis = node.int("axis", 1);
  if (axis !== 1 && axis !== 1 - rank)
    throw node.refuse("axis 1", String(axis), "Every sample becomes a row.");
  flatten(target, node);
}

function flatten(target: ImportedModel, node: ChainNode): void {
  const { order, shape } = target;
  if (order === "channels first" || order === "channels last") {
    target.add(node, "Flatten", (name) => new Flatten({ name }));
    if (order === "channels first") target.flattened = shape;
  }
  target.order = "rows";
}

/** Reshape to [N, I], which is a Flatten; or one that moves the axis of a single channel, which is a Transpose */
export function importReshape(target: ImportedModel, node: ChainNode): void {
  const { shape, order } = target;
  const sample = readSampleShape(target, node);
  const becomes = (wanted: Shape): boolean => sample !== undefined && sameShape(sample, wanted);
  const hasOneChannel = shape.length > 1 && shape.at(-1) === 1;
  if (becomes([sizeOf(shape)])) flatten(target, node);
  else if (hasOneChannel && order === "channels last" && becomes([1, ...shape.slice(0, -1)])) {
    target.order = "channels first";
  } else if (hasOneChannel && order === "channels first" && becomes(shape)) {
    target.order = "channels last";
  } else {
    throw node.refuse(
      `shape [-1, ${sizeOf(shape)}], which makes a row of every sample`,
      formatShape(node.integers(1)),
      "In PyTorch, use torch.flatten(x, 1).",
    );
  }
}

/** The shape that a Reshape gives each sample; undefined if it does not leave the samples apart. */
function readSampleShape({ shapeInFile, shape, batch }: ImportedModel, node: ChainNode): Shape | undefined {
  const copies = node.int("allowzero", 0) === 0; // 0 stands for the length there was
  const lengths = node
    .integers(1)
    .map((length, axis) => (length === 0 && copies && axis > 0 ? Number(shapeInFile[axis] ?? 0) : length));
  const [samples, ...sample] = lengths;
  if (samples === -1) return sample;
  if (samples !== batch && !(samples === 0 && copies)) return undefined;
  const rest = sizeOf(shape) / sizeOf(sample.filter((length) => length !== -1)); // what -1 stands for
  return sample.map((length) => (length === -1 ? rest : length));
}

/** Transpose from channels last to channels first, or back */
export function importTranspose(target: ImportedModel, node: ChainNode): void {
  const rank = target.shape.length;
  const perm = node.ints("perm", []);
  const { order } = target;
  if (
    sameShape(
      perm,
      target.shapeInFile.map((_, axis) => axis),
    )
  )
    return; // it moves nothing
  if (order === "channels last" && sameShape(perm, channelsFirst(rank))) target.order = "channels first";
  else if (order === "channels first" && sameShape(perm, channelsLast(rank))) target.order = "channels last";
  else {
    throw node.refuse(
      `perm ${formatShape(order === "channels first" ? channelsLast(rank) : channelsFirst(rank))}, which moves the channels`,
      formatShape(perm),
    );
  }
}
