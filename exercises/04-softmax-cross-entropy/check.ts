import { type Differentiable, type Loss, Tensor } from "tinyconv";
import { exercise } from "../exercise.js";
import { gradientFinding } from "../finding.js";
import { randomTensor } from "../random-tensor.js";

/** Exercise 4: the gradient of the logits, for one sample and for several. */
export const softmaxCrossEntropy = exercise<new () => Loss>({
  folder: "04-softmax-cross-entropy",
  file: "softmax-cross-entropy.ts",
  title: "SoftmaxCrossEntropy",
  load: {
    exercise: () => import("./softmax-cross-entropy.js").then((module) => module.SoftmaxCrossEntropy),
    solution: () =>
      import("../solutions/04-softmax-cross-entropy.js").then((module) => module.SoftmaxCrossEntropy),
  },
  check: (SoftmaxCrossEntropy) =>
    [[2], [2, 0, 1, 2]].map((labels) =>
      gradientFinding(
        {
          what: `gradient of the logits of ${labels.length === 1 ? "1 sample" : `${labels.length} samples`}`,
          advice:
            "Divide the analytic gradient by the numeric one, and compare the formula of L with that of one sample.",
        },
        asLayer(new SoftmaxCrossEntropy(), labels),
        randomTensor([labels.length, 3], 1),
      ),
    ),
});

/** A loss as something to check: a function of the logits with one number as its output. */
function asLayer(loss: Loss, labels: readonly number[]): Differentiable {
  return {
    parameters: [],
    forward: (z) => Tensor.from([loss.forward(z, labels)]),
    backward: (dy) => {
      const dz = loss.backward().clone();
      for (let i = 0; i < dz.size; i++) dz.data[i] = dz.data[i]! * dy.data[0]!;
      return dz;
    },
  };
}
