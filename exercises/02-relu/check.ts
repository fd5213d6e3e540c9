import type { Layer } from "tinyconv";
import { exercise } from "../exercise.js";
import { gradientFinding } from "../finding.js";
import { randomTensor } from "../random-tensor.js";

/** Exercise 2: the gradient where x is positive and where it is negative. */
export const relu = exercise<new () => Layer>({
  folder: "02-relu",
  file: "relu.ts",
  title: "ReLU",
  load: {
    exercise: () => import("./relu.js").then(({ ReLU }) => ReLU),
    solution: () => import("../solutions/02-relu.js").then(({ ReLU }) => ReLU),
  },
  check: (ReLU) => [
    gradientFinding(
      {
        what: "gradient of positive and negative inputs",
        advice:
          "Compare the two numbers of the table. Which elements of dy should come through, and which do?",
      },
      new ReLU(),
      randomTensor([2, 6], 1),
    ),
  ],
});
