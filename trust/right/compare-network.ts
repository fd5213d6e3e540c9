import { CounterRandom, type Parameter, SoftmaxCrossEntropy, Tensor } from "../../src/index.js";
import { createNetwork } from "../../src/mnist/networks.js";
import type { NetworkReference } from "./references.js";
import type { Tally } from "./tally.js";

const IMAGE_SEED = 1;
const LABEL_SEED = 2;
const WEIGHT_SEED = 100; // of the first parameter; the k-th from there has 100 + k

/** A first pass of a network for MNIST in its real size: the loss, and of dx and all gradients some elements. */
export function compareNetwork(reference: NetworkReference, tally: Tally): void {
  const { images, elements, gradients } = reference;
  const model = createNetwork(reference.name);
  for (const [k, parameter] of model.parameters.entries()) drawWeights(parameter, WEIGHT_SEED + k);
  const noise = drawn(images * 784, IMAGE_SEED, (u) => Math.floor(256 * u));
  const labels = [...drawn(images, LABEL_SEED, (u) => Math.floor(10 * u))];

  const loss = new SoftmaxCrossEntropy();
  const logits = model.logits(new Tensor([images, 28, 28, 1], noise), { training: true });
  tally.compare("loss", [loss.forward(logits, labels)], reference.loss);
  const dx = model.backward(loss.backward(), { inputGradient: true })!;
  tally.compare("dx", someOf(dx, elements), gradients.x!);
  for (const { name, grad } of model.parameters) {
    tally.compare(`d${name}`, someOf(grad, elements), gradients[name]!);
  }
}

/** Kernels as wide as their inputs ask for, gamma about 1, the rest about 0. */
function drawWeights({ name, value }: Parameter, seed: number): void {
  const inputs = value.shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const reach = name.endsWith("kernel") ? Math.sqrt(6 / inputs) : 0.25;
  const middle = name.endsWith("gamma") ? 1 : 0;
  value.data.set(drawn(value.size, seed, (u) => (2 * u - 1) * reach + middle));
}

function drawn(size: number, seed: number, of: (u: number) => number): Float32Array {
  const numbers = new Float32Array(size);
  new CounterRandom(seed).fillUniform(numbers, 0);
  return numbers.map(of);
}

/** Elements in equal distances, beginning with the first. */
function someOf({ data }: Tensor, elements: number): Float32Array {
  const count = Math.min(data.length, elements);
  return Float32Array.from({ length: count }, (_, j) => data[Math.floor((data.length * j) / count)]!);
}
