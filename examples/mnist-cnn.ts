/*
 * Trains a small convolutional network on MNIST and looks at what it has learnt.
 *
 *   npx tsx examples/mnist-cnn.ts            all 60,000 images, three epochs: about half a minute
 *   npx tsx examples/mnist-cnn.ts 2000       the first 2,000 of them
 */
import {
  Adam,
  argmax,
  Conv2D,
  confusionMatrix,
  Dense,
  Flatten,
  MaxPool2D,
  ReLU,
  Rescaling,
  Sequential,
} from "tinyconv";
import { findMnistData, readMnistFolder } from "tinyconv/node";

const { train, test } = await readMnistFolder(findMnistData());
const limit = Number(process.argv[2] ?? train.labels.length);
const some = {
  images: { data: train.images.data.subarray(0, limit * 28 * 28), shape: [limit, 28, 28, 1] },
  labels: train.labels.subarray(0, limit),
};

const model = new Sequential({ inputShape: [28, 28, 1], seed: 1 }, [
  new Rescaling({ scale: 1 / 255 }),
  new Conv2D({ filters: 8, kernelSize: 5, padding: "same" }),
  new ReLU(),
  new MaxPool2D({ poolSize: 2 }),
  new Conv2D({ filters: 16, kernelSize: 5, padding: "same" }),
  new ReLU(),
  new MaxPool2D({ poolSize: 2 }),
  new Flatten(),
  new Dense({ units: 10 }),
]);
console.log(model.summary());

await model.fit(some, {
  epochs: 3,
  batchSize: 100,
  optimizer: new Adam({ learningRate: 1e-3 }),
  validationSplit: 0.1,
  callbacks: [
    {
      onEpochEnd: ({ epoch, logs }) => {
        console.log(`epoch ${epoch}: loss ${logs.loss.toFixed(4)}, val_loss ${logs.val_loss?.toFixed(4)}`);
      },
    },
  ],
});

const { accuracy } = await model.evaluate(test);
console.log(`test accuracy ${(100 * accuracy).toFixed(2)} %`);

const probabilities = model.predict(test.images); // [10000, 10]
console.log(confusionMatrix(test.labels, argmax(probabilities), 10).toString());
