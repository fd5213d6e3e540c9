import type { LAYERS, LayerType } from "../../src/model/layer-table.js";
import { avgPool2D } from "./avg-pool2d.js";
import { batchNormalization } from "./batch-normalization.js";
import { conv2D } from "./conv2d.js";
import { dense } from "./dense.js";
import { dropout } from "./dropout.js";
import { flatten } from "./flatten.js";
import { globalAvgPool2D } from "./global-avg-pool2d.js";
import type { LayerCase } from "./layer-case.js";
import { leakyReLU } from "./leaky-relu.js";
import { maxPool2D } from "./max-pool2d.js";
import { relu } from "./relu.js";
import { rescaling } from "./rescaling.js";
import { sigmoid } from "./sigmoid.js";
import { softmax } from "./softmax.js";
import { tanh } from "./tanh.js";

/** The options of a type of layer. */
export type OptionsOf<Type extends LayerType> = NonNullable<ConstructorParameters<(typeof LAYERS)[Type]>[0]>;

/** The cases of some types of layers: one for each, and no other. */
export type CasesOf<Types extends LayerType> = { readonly [Type in Types]: LayerCase<OptionsOf<Type>> };

/** A case for every layer of the library. */
export const LAYER_CASES: CasesOf<LayerType> = {
  AvgPool2D: avgPool2D,
  BatchNormalization: batchNormalization,
  Conv2D: conv2D,
  Dense: dense,
  Dropout: dropout,
  Flatten: flatten,
  GlobalAvgPool2D: globalAvgPool2D,
  LeakyReLU: leakyReLU,
  MaxPool2D: maxPool2D,
  ReLU: relu,
  Rescaling: rescaling,
  Sigmoid: sigmoid,
  Softmax: softmax,
  Tanh: tanh,
};
