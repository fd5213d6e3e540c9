import * as tf from "@tensorflow/tfjs-core";
import { type LayerDescription, unknownLayer } from "./layers.js";

interface Mode {
  readonly training: boolean;
}
type Forward<X extends tf.Tensor = tf.Tensor> = (x: X, mode: Mode) => tf.Tensor;

/** The network on operations of TensorFlow.js: its forward pass, and the variables that training changes. */
export function createModel(layers: readonly LayerDescription[], inputShape: readonly number[]) {
  const parameters: tf.Variable[] = [];
  const variable = (value: tf.Tensor): tf.Variable => {
    const created = tf.variable(value);
    parameters.push(created);
    return created;
  };
  // one image runs through the layers as they are made, so that each learns the shape of its input
  let shape: number[] = [1, ...inputShape];
  const steps = layers.map((layer) => {
    const step = createLayer(layer, shape, variable);
    shape = tf.tidy(() => step(tf.zeros(shape), { training: false }).shape);
    return step;
  });
  const forward = (x: tf.Tensor, mode: Mode): tf.Tensor => steps.reduce((y, step) => step(y, mode), x);
  return { forward, parameters };
}

function createLayer(
  layer: LayerDescription,
  shape: readonly number[],
  variable: (value: tf.Tensor) => tf.Variable,
): Forward {
  const channels = shape.at(-1)!;
  switch (layer.type) {
    case "Rescaling":
      return (x) => tf.add(tf.mul(x, layer.scale), layer.offset);
    case "Conv2D": {
      const kernelShape = [...layer.kernelSize, channels, layer.filters] as [number, number, number, number];
      const kernel = variable(heNormal(kernelShape)) as tf.Tensor4D;
      const bias = layer.useBias ? variable(tf.zeros([layer.filters])) : undefined;
      return (x) => {
        const { strides, padding, dilationRate } = layer;
        const y = tf.conv2d(x as tf.Tensor4D, kernel, [...strides], padding, "NHWC", [...dilationRate]);
        return bias ? tf.add(y, bias) : y;
      };
    }
    case "BatchNormalization":
      return batchNormalization(layer, channels, variable);
    case "ReLU":
      return (x) => tf.relu(x);
    case "MaxPool2D":
      return (x) => tf.maxPool(x as tf.Tensor4D, [...layer.poolSize], [...layer.strides], layer.padding);
    case "Flatten":
      return (x) => tf.reshape(x, [x.shape[0]!, -1]);
    case "Dense": {
      const kernel = variable(heNormal([channels, layer.units]));
      const bias = layer.useBias ? variable(tf.zeros([layer.units])) : undefined;
      return (x) => (bias ? tf.add(tf.matMul(x, kernel), bias) : tf.matMul(x, kernel));
    }
    default:
      throw unknownLayer(layer);
  }
}

function batchNormalization(
  { momentum, epsilon }: LayerDescription & { type: "BatchNormalization" },
  channels: number,
  variable: (value: tf.Tensor) => tf.Variable,
): Forward {
  const gamma = variable(tf.ones([channels])) as tf.Tensor1D;
  const beta = variable(tf.zeros([channels])) as tf.Tensor1D;
  const moving = {
    mean: tf.variable(tf.zeros([channels]), false),
    variance: tf.variable(tf.ones([channels]), false),
  };
  return (x, { training }) => {
    const { mean, variance } = training ? tf.moments(x, [0, 1, 2]) : moving;
    if (training) {
      moving.mean.assign(tf.add(tf.mul(moving.mean, momentum), tf.mul(mean, 1 - momentum)));
      moving.variance.assign(tf.add(tf.mul(moving.variance, momentum), tf.mul(variance, 1 - momentum)));
    }
    return tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D, beta, gamma, epsilon);
  };
}

/** Random weights of deviation √(2 / fan in), from a fixed seed. */
function heNormal(shape: number[]): tf.Tensor {
  const fanIn = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  return tf.randomNormal(shape, 0, Math.sqrt(2 / fanIn), "float32", 1);
}
