/*
 * A training loop by hand: what `fit` does for every batch, written out. The data are made here, so that nothing has
 * to be read: pictures of 8 x 8 pixels with one bright bar, lying (class 0) or standing (class 1).
 *
 *   npx tsx examples/training-loop.ts
 */
import {
  Conv2D,
  Dense,
  Flatten,
  MaxPool2D,
  Random,
  ReLU,
  Sequential,
  SGD,
  SoftmaxCrossEntropy,
  Tensor,
} from "tinyconv";

const random = new Random(1);

/** One picture of a bar with some noise, written to `pixels` from `offset` on; returns its class. */
function drawBar(pixels: Float32Array, offset: number): number {
  const label = random.integer(2);
  const place = random.integer(8);
  for (let i = 0; i < 64; i++) {
    const onBar = label === 0 ? Math.floor(i / 8) === place : i % 8 === place;
    pixels[offset + i] = (onBar ? 1 : 0) + random.normal(0, 0.3);
  }
  return label;
}

function drawBatch(n: number): { x: Tensor; labels: number[] } {
  const x = Tensor.zeros([n, 8, 8, 1]);
  const labels = Array.from({ length: n }, (_, i) => drawBar(x.data, i * 64));
  return { x, labels };
}

const model = new Sequential({ inputShape: [8, 8, 1], seed: 1 }, [
  new Conv2D({ filters: 4, kernelSize: 3 }),
  new ReLU(),
  new MaxPool2D({ poolSize: 2 }),
  new Flatten(),
  new Dense({ units: 2 }),
]);
const loss = new SoftmaxCrossEntropy();
const optimizer = new SGD({ learningRate: 0.1, momentum: 0.9 });

for (let step = 0; step < 200; step++) {
  const { x, labels } = drawBatch(32);
  const logits = model.forward(x, { training: true, step }); // [32, 2]
  const value = loss.forward(logits, labels);
  model.zeroGrad(); // backward adds to the gradients
  model.backward(loss.backward()); // dL/dlogits, then through all layers
  optimizer.step(model.trainableParameters);
  if (step % 50 === 0) console.log(`step ${step}: loss ${value.toFixed(4)}`);
}

const { x, labels } = drawBatch(1000);
const { accuracy } = await model.evaluate({ images: x, labels });
console.log(`accuracy on new pictures: ${(100 * accuracy).toFixed(1)} %`);
