import { type Dataset, Sequential, Tensor, WeightAverage } from "../../src/index.js";
import { makeLoss, makeOptimizer, setTensors } from "./made.js";
import { type SmallNetwork, smallNetworks, type Tensors, type TrainingReference } from "./references.js";
import type { Tally } from "./tally.js";

/** A training: the loss of each step, and after the last one all weights, the statistics and the average of the weights. */
export function compareTraining(reference: TrainingReference, tally: Tally): void {
  const network = smallNetworks.find(({ name }) => name === reference.network)!;
  const { inputShape, layers } = network;
  const model = Sequential.fromConfig({ inputShape, seed: 0, layers });
  setTensors(model.weights, network.weights);

  const { clipNorm, schedule, losses } = reference;
  const optimizer = makeOptimizer(reference.optimizer, schedule);
  const loss = makeLoss(network.loss);
  const weightAverage = reference.weightAverage && new WeightAverage(reference.weightAverage);
  const batches = batchesOf(network);
  for (const [step, expected] of losses.entries()) {
    const batch = batches[step % batches.length]!;
    const result = model.trainOnBatch(batch, { optimizer, loss, clipNorm, weightAverage, threads: 1 });
    tally.compare(`loss of step ${step}`, [result.loss], [expected]);
  }

  compareAll(model.weights, reference.weights, tally);
  if (!weightAverage) return;
  weightAverage.swap(model.parameters);
  compareAll(model.parameters, reference.average!, tally);
}

function compareAll(weights: Sequential["weights"], expected: Tensors, tally: Tally): void {
  for (const { name, value } of weights) tally.compare(name, value.data, expected[name]!);
}

/** The samples in their order; the last batch has what is left. */
function batchesOf(network: SmallNetwork): Dataset[] {
  const { inputShape, samples, batchSize, labels } = network;
  const rows = (values: readonly number[], begin: number, end: number): Tensor => {
    const size = values.length / samples;
    const shape = values === network.x ? inputShape : [size];
    return Tensor.from(values.slice(begin * size, end * size), [end - begin, ...shape]);
  };
  return Array.from({ length: Math.ceil(samples / batchSize) }, (_, i) => {
    const [begin, end] = [i * batchSize, Math.min((i + 1) * batchSize, samples)];
    return {
      images: rows(network.x, begin, end),
      labels: labels ? labels.slice(begin, end) : rows(network.targets!, begin, end),
    };
  });
}
