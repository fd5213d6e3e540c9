/*
 * The operators with a window that slides over an image: convolution and pooling.
 */

import { AvgPool2D } from "../../layers/avg-pool2d.js";
import { Conv2D } from "../../layers/conv2d.js";
import { GlobalAvgPool2D } from "../../layers/global-avg-pool2d.js";
import { MaxPool2D } from "../../layers/max-pool2d.js";
import { quote } from "../../tensor/expect.js";
import { formatShape } from "../../tensor/shape.js";
import type { Padding } from "../../tensor/window.js";
import type { ChainNode } from "./chain-node.js";
import { takeBias } from "./import-bias.js";
import type { ImportedModel } from "./imported-model.js";
import type { NodeQueue } from "./node-queue.js";
import { filtersLast } from "./permute.js";

type Sides = readonly [number, number];

/** Conv: W [F, C, KH, KW] and perhaps a bias [F], here or in an Add behind it */
export function importConv(target: ImportedModel, node: ChainNode, rest: NodeQueue): void {
  const [, , C] = expectImage(target, node);
  const group = node.int("group", 1);
  if (group !== 1) throw node.refuse("group 1", String(group), "tinyconv has no grouped convolutions.");
  const kernel = node.floats(1);
  const [filters, channels, KH, KW] = kernel.shape as [number, number, number, number];
  if (kernel.shape.length !== 4 || channels !== C) {
    throw node.refuse(`a kernel of shape [F, ${C}, KH, KW]`, formatShape(kernel.shape));
  }
  const window = readWindow(target, node, [KH, KW]);
  const bias = node.has(2) ? node.floats(2) : takeBias(rest, filters, 4);
  const create = (name: string) => new Conv2D({ name, filters, useBias: bias !== undefined, ...window });
  target.add(node, "Conv2D", create, { kernel: filtersLast(kernel), ...(bias && { bias }) });
}

/** MaxPool */
export function importMaxPool(target: ImportedModel, node: ChainNode): void {
  expectImage(target, node);
  node.ignore("storage_order"); // of the indices of the winners, which a chain has no use for
  const { kernelSize: poolSize, strides, padding } = readPool(target, node);
  target.add(node, "MaxPool2D", (name) => new MaxPool2D({ name, poolSize, strides, padding }));
}

/** AveragePool, over the cells of the image only */
export function importAveragePool(target: ImportedModel, node: ChainNode): void {
  expectImage(target, node);
  const { kernelSize: poolSize, strides, padding } = readPool(target, node);
  if (node.int("count_include_pad", 0) !== 0 && padding !== "valid") {
    throw node.refuse(
      "count_include_pad 0",
      "1",
      "tinyconv averages the cells of the image, without the padding.",
    );
  }
  target.add(node, "AvgPool2D", (name) => new AvgPool2D({ name, poolSize, strides, padding }));
}

/** GlobalAveragePool: [N, C, H, W] → [N, C, 1, 1] */
export function importGlobalAveragePool(target: ImportedModel, node: ChainNode): void {
  expectImage(target, node);
  target.add(node, "GlobalAvgPool2D", (name) => new GlobalAvgPool2D({ name }));
  target.order = "pooled";
}

/** Pad by nothing, as PyTorch writes it in front of an AveragePool */
export function importPad({ shapeInFile }: ImportedModel, node: ChainNode): void {
  node.ignore("mode", "value");
  const pads = node.operatorSet < 11 ? node.ints("pads", []) : node.integers(1);
  if (pads.length === 2 * shapeInFile.length && pads.every((cells) => cells === 0)) return;
  throw node.refuse(
    "a Pad of no cells",
    formatShape(pads),
    "Give the padding to the convolution or pooling.",
  );
}

/** Checks that images come in, with the channels first, and returns their shape [H, W, C]. */
function expectImage(
  { order, shape, shapeInFile }: ImportedModel,
  node: ChainNode,
): readonly [number, number, number] {
  if (order === "channels first" && shape.length === 3) return shape as [number, number, number];
  throw node.refuse("images [N, C, H, W]", formatShape(shapeInFile));
}

function readPool(target: ImportedModel, node: ChainNode) {
  const size = node.ints("kernel_shape", []);
  if (size.length !== 2) throw node.refuse("kernel_shape of two numbers", formatShape(size));
  const window = readWindow(target, node, size as [number, number]);
  if (window.dilationRate.some((step) => step !== 1)) {
    throw node.refuse(
      "dilations [1, 1]",
      formatShape(window.dilationRate),
      "tinyconv has no dilated pooling.",
    );
  }
  const isWhole = ([0, 1] as const).every((axis) => {
    const [before, after] = typeof window.padding === "string" ? [0, 0] : window.padding[axis];
    const steps = target.shape[axis]! + before + after - window.kernelSize[axis];
    return window.padding === "same" || steps % window.strides[axis] === 0;
  });
  if (node.int("ceil_mode", 0) !== 0 && !isWhole) {
    throw node.refuse(
      "ceil_mode 0",
      "1",
      "Export the model without it, and with padding at the bottom and the right.",
    );
  }
  return window;
}

/** The options of a window, in the words of a layer. */
function readWindow({ shape }: ImportedModel, node: ChainNode, kernelSize: Sides) {
  const pair = (name: string, initial: Sides): Sides => {
    const values = node.ints(name, initial);
    if (values.length !== 2) throw node.refuse(`${name} of two numbers`, formatShape(values));
    return values as [number, number];
  };
  const given = pair("kernel_shape", kernelSize);
  if (given.some((length, axis) => length !== kernelSize[axis])) {
    throw node.refuse(`kernel_shape ${formatShape(kernelSize)}, as the kernel has`, formatShape(given));
  }
  const strides = pair("strides", [1, 1]);
  const dilationRate = pair("dilations", [1, 1]);
  /** What "same" pads in all along an axis: so much that there are ceil(length / stride) outputs. */
  const total = (axis: 0 | 1): number => {
    const length = shape[axis]!;
    const reach = (kernelSize[axis] - 1) * dilationRate[axis] + 1;
    return Math.max((Math.ceil(length / strides[axis]) - 1) * strides[axis] + reach - length, 0);
  };
  const padding = readPadding(node, [total(0), total(1)]);
  return { kernelSize, strides, dilationRate, padding };
}

function readPadding(node: ChainNode, same: Sides): Padding {
  const auto = node.text("auto_pad", "NOTSET");
  const pads = node.ints("pads", [0, 0, 0, 0]);
  if (pads.length !== 4) throw node.refuse("pads [top, left, bottom, right]", formatShape(pads));
  const [top, left, bottom, right] = pads as [number, number, number, number];
  const isNone = pads.every((cells) => cells === 0);
  if (auto === "NOTSET") {
    if (isNone) return "valid";
    // the same numbers by their shorter name
    const before = same.map((cells) => Math.floor(cells / 2));
    const isSame =
      top === before[0] && left === before[1] && top + bottom === same[0] && left + right === same[1];
    return isSame
      ? "same"
      : [
          [top, bottom],
          [left, right],
        ];
  }
  if (!isNone) throw node.refuse(`no pads beside auto_pad ${auto}`, formatShape(pads));
  const addsNone = same[0] === 0 && same[1] === 0;
  if (auto === "VALID" || (addsNone && auto.startsWith("SAME_"))) return "valid";
  if (auto === "SAME_UPPER") return "same";
  if (auto === "SAME_LOWER") return [lower(same[0]), lower(same[1])]; // the odd cell at the top and the left
  throw node.refuse("auto_pad NOTSET, VALID, SAME_UPPER or SAME_LOWER", quote(auto));
}

function lower(cells: number): Sides {
  return [Math.ceil(cells / 2), Math.floor(cells / 2)];
}
