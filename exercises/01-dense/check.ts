import type { Layer } from "tinyconv";
import { exercise } from "../exercise.js";
import { gradientFinding } from "../finding.js";
import { randomTensor } from "../random-tensor.js";

/** Exercise 1: the gradients of as many units as inputs. */
export const dense = exercise<new (options: { readonly units: number }) => Layer>({
  folder: "01-dense",
  file: "dense.ts",
  title: "Dense",
  load: {
    exercise: () => import("./dense.js").then(({ Dense }) => Dense),
    solution: () => import("../solutions/01-dense.js").then(({ Dense }) => Dense),
  },
  check: (Dense) => [
    gradientFinding(
      {
        what: "gradients of 3 units for 3 inputs",
        advice:
          "W is square here, so its transpose has the same shape, and no error about shapes can tell them apart. " +
          "Write out one element of the wrong gradient as a sum.",
      },
      new Dense({ units: 3 }),
      randomTensor([4, 3], 1),
      { seed: 1 },
    ),
  ],
});
