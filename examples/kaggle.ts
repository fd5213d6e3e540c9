/*
 * Kaggle's Digit Recognizer, from the tables to the submission: what a Keras notebook for it does, cell by cell.
 * docs/notebook.md has the notebook beside it.
 *
 *   npm run mnist -- export-csv data    (or put train.csv and test.csv of Kaggle into data)
 *   npx tsx examples/kaggle.ts data     two minutes or so
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import {
  Adam,
  argmax,
  type Callback,
  Conv2D,
  Dense,
  Flatten,
  oneCycle,
  Random,
  ReLU,
  Rescaling,
  Sequential,
  saveModel,
} from "tinyconv";
import { splitDataset, testModel } from "tinyconv/mnist";
import { readAnswers, readTestCsv, readTrainCsv, writeFileAtomically, writeSubmission } from "tinyconv/node";

const folder = process.argv[2] ?? "data";

// read the tables
const labelled = await readTrainCsv(join(folder, "train.csv"));
const unknown = await readTestCsv(join(folder, "test.csv"));

// look at the data
const counts = Array.from({ length: 10 }, (_, digit) => labelled.labels.filter((k) => k === digit).length);
console.log(labelled.images.shape, unknown.shape); // [42000, 28, 28, 1], [28000, 28, 28, 1]
console.log(`images of each digit: ${counts.join(" ")}`);

// hold out 20 %, drawn by a seed
const { train, heldOut } = splitDataset(labelled, 0.2, { random: new Random(1) });

// build the network
const model = new Sequential({ inputShape: [28, 28, 1], seed: 1 }, [
  new Rescaling({ scale: 1 / 255 }),
  new Conv2D({ filters: 20, kernelSize: 3 }),
  new ReLU(),
  new Conv2D({ filters: 20, kernelSize: 3 }),
  new ReLU(),
  new Flatten(),
  new Dense({ units: 128 }),
  new ReLU(),
  new Dense({ units: 10 }), // logits: the loss and predict apply the softmax
]);
console.log(model.summary());

// train
const progress: Callback = {
  onBatchEnd({ epoch, batch, batches, loss }) {
    const bar = `epoch ${epoch}  ${batch}/${batches}  loss ${loss.toFixed(4)}\r`; // the next line takes its place
    if (process.stdout.isTTY) process.stdout.write(bar);
  },
  onEpochEnd({ epoch, logs }) {
    console.log(`epoch ${epoch}  loss ${logs.loss.toFixed(4)}  val_loss ${logs.val_loss?.toFixed(4)}`);
  },
};
const steps = Math.ceil(Math.round(0.8 * train.labels.length) / 50); // in an epoch
const history = await model.fit(train, {
  optimizer: new Adam({ learningRate: oneCycle({ peak: 0.003, totalSteps: 4 * steps }) }),
  validationSplit: 0.2,
  epochs: 4,
  batchSize: 50,
  callbacks: [progress],
});

// the curves, as lists with a number for each epoch
console.log(history.loss, history.val_loss);
console.log(history.accuracy, history.val_accuracy);

// evaluate on what was held out
const { accuracy, loss, confusion } = await testModel(model, heldOut);
console.log(`held out: accuracy ${(100 * accuracy).toFixed(2)} %, loss ${loss.toFixed(4)}`);
console.log(String(confusion));

// predict, and write the submission
const probabilities = model.predict(unknown); // [28000, 10]
const digits = argmax(probabilities);
await writeSubmission(join(folder, "submission.csv"), digits);

// keep the model
await writeFileAtomically(join(folder, "model.safetensors"), saveModel(model));

// those who have the answers can count
const unsure = digits.filter((digit, i) => probabilities.at(i, digit) <= 0.5).length;
console.log(`${unsure} of ${digits.length} digits have no probability above 0.5`);
if (existsSync(join(folder, "answers.csv"))) {
  const answers = await readAnswers(join(folder, "answers.csv"));
  const right = answers.filter((answer, i) => answer === digits[i]).length;
  console.log(`test: accuracy ${((100 * right) / answers.length).toFixed(2)} %`);
}
