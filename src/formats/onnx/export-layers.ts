/*
 * Each layer of the library as operators of ONNX (https://onnx.ai/onnx/operators), of operator set 17.
 */

import { AvgPool2D } from "../../layers/avg-pool2d.js";
import { BatchNormalization } from "../../layers/batch-normalization.js";
import { Conv2D } from "../../layers/conv2d.js";
import { Dense } from "../../layers/dense.js";
import { Dropout } from "../../layers/dropout.js";
import { Flatten } from "../../layers/flatten.js";
import { GlobalAvgPool2D } from "../../layers/global-avg-pool2d.js";
import type { Layer } from "../../layers/layer.js";
import { LeakyReLU } from "../../layers/leaky-relu.js";
import { MaxPool2D } from "../../layers/max-pool2d.js";
import { ReLU } from "../../layers/relu.js";
import { Rescaling } from "../../layers/rescaling.js";
import { Sigmoid } from "../../layers/sigmoid.js";
import { Softmax } from "../../layers/softmax.js";
import { Tanh } from "../../layers/tanh.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { Tensor } from "../../tensor/tensor.js";
import { slidingWindow, type WindowOptions } from "../../tensor/window.js";
import { type Attributes, expectFloat32, type GraphBuilder } from "./graph-builder.js";
import { channelsLast, filtersFirst, rowsToChannelsFirst } from "./permute.js";

/** What goes from node to node: a batch of samples, with the channels first if they have more axes than one. */
export interface Value {
  readonly name: string;
  /** The shape of a sample in tinyconv, with the channels last. */
  readonly shape: Shape;
  /** For a row that was flattened with the channels first: the shape, channels last, that the sample had before. */
  readonly flattened?: Shape | undefined;
}

/** Where a layer is put. */
export interface Place {
  readonly graph: GraphBuilder;
  /** The layer's name in the model. */
  readonly name: string;
  readonly x: Value;
  /** True if a Dense comes later, which can take a row in any order. */
  readonly isBeforeDense: boolean;
}

/**
 * Adds the nodes of a layer to the graph, and returns their result.
 *
 * @throws Error if it is none of the library's layers.
 */
export function exportLayer(layer: Layer, place: Place): Value {
  if (layer instanceof Rescaling) return exportRescaling(layer, place);
  if (layer instanceof Conv2D) return exportConv2D(layer, place);
  if (layer instanceof Dense) return exportDense(layer, place);
  if (layer instanceof BatchNormalization) return exportBatchNormalization(layer, place);
  if (layer instanceof MaxPool2D) return exportPool("MaxPool", layer, place);
  if (layer instanceof AvgPool2D) return exportPool("AveragePool", layer, place, { count_include_pad: 0 });
  if (layer instanceof GlobalAvgPool2D) return exportGlobalAvgPool2D(place);
  if (layer instanceof Flatten) return exportFlatten(place);
  if (layer instanceof ReLU) return exportElementwise("Relu", place);
  if (layer instanceof LeakyReLU) {
    return exportElementwise("LeakyRelu", place, { floats: { alpha: layer.negativeSlope } });
  }
  if (layer instanceof Sigmoid) return exportElementwise("Sigmoid", place);
  if (layer instanceof Tanh) return exportElementwise("Tanh", place);
  if (layer instanceof Softmax) return exportSoftmax(place);
  if (layer instanceof Dropout) return place.x; // in inference it does nothing
  throw new Error(
    `exportOnnx: expected layers of the library, got ${place.name} (${layer.type}). ONNX has no operator for it.`,
  );
}

/** The channels are on axis 1, and what has one axis is [N, K]. */
export function exportSoftmax(place: Place): Value {
  return exportElementwise("Softmax", place, { ints: { axis: 1 } });
}

/** An operator that leaves the shape as it is, and does not mind the order of the elements. */
function exportElementwise(opType: string, { graph, name, x }: Place, attributes: Attributes = {}): Value {
  const output = graph.node({ opType, name, inputs: [x.name], output: `${name}/y`, attributes });
  return { ...x, name: output };
}

/** y = x·scale + offset; a factor of 1 and a summand of 0 need no node. */
function exportRescaling(layer: Rescaling, { graph, name, x }: Place): Value {
  const scale = expectFloat32(name, "scale", layer.scale);
  const offset = expectFloat32(name, "offset", layer.offset);
  const number = (value: number): Tensor => new Tensor([], Float32Array.of(value));
  let y = x.name;
  if (scale !== 1) {
    const inputs = [y, graph.constant(`${name}/scale`, number(scale))];
    y = graph.node({ opType: "Mul", name, inputs, output: `${name}/product` });
  }
  if (offset !== 0) {
    const inputs = [y, graph.constant(`${name}/offset`, number(offset))];
    y = graph.node({ opType: "Add", name: `${name}/add`, inputs, output: `${name}/y` });
  }
  return { ...x, name: y };
}

/** y = Conv(x, W, b) with W [F, C, KH, KW]. */
function exportConv2D(layer: Conv2D, { graph, name, x }: Place): Value {
  const [kernel, bias] = layer.parameters;
  const inputs = [x.name, graph.constant(`${name}/kernel`, filtersFirst(kernel!.value))];
  if (bias) inputs.push(graph.constant(`${name}/bias`, bias.value));
  const { OH, OW, attributes } = windowAttributes(x.shape, layer);
  const { dilationRate } = layer;
  const ints = { ...attributes, dilations: [...dilationRate], group: 1 };
  const output = graph.node({ opType: "Conv", name, inputs, output: `${name}/y`, attributes: { ints } });
  return { name: output, shape: [OH, OW, layer.filters] };
}

function exportPool(
  opType: "MaxPool" | "AveragePool",
  layer: MaxPool2D | AvgPool2D,
  { graph, name, x }: Place,
  more: Attributes["ints"] = {},
): Value {
  const { strides, padding, poolSize: kernelSize } = layer;
  const { OH, OW, attributes } = windowAttributes(x.shape, { strides, padding, kernelSize });
  const output = graph.node({
    opType,
    name,
    inputs: [x.name],
    output: `${name}/y`,
    attributes: { ints: { ...attributes, ...more } },
  });
  return { name: output, shape: [OH, OW, x.shape[2]!] };
}

/** The geometry of a window as ONNX has it: `pads` is [top, left, bottom, right], whatever the padding was called. */
function windowAttributes(imageShape: Shape, options: WindowOptions) {
  const window = slidingWindow("exportOnnx", imageShape, options);
  const { H, W, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, padTop, padLeft } = window;
  // as much as the last window needs; what was asked for beyond that, no window reaches
  const padBottom = Math.max((OH - 1) * strideH + (KH - 1) * dilationH + 1 - H - padTop, 0);
  const padRight = Math.max((OW - 1) * strideW + (KW - 1) * dilationW + 1 - W - padLeft, 0);
  const attributes = {
    kernel_shape: [KH, KW],
    strides: [strideH, strideW],
    pads: [padTop, padLeft, padBottom, padRight],
  };
  return { OH, OW, attributes };
}

/** [N, C, H, W] → [N, C, 1, 1] → [N, C] */
function exportGlobalAvgPool2D({ graph, name, x }: Place): Value {
  const mean = graph.node({ opType: "GlobalAveragePool", name, inputs: [x.name], output: `${name}/mean` });
  const output = `${name}/y`;
  graph.node({ opType: "Flatten", name: `${name}/flatten`, inputs: [mean], output });
  return { name: output, shape: [x.shape[2]!] };
}

/**
 * ONNX flattens [N, C, H, W] in the order of channels, rows, columns. A later Dense takes that into its kernel; if none
 * comes, the channels go last before.
 */
function exportFlatten({ graph, name, x, isBeforeDense }: Place): Value {
  const rank = x.shape.length;
  if (rank === 1) return x;
  const input = isBeforeDense
    ? x.name
    : exportTranspose(graph, `${name}/channels_last`, x.name, channelsLast(rank));
  const output = graph.node({
    opType: "Flatten",
    name,
    inputs: [input],
    output: `${name}/y`,
    attributes: { ints: { axis: 1 } },
  });
  return { name: output, shape: [sizeOf(x.shape)], flattened: isBeforeDense ? x.shape : undefined };
}

/** Adds a node that changes the order of the axes, and returns the name of its output. */
export function exportTranspose(
  graph: GraphBuilder,
  name: string,
  input: string,
  perm: readonly number[],
): string {
  const attributes = { ints: { perm } };
  return graph.node({ opType: "Transpose", name, inputs: [input], output: `${name}/y`, attributes });
}

/** y = Gemm(x, W, b) = x·W + b with W [I, O]. */
function exportDense(layer: Dense, { graph, name, x }: Place): Value {
  const [kernel, bias] = layer.parameters;
  const inputs = [x.name, graph.constant(`${name}/kernel`, rowsInOrder(kernel!.value, x))];
  if (bias) inputs.push(graph.constant(`${name}/bias`, bias.value));
  return { name: graph.node({ opType: "Gemm", name, inputs, output: `${name}/y` }), shape: [layer.units] };
}

/** y = BatchNormalization(x, γ, β, mean, variance), with the moving statistics. */
function exportBatchNormalization(layer: BatchNormalization, { graph, name, x }: Place): Value {
  const [mean, variance] = layer.state;
  const { shape } = mean!.value;
  const find = (wanted: string) => layer.parameters.find((parameter) => parameter.name === wanted)?.value;
  const all = (value: number): Tensor => new Tensor(shape, new Float32Array(shape[0]!).fill(value));
  const constants = {
    gamma: find("gamma") ?? all(1),
    beta: find("beta") ?? all(0),
    moving_mean: mean!.value,
    moving_variance: variance!.value,
  };
  const { epsilon, momentum } = layer;
  const output = graph.node({
    opType: "BatchNormalization",
    name,
    inputs: [
      x.name,
      ...Object.entries(constants).map(([constant, value]) =>
        graph.constant(`${name}/${constant}`, rowsInOrder(value, x)),
      ),
    ],
    output: `${name}/y`,
    attributes: { floats: { epsilon, momentum } },
  });
  return { ...x, name: output };
}

/** What has a row for each element of x, in the order that the elements have in the graph. */
function rowsInOrder(rows: Tensor, { flattened }: Value): Tensor {
  return flattened ? rowsToChannelsFirst(rows, flattened) : rows;
}
