import { Adam } from "../../src/optim/adam.js";
import { AdamW } from "../../src/optim/adamw.js";
import type { Optimizer } from "../../src/optim/optimizer.js";
import { SGD } from "../../src/optim/sgd.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import type { Workspace } from "../../src/tensor/workspace.js";
import type { Fill } from "../helpers/wild-tensor.js";
import { build, type Subject } from "./subject.js";

/** What makes an optimizer, each of another kind. */
export const OPTIMIZERS: readonly (() => Optimizer)[] = [
  () => new SGD({ momentum: 0.9, nesterov: true }),
  () => new Adam(),
  () => new AdamW({ weightDecay: 0.1 }),
];

/** One training step of a layer by itself. */
export interface Step {
  /** Makes x and dy. */
  readonly fill: Fill;
  readonly samples: number;
  readonly seed: number;
  readonly training: boolean;
  readonly optimizer: () => Optimizer;
}

/** All that a step of a new layer in some memory leaves behind. */
export function stepOf(
  subject: Subject,
  { fill, samples, seed, training, optimizer }: Step,
  workspace: Workspace,
) {
  const place = (name: string, tensor: Tensor): Tensor => {
    const placed = workspace.tensor(name, tensor.shape);
    placed.data.set(tensor.data);
    return placed;
  };
  const { layer, outputShape } = build(subject, seed, workspace);
  const y = layer.forward(place("x", fill([samples, ...subject.sampleShape], 1)), { training, step: seed });
  const dx = layer.backward(place("dy", fill([samples, ...outputShape], 2)))!;
  const passes = [
    { name: "y", data: y.data.slice() },
    { name: "dx", data: dx.data.slice() },
    ...layer.parameters.map(({ name, grad }) => ({ name: `d${name}`, data: grad.data.slice() })),
  ];
  optimizer().step(layer.parameters);
  const weights = [...layer.parameters, ...(layer.state ?? [])];
  return [...passes, ...weights.map(({ name, value }) => ({ name, data: value.data.slice() }))];
}
