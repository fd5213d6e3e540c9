import { buildLayer, type Layer, Tensor } from "tinyconv";
import { exercise } from "../exercise.js";
import { type Finding, gradientFinding, type Row, tableFinding } from "../finding.js";
import { randomTensor } from "../random-tensor.js";

const RATE = 0.4;
const SIZE = 10_000;
const MARGIN = 0.05; // six standard deviations of the mean of so many elements

/** Exercise 6: the gradient, and the mean of what comes out. */
export const dropout = exercise<new (options: { readonly rate: number }) => Layer>({
  folder: "06-dropout",
  file: "dropout.ts",
  title: "Dropout",
  load: {
    exercise: () => import("./dropout.js").then(({ Dropout }) => Dropout),
    solution: () => import("../solutions/06-dropout.js").then(({ Dropout }) => Dropout),
  },
  check: (Dropout) => [
    gradientFinding(
      { what: "gradient", advice: "The file passed this as it came, so mend this first." },
      new Dropout({ rate: RATE }),
      randomTensor([2, 6], 1),
    ),
    meanFinding(new Dropout({ rate: RATE })),
  ],
});

function meanFinding(layer: Layer): Finding {
  buildLayer(layer, [SIZE]);
  const x = new Tensor([1, SIZE], new Float32Array(SIZE).fill(1));
  const rows = [true, false].map((training): Row => {
    const y = layer.forward(x, { training }).data;
    const mean = y.reduce((sum, value) => sum + value, 0) / SIZE;
    return {
      cells: [training ? "training" : "inference", "1.000", mean.toFixed(3)],
      passed: Math.abs(mean - 1) < MARGIN,
    };
  });
  return tableFinding(
    {
      what: `mean of ${SIZE} outputs at a rate of ${RATE}`,
      advice:
        "dx belongs to y, so the gradient check has nothing to object to: it is y itself that is wrong. The next layer " +
        "learns from one mean in training, and is given another in inference.",
    },
    ["mode", "mean of x", "mean of y"],
    rows,
  );
}
