import type { Layer, Padding } from "tinyconv";
import { exercise } from "../exercise.js";
import { gradientFinding } from "../finding.js";
import { randomTensor } from "../random-tensor.js";

interface Options {
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: number;
  readonly padding: Padding;
}

const WINDOWS = [
  { strides: 1, padding: "valid" },
  { strides: 1, padding: "same" },
  { strides: 2, padding: "valid" },
  { strides: 2, padding: "same" },
] as const;

/** Exercise 7: the gradients with and without strides and padding. */
export const col2im = exercise<new (options: Options) => Layer>({
  folder: "07-col2im",
  file: "conv2d.ts",
  title: "Conv2D with loops for col2im",
  load: {
    exercise: () => import("./conv2d.js").then(({ Conv2D }) => Conv2D),
    solution: () => import("../solutions/07-col2im.js").then(({ Conv2D }) => Conv2D),
  },
  check: (Conv2D) =>
    WINDOWS.map(({ strides, padding }) =>
      gradientFinding(
        {
          what: `gradients with strides of ${strides} and padding "${padding}"`,
          advice:
            "Compare the cases that pass with those that fail. The numbers in dP are right; take one output cell and " +
            "follow by hand which pixels it looks at, and where its gradients go.",
        },
        new Conv2D({ filters: 2, kernelSize: 3, strides, padding }),
        randomTensor([2, 5, 5, 2], 1),
      ),
    ),
});
