/// <reference types="vite/client" />
import avgPool2D from "../../../src/layers/avg-pool2d.ts?raw";
import batchNormalization from "../../../src/layers/batch-normalization.ts?raw";
import conv2D from "../../../src/layers/conv2d.ts?raw";
import dense from "../../../src/layers/dense.ts?raw";
import dropout from "../../../src/layers/dropout.ts?raw";
import flatten from "../../../src/layers/flatten.ts?raw";
import globalAvgPool2D from "../../../src/layers/global-avg-pool2d.ts?raw";
import leakyReLU from "../../../src/layers/leaky-relu.ts?raw";
import maxPool2D from "../../../src/layers/max-pool2d.ts?raw";
import relu from "../../../src/layers/relu.ts?raw";
import rescaling from "../../../src/layers/rescaling.ts?raw";
import sigmoid from "../../../src/layers/sigmoid.ts?raw";
import softmax from "../../../src/layers/softmax.ts?raw";
import tanh from "../../../src/layers/tanh.ts?raw";

/** The source of a layer. */
export interface LayerSource {
  /** The path of its file in the repository. */
  readonly path: string;
  /** What is in the file, as it was when the page was built. */
  readonly text: string;
}

/** The sources of the layers by their `type`. */
export const LAYER_SOURCES: ReadonlyMap<string, LayerSource> = new Map([
  ["AvgPool2D", { path: "src/layers/avg-pool2d.ts", text: avgPool2D }],
  ["BatchNormalization", { path: "src/layers/batch-normalization.ts", text: batchNormalization }],
  ["Conv2D", { path: "src/layers/conv2d.ts", text: conv2D }],
  ["Dense", { path: "src/layers/dense.ts", text: dense }],
  ["Dropout", { path: "src/layers/dropout.ts", text: dropout }],
  ["Flatten", { path: "src/layers/flatten.ts", text: flatten }],
  ["GlobalAvgPool2D", { path: "src/layers/global-avg-pool2d.ts", text: globalAvgPool2D }],
  ["LeakyReLU", { path: "src/layers/leaky-relu.ts", text: leakyReLU }],
  ["MaxPool2D", { path: "src/layers/max-pool2d.ts", text: maxPool2D }],
  ["ReLU", { path: "src/layers/relu.ts", text: relu }],
  ["Rescaling", { path: "src/layers/rescaling.ts", text: rescaling }],
  ["Sigmoid", { path: "src/layers/sigmoid.ts", text: sigmoid }],
  ["Softmax", { path: "src/layers/softmax.ts", text: softmax }],
  ["Tanh", { path: "src/layers/tanh.ts", text: tanh }],
]);
