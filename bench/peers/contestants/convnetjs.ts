/*
 * ConvNetJS, one image at a time in float64. It has no batch normalisation, and, as published to npm, no Adam: it trains
 * by gradient descent with momentum, which costs less.
 */
import convnetjs from "convnetjs";
import { measure } from "../../measure.js";
import { expectFallingLoss, readTask, report } from "../task.js";
import { randomBatch } from "./images.js";
import { type LayerDescription, layersOf, unknownLayer } from "./layers.js";

const { config, batchSize, seconds } = readTask();
const [height, width, channels] = config.inputShape as readonly [number, number, number];
const layers = layersOf(config);
const net = new convnetjs.Net();
net.makeLayers([
  { type: "input", out_sx: width, out_sy: height, out_depth: channels },
  // ConvNetJS adds the last dense layer to its softmax layer itself
  ...layers.slice(0, -1).flatMap(definitionOf),
  { type: "softmax", num_classes: unitsOf(layers.at(-1)!) },
]);
const trainer = new convnetjs.Trainer(net, { method: "sgd", learning_rate: 0.01, batch_size: batchSize });

const { pixels, labels } = randomBatch(batchSize);
const scale = layers.find((layer) => layer.type === "Rescaling")?.scale ?? 1;
const size = height * width * channels;
const images = Array.from(labels, (_, n) => {
  const image = new convnetjs.Vol(width, height, channels, 0);
  for (let i = 0; i < size; i++) image.w[i] = pixels[n * size + i]! * scale;
  return image;
});

/** One step; the mean loss before it. */
const train = (): number =>
  images.reduce((sum, image, n) => sum + trainer.train(image, labels[n]!).loss, 0) / batchSize;
const infer = (): void => {
  for (const image of images) net.forward(image);
};

expectFallingLoss([train(), train(), train()]);
const training = await measure(seconds, train);
const inference = await measure(seconds, infer);
const single = await measure(seconds, () => net.forward(images[0]!));
report({
  version: "ConvNetJS 0.3.0",
  parameters: net.getParamsAndGrads().reduce((sum, { params }) => sum + params.length, 0),
  trainImagesPerSecond: batchSize * training.runsPerSecond,
  inferImagesPerSecond: batchSize * inference.runsPerSecond,
  inferMs: single.medianMs,
});

function definitionOf(layer: LayerDescription): convnetjs.LayerDefinition[] {
  switch (layer.type) {
    case "Conv2D": {
      const [KH] = layer.kernelSize;
      const pad = layer.padding === "same" ? (KH - 1) / 2 : 0;
      return [{ type: "conv", sx: KH, filters: layer.filters, stride: layer.strides[0], pad }];
    }
    case "ReLU":
      return [{ type: "relu" }];
    case "MaxPool2D":
      return [{ type: "pool", sx: layer.poolSize[0], stride: layer.strides[0] }];
    case "Dense":
      return [{ type: "fc", num_neurons: layer.units }];
    case "Rescaling": // done to the images beforehand
    case "Flatten": // its dense layers take images
      return [];
    default:
      throw unknownLayer(layer);
  }
}

function unitsOf(layer: LayerDescription): number {
  if (layer.type !== "Dense") throw unknownLayer(layer);
  return layer.units;
}
