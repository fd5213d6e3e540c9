import type { Layer } from "tinyconv";
import { exercise } from "../exercise.js";
import { gradientFinding, repeatedBackwardFinding } from "../finding.js";
import { randomTensor } from "../random-tensor.js";

interface Options {
  readonly filters: number;
  readonly kernelSize: number;
}

/** Exercise 3: the gradients of one backward pass, and of two. */
export const conv2d = exercise<new (options: Options) => Layer>({
  folder: "03-conv2d",
  file: "conv2d.ts",
  title: "Conv2D",
  load: {
    exercise: () => import("./conv2d.js").then(({ Conv2D }) => Conv2D),
    solution: () => import("../solutions/03-conv2d.js").then(({ Conv2D }) => Conv2D),
  },
  check: (Conv2D) => {
    const layer = new Conv2D({ filters: 3, kernelSize: 3 });
    const x = randomTensor([2, 5, 5, 2], 1);
    const gradients = gradientFinding(
      { what: "gradients", advice: "The file passed this as it came, so mend this first." },
      layer,
      x,
    );
    const dy = randomTensor(layer.forward(x).shape, 2);
    const repeated = repeatedBackwardFinding(
      {
        what: "two backward passes in a row",
        advice:
          "The gradient check clears the gradients and goes back once, so it cannot see this. In a training loop " +
          "that adds up the gradients of two batches, the first batch would be lost.",
      },
      layer,
      dy,
    );
    return [gradients, repeated];
  },
});
