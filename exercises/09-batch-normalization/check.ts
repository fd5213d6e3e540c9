import type { Layer } from "tinyconv";
import { exercise } from "../exercise.js";
import { gradientFinding } from "../finding.js";
import { randomTensor } from "../random-tensor.js";

/** Exercise 9: the gradients with the moving statistics, and with those of the batch. */
export const batchNormalization = exercise<new () => Layer>({
  folder: "09-batch-normalization",
  file: "batch-normalization.ts",
  title: "BatchNormalization",
  load: {
    exercise: () => import("./batch-normalization.js").then((module) => module.BatchNormalization),
    solution: () =>
      import("../solutions/09-batch-normalization.js").then((module) => module.BatchNormalization),
  },
  check: (BatchNormalization) =>
    [false, true].map((training) =>
      gradientFinding(
        {
          what: `gradients in ${training ? "training" : "inference"}`,
          advice:
            "Move one x: what else in y = γ·(x − μ)/σ + β moves with it, in this mode and in the other? Each of the ways " +
            "from x to y adds a term to dx.",
        },
        new BatchNormalization(),
        randomTensor([5, 3], 1),
        { training },
      ),
    ),
});
