/*
 * TensorFlow.js with its WebAssembly backend: as shipped, or, with the second argument "with-kernel", with the kernel
 * that it lacks for training convolutions.
 */
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-layers"; // registers the gradients of the operations
import { measure } from "../../measure.js";
import { expectFallingLoss, type Result, readTask, report } from "../task.js";
import { randomBatch } from "./images.js";
import { layersOf } from "./layers.js";
import { registerConv2DBackpropFilter, verifyKernelGradient } from "./tfjs-kernel.js";
import { createModel } from "./tfjs-model.js";

const task = readTask();
await tf.setBackend("wasm");
if (process.argv[3] === "with-kernel") {
  registerConv2DBackpropFilter();
  verifyKernelGradient("valid");
  verifyKernelGradient("same");
}
const { batchSize, seconds } = task;
const { forward, parameters } = createModel(layersOf(task.config), task.config.inputShape);
const { pixels, labels } = randomBatch(batchSize);
const x = tf.tensor4d(pixels, [batchSize, 28, 28, 1]);
const oneHot = tf.cast(tf.oneHot(tf.tensor1d(Array.from(labels), "int32"), 10), "float32");

const first = tf.slice(x, [0, 0, 0, 0], [1, 28, 28, 1]);
const infer = (images: tf.Tensor4D) =>
  tf.tidy(() => tf.softmax(forward(images, { training: false })).dataSync());
const inference = await measure(seconds, () => infer(x));
const single = await measure(seconds, () => infer(first));

report({
  version: `TensorFlow.js ${tf.version_core}`,
  parameters: parameters.reduce((sum, { size }) => sum + size, 0),
  inferImagesPerSecond: batchSize * inference.runsPerSecond,
  inferMs: single.medianMs,
  ...(await timeTraining()),
});

async function timeTraining(): Promise<Pick<Result, "trainImagesPerSecond" | "note">> {
  const optimizer = tf.train.adam(0.001);
  const loss = () => tf.losses.softmaxCrossEntropy(oneHot, forward(x, { training: true })) as tf.Scalar;
  const train = (): number => tf.tidy(() => optimizer.minimize(loss, true)!.dataSync()[0]!);
  try {
    train();
  } catch (error) {
    return { note: `training fails: ${(error as Error).message.split("\n", 1)[0]!.trim()}` };
  }
  expectFallingLoss(Array.from({ length: 5 }, train));
  const { runsPerSecond } = await measure(seconds, train);
  return { trainImagesPerSecond: batchSize * runsPerSecond };
}
