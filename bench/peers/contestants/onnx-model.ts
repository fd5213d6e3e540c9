import {
  type Sequential,
  type Shape,
  slidingWindow,
  Tensor,
  type WindowOptions,
} from "../../../src/index.js";
import { layersOf, unknownLayer } from "./layers.js";
import { type Attributes, encodeModel, encodeNode, encodeTensor, encodeValueInfo } from "./onnx-format.js";

/** A model of tinyconv's as an ONNX file: from "x" [N, C, H, W] to the probabilities "y" [N, K]. */
export function toOnnx(model: Sequential): Uint8Array {
  const nodes: Uint8Array[] = [];
  const initializers: Uint8Array[] = [];
  let last = "x";
  /** Appends an operation on the last result and on constants. */
  const add = (operation: string, constants: readonly Tensor[] = [], attributes: Attributes = {}): void => {
    const output = `${operation}_${nodes.length}`;
    const names = constants.map((_, i) => `${output}/${i}`);
    initializers.push(...constants.map(({ shape, data }, i) => encodeTensor(names[i]!, shape, data)));
    nodes.push(encodeNode(operation, [last, ...names], output, attributes));
    last = output;
  };

  const weights = new Map(model.weights.map(({ name, value }) => [name, value]));
  const { inputShape } = model;
  const config = model.config();
  const shapes = [inputShape, ...outputShapes(model)];
  let flattened: Shape | undefined; // of the images that a Flatten has made rows of
  for (const [i, layer] of layersOf(config).entries()) {
    const weight = (name: string): Tensor => weights.get(`${config.layers[i]!.name}/${name}`)!;
    const bias = "useBias" in layer && layer.useBias ? [weight("bias")] : [];
    switch (layer.type) {
      case "Rescaling":
        add("Mul", [Tensor.from([layer.scale])]);
        add("Add", [Tensor.from([layer.offset])]);
        break;
      case "Conv2D":
        add("Conv", [filtersFirst(weight("kernel")), ...bias], windowAttributes(shapes[i]!, layer));
        break;
      case "BatchNormalization": {
        const constants = ["gamma", "beta", "moving_mean", "moving_variance"].map(weight);
        add("BatchNormalization", constants, { floats: { epsilon: layer.epsilon } });
        break;
      }
      case "ReLU":
        add("Relu");
        break;
      case "MaxPool2D":
        add("MaxPool", [], windowAttributes(shapes[i]!, { ...layer, kernelSize: layer.poolSize }));
        break;
      case "Flatten":
        add("Flatten");
        flattened = shapes[i]!;
        break;
      case "Dense": {
        const kernel = weight("kernel");
        add("Gemm", [flattened ? channelsFirstRows(kernel, flattened) : kernel, ...bias]);
        flattened = undefined;
        break;
      }
      default:
        throw unknownLayer(layer);
    }
  }
  add("Softmax");
  const [height, width, channels] = inputShape as [number, number, number];
  return encodeModel({
    nodes,
    initializers,
    input: encodeValueInfo("x", [channels, height, width]),
    output: encodeValueInfo(last, model.outputShape),
  });
}

/** The shape of each layer's output for one sample, seen on one. */
function outputShapes(model: Sequential): Shape[] {
  model.forward(new Tensor([1, ...model.inputShape]));
  return model.outputs.map(({ value }) => value.shape.slice(1));
}

/** [KH, KW, C, F] to ONNX's [F, C, KH, KW]. */
function filtersFirst({ shape, data }: Tensor): Tensor {
  const [KH, KW, C, F] = shape as [number, number, number, number];
  const result = new Tensor([F, C, KH, KW]);
  for (let tap = 0; tap < KH * KW; tap++) {
    for (let c = 0; c < C; c++) {
      for (let f = 0; f < F; f++) result.data[(f * C + c) * KH * KW + tap] = data[(tap * C + c) * F + f]!;
    }
  }
  return result;
}

/** The rows of a dense kernel in the order in which ONNX flattens an image: [C, H, W] instead of [H, W, C]. */
function channelsFirstRows({ shape, data }: Tensor, [H, W, C]: Shape): Tensor {
  const units = shape[1]!;
  const pixels = H! * W!;
  const result = new Tensor(shape);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < C!; c++) {
      const row = pixel * C! + c;
      result.data.set(data.subarray(row * units, (row + 1) * units), (c * pixels + pixel) * units);
    }
  }
  return result;
}

function windowAttributes(imageShape: Shape, options: WindowOptions): Attributes {
  const window = slidingWindow("toOnnx", imageShape, options);
  const { H, W, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, padTop, padLeft } = window;
  const padBottom = Math.max((OH - 1) * strideH + (KH - 1) * dilationH + 1 - H - padTop, 0);
  const padRight = Math.max((OW - 1) * strideW + (KW - 1) * dilationW + 1 - W - padLeft, 0);
  return {
    ints: {
      kernel_shape: [KH, KW],
      strides: [strideH, strideW],
      dilations: [dilationH, dilationW],
      pads: [padTop, padLeft, padBottom, padRight],
    },
  };
}
