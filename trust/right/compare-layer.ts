import { type NamedTensor, Sequential, Tensor } from "../../src/index.js";
import { sameShape } from "../../src/tensor/shape.js";
import { setTensors } from "./made.js";
import type { LayerReference } from "./references.js";
import type { Tally } from "./tally.js";

/** A layer in a model of its own: the output, dx, the gradient of each parameter, and the state after the forward pass. */
export function compareLayer(reference: LayerReference, tally: Tally): void {
  const { layer, training, step, xShape, weights, yShape, gradients, state } = reference;
  const model = Sequential.fromConfig({ inputShape: xShape.slice(1), seed: 0, layers: [layer] });
  setTensors(withoutLayer(model.weights), weights);

  const y = model.forward(Tensor.from(reference.x, xShape), { training, step });
  if (!sameShape(y.shape, yShape)) throw new Error(`y: expected shape [${yShape}], got [${y.shape}].`);
  tally.compare("y", y.data, reference.y);
  for (const { name, value } of withoutLayer(model.state)) tally.compare(name, value.data, state[name]!);

  const dx = model.backward(Tensor.from(reference.dy, yShape), { inputGradient: true })!;
  if (!sameShape(dx.shape, xShape)) throw new Error(`dx: expected shape [${xShape}], got [${dx.shape}].`);
  tally.compare("dx", dx.data, reference.dx);
  for (const { name, grad } of withoutLayer(model.parameters)) {
    tally.compare(`d${name}`, grad.data, gradients[name]!);
  }
}

/** Tensors by the layer's own names for them. */
function withoutLayer<T extends NamedTensor>(tensors: readonly T[]): T[] {
  return tensors.map((tensor) => ({ ...tensor, name: tensor.name.split("/").at(-1)! }));
}
